DROP TABLE campaigns;
DROP TABLE charters;
