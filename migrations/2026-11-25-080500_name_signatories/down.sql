DROP TRIGGER receipt_is_frozen ON charter_receipts;
ALTER TABLE charter_receipts
    DROP CONSTRAINT signatory_is_named,
    DROP COLUMN withdrawal_reason,
    DROP COLUMN withdrawn_by,
    DROP COLUMN signatory_kind;
CREATE TRIGGER receipt_is_frozen BEFORE UPDATE OF
    id, establishment_id, student_id, charter_id, copies_shown, copies_kept, signatory, method, station_id,
    operator_id, received_at, replaces
    ON charter_receipts FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();
ALTER TABLE charters DROP COLUMN published_by, DROP COLUMN pdf;
DROP TABLE guardians;
