DROP TABLE badges;
DROP TABLE students;
DROP TABLE classes;
