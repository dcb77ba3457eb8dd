DROP TRIGGER receipt_is_frozen ON charter_receipts;
ALTER TABLE charter_receipts DROP COLUMN replaces;
DROP TRIGGER loan_is_frozen ON loans;
