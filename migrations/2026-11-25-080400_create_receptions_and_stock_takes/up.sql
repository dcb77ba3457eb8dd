ALTER TABLE deliveries ADD COLUMN checked_at timestamptz, ADD COLUMN checked_by uuid REFERENCES operators;
COMMENT ON COLUMN deliveries.checked_at IS 'When somebody declared the reception over; what is missing then is missing.';

CREATE TABLE reception_scans (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    delivery_id uuid NOT NULL,
    serial_number text NOT NULL,
    device_id uuid,
    verdict text NOT NULL CONSTRAINT reception_verdict_is_known CHECK (verdict IN (
        'received', 'damaged', 'other_note', 'other_school', 'not_on_a_note')),
    act_id uuid,
    note text NOT NULL DEFAULT '',
    other_school text,
    scanned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    operator_id uuid NOT NULL REFERENCES operators,
    station_id uuid NOT NULL,
    taken_back_at timestamptz,
    CONSTRAINT reception_scan_delivery FOREIGN KEY (establishment_id, delivery_id) REFERENCES deliveries (establishment_id, id),
    CONSTRAINT reception_scan_device FOREIGN KEY (establishment_id, device_id) REFERENCES devices (establishment_id, id),
    CONSTRAINT reception_scan_act FOREIGN KEY (establishment_id, act_id) REFERENCES acts (establishment_id, id),
    CONSTRAINT reception_scan_station FOREIGN KEY (establishment_id, station_id) REFERENCES stations (establishment_id, id)
);
COMMENT ON TABLE reception_scans IS 'What was scanned while a delivery was checked, whatever it turned out to be.';
CREATE UNIQUE INDEX one_scan_per_serial_and_delivery ON reception_scans (delivery_id, serial_number) WHERE taken_back_at IS NULL;

CREATE TABLE stock_takes (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    number integer NOT NULL CONSTRAINT stock_take_counts_from_one CHECK (number > 0),
    name text NOT NULL CONSTRAINT stock_take_has_a_name CHECK (name <> ''),
    opened_at timestamptz NOT NULL DEFAULT now(),
    opened_by uuid NOT NULL REFERENCES operators,
    closed_at timestamptz,
    closed_by uuid REFERENCES operators,
    report jsonb,
    CONSTRAINT stock_take_number_is_unique UNIQUE (establishment_id, number),
    CONSTRAINT stock_take_of_school UNIQUE (establishment_id, id),
    CONSTRAINT closed_stock_take_has_its_report CHECK ((closed_at IS NULL) = (report IS NULL))
);
COMMENT ON TABLE stock_takes IS 'Inventaires: several rooms, several stations, several days. The report is frozen at the closing.';
CREATE UNIQUE INDEX one_open_stock_take ON stock_takes (establishment_id) WHERE closed_at IS NULL;

CREATE TABLE stock_take_scans (
    stock_take_id uuid NOT NULL,
    establishment_id uuid NOT NULL,
    serial_number text NOT NULL,
    device_id uuid,
    state_found text,
    room text NOT NULL DEFAULT '',
    scanned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    operator_id uuid NOT NULL REFERENCES operators,
    station_id uuid NOT NULL,
    PRIMARY KEY (stock_take_id, serial_number),
    CONSTRAINT stock_take_scan_stock_take FOREIGN KEY (establishment_id, stock_take_id) REFERENCES stock_takes (establishment_id, id),
    CONSTRAINT stock_take_scan_device FOREIGN KEY (establishment_id, device_id) REFERENCES devices (establishment_id, id),
    CONSTRAINT stock_take_scan_station FOREIGN KEY (establishment_id, station_id) REFERENCES stations (establishment_id, id)
);
COMMENT ON TABLE stock_take_scans IS 'Laptops seen, each once. state_found is what the school knew of it when it was seen.';

CALL remise_guard('reception_scans');
CALL remise_guard('stock_takes');
CALL remise_guard('stock_take_scans');
