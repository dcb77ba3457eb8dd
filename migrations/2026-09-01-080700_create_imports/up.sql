CREATE TABLE imports (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    kind text NOT NULL CONSTRAINT import_kind_is_known CHECK (kind IN ('students', 'delivery')),
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL,
    school_year integer,
    exported_at timestamp,
    state text NOT NULL CONSTRAINT import_state_is_known CHECK (state IN ('staged', 'refused', 'applied', 'discarded')),
    refusal jsonb,
    counts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid REFERENCES operators,
    applied_at timestamptz,
    applied_by uuid REFERENCES operators,
    CONSTRAINT import_of_school UNIQUE (establishment_id, id)
);
COMMENT ON TABLE imports IS 'Files read: staged first, shown, then applied or discarded.';

CREATE TABLE import_issues (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    position integer NOT NULL,
    row_number integer,
    column_name text,
    code text NOT NULL,
    severity text NOT NULL CONSTRAINT severity_is_known CHECK (severity IN ('warning', 'error')),
    read_value text,
    expected text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE import_issues IS 'Every fault of a file: row, column, what was read, what was expected. An error keeps its row out; a warning does not.';

CREATE TABLE staged_students (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    row_number integer NOT NULL,
    eleve_id text NOT NULL,
    ine text,
    last_name text NOT NULL,
    first_name text NOT NULL,
    birth_date date,
    class_code text,
    mef text,
    entitled boolean NOT NULL,
    left_on date,
    search_key text NOT NULL,
    CONSTRAINT staged_student_once PRIMARY KEY (import_id, eleve_id)
);
COMMENT ON TABLE staged_students IS 'Pupils of a file that waits for a decision.';

CREATE TABLE staged_devices (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    row_number integer NOT NULL,
    serial_number text NOT NULL,
    manufacturer text NOT NULL,
    part_number text NOT NULL,
    designation text NOT NULL,
    mac_address text,
    asset_tag text,
    lot text,
    pallet text,
    parcel text,
    order_number text,
    note_number text NOT NULL,
    delivered_on date,
    warranty_end date,
    CONSTRAINT staged_device_once PRIMARY KEY (import_id, serial_number)
);
COMMENT ON TABLE staged_devices IS 'Laptops of a delivery note that waits for a decision.';

CALL remise_guard('imports');
CALL remise_guard('import_issues');
CALL remise_guard('staged_students');
CALL remise_guard('staged_devices');
