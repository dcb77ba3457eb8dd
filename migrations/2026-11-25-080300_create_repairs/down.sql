DROP TABLE repairs;
DROP TABLE repair_batches;
