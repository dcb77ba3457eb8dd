DROP TABLE return_checks;
DROP TRIGGER loan_is_frozen ON loans;
CREATE TRIGGER loan_is_frozen BEFORE UPDATE OF
    id, establishment_id, campaign_id, student_id, device_id, kind, opened_at, opened_by, opened_at_station,
    charter_receipt_id, charter_override_reason, device_state_before, kit
    ON loans FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();
ALTER TABLE loans
    DROP CONSTRAINT temporary_loan_has_a_purpose,
    DROP CONSTRAINT temporary_loan_ends,
    DROP COLUMN closed_at_station,
    DROP COLUMN extended,
    DROP COLUMN grant_id,
    DROP COLUMN incident_id,
    DROP COLUMN replaces,
    DROP COLUMN purpose,
    DROP CONSTRAINT close_kind_is_known,
    ADD CONSTRAINT close_kind_is_known CHECK (close_kind IN ('undone', 'returned', 'swapped', 'transferred', 'lost', 'stolen'));
DROP INDEX loans_due;
DROP TABLE emergency_grants;
DROP TABLE emergency_budgets;
DROP TABLE incident_photos;
DROP TABLE incidents;
DROP TABLE incident_policies;
