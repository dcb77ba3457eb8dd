DROP TABLE loans;
DROP TABLE charter_receipts;
DROP TABLE charter_sheets;
