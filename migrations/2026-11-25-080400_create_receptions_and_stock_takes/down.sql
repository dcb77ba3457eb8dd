DROP TABLE stock_take_scans;
DROP TABLE stock_takes;
DROP TABLE reception_scans;
ALTER TABLE deliveries DROP COLUMN checked_by, DROP COLUMN checked_at;
