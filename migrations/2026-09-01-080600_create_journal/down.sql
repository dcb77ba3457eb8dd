DROP TABLE answers;
DROP TABLE journal_seals;
DROP TABLE journal;
