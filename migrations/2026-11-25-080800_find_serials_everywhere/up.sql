-- A laptop that is on another school's note is told so at the reception.
CREATE INDEX devices_by_serial ON devices (serial_number);
