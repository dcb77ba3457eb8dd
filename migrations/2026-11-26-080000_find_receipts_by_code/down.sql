ALTER TABLE repair_batches DROP COLUMN receipt_end;
ALTER TABLE acts DROP COLUMN receipt_end;
ALTER TABLE loans DROP COLUMN receipt_end;
