DROP TABLE sessions;
DROP TABLE operators;
DROP TABLE stations;
DROP TABLE establishments;
