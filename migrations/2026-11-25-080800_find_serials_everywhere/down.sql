DROP INDEX devices_by_serial;
