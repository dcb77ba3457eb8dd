-- The code of a receipt is made of the end of its loan's, act's or batch's id. Row-level security
-- stands before right() and lets only plain comparisons near an index: so the end is a column.
ALTER TABLE loans ADD COLUMN receipt_end text NOT NULL GENERATED ALWAYS AS (right(id::text, 12)) STORED;
ALTER TABLE acts ADD COLUMN receipt_end text NOT NULL GENERATED ALWAYS AS (right(id::text, 12)) STORED;
ALTER TABLE repair_batches ADD COLUMN receipt_end text NOT NULL GENERATED ALWAYS AS (right(id::text, 12)) STORED;
COMMENT ON COLUMN loans.receipt_end IS 'Last twelve figures of the id, which the code on the receipt says.';
COMMENT ON COLUMN acts.receipt_end IS 'Last twelve figures of the id, which the code on the receipt says.';
COMMENT ON COLUMN repair_batches.receipt_end IS 'Last twelve figures of the id, which the code on the slip says.';
CREATE INDEX loans_by_receipt ON loans (establishment_id, receipt_end);
CREATE INDEX acts_by_receipt ON acts (establishment_id, receipt_end);
CREATE INDEX repair_batches_by_receipt ON repair_batches (establishment_id, receipt_end);
