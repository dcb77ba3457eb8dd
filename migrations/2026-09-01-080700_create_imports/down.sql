DROP TABLE staged_devices;
DROP TABLE staged_students;
DROP TABLE import_issues;
DROP TABLE imports;
