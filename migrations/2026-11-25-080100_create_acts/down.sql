DROP INDEX devices_by_state;
DROP INDEX journal_by_student;
DROP INDEX journal_by_device;
DROP TABLE act_loans;
DROP TABLE act_devices;
DROP TABLE acts;
