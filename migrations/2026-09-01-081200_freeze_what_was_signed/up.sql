-- What was signed is frozen. A loan is opened once and closed once; what lies between the two
-- is another row's business. A receipt is withdrawn, or stands again when what withdrew it is undone.
CREATE TRIGGER loan_is_frozen BEFORE UPDATE OF
    id, establishment_id, campaign_id, student_id, device_id, kind, opened_at, opened_by, opened_at_station,
    charter_receipt_id, charter_override_reason, device_state_before, kit
    ON loans FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

ALTER TABLE charter_receipts
    ADD COLUMN replaces uuid,
    ADD CONSTRAINT charter_receipt_replaces FOREIGN KEY (establishment_id, replaces)
        REFERENCES charter_receipts (establishment_id, id);
COMMENT ON COLUMN charter_receipts.replaces IS 'The incomplete receipt that this one withdrew: it stands again when this one is undone.';
CREATE TRIGGER receipt_is_frozen BEFORE UPDATE OF
    id, establishment_id, student_id, charter_id, copies_shown, copies_kept, signatory, method, station_id,
    operator_id, received_at, replaces
    ON charter_receipts FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();
