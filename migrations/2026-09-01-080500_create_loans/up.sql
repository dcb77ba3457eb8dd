CREATE TABLE charter_sheets (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    student_id uuid NOT NULL,
    charter_id uuid NOT NULL,
    code text NOT NULL CONSTRAINT charter_sheet_code_has_its_shape CHECK (code ~ '^CH[0-9A-HJKMNP-TV-Z]{10}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT charter_sheet_code_is_unique UNIQUE (establishment_id, code),
    CONSTRAINT one_sheet_per_student_and_charter UNIQUE (student_id, charter_id),
    CONSTRAINT charter_sheet_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id),
    CONSTRAINT charter_sheet_charter FOREIGN KEY (establishment_id, charter_id) REFERENCES charters (establishment_id, id)
);
COMMENT ON TABLE charter_sheets IS 'Printed charters: the barcode on copy 1 is code-1, on copy 2 code-2.';

CREATE TABLE charter_receipts (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    student_id uuid NOT NULL,
    charter_id uuid NOT NULL,
    copies_shown smallint NOT NULL CONSTRAINT copies_shown_are_0_to_2 CHECK (copies_shown BETWEEN 0 AND 2),
    copies_kept smallint NOT NULL CONSTRAINT copies_kept_are_shown CHECK (copies_kept BETWEEN 0 AND 1 AND copies_kept <= copies_shown),
    signatory text,
    method text NOT NULL CONSTRAINT charter_method_is_known CHECK (method IN ('barcode', 'key', 'intake')),
    station_id uuid,
    operator_id uuid REFERENCES operators,
    received_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz,
    CONSTRAINT charter_receipt_of_school UNIQUE (establishment_id, id),
    CONSTRAINT charter_receipt_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id),
    CONSTRAINT charter_receipt_charter FOREIGN KEY (establishment_id, charter_id) REFERENCES charters (establishment_id, id),
    CONSTRAINT charter_receipt_station FOREIGN KEY (establishment_id, station_id) REFERENCES stations (establishment_id, id)
);
COMMENT ON TABLE charter_receipts IS 'Signed copies shown (0 to 2) and the one the school keeps. Withdrawn, never deleted.';
CREATE UNIQUE INDEX one_standing_receipt_per_student_and_charter
    ON charter_receipts (student_id, charter_id) WHERE withdrawn_at IS NULL;

CREATE TABLE loans (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    campaign_id uuid NOT NULL,
    student_id uuid NOT NULL,
    device_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT loan_kind_is_known CHECK (kind IN ('allocation', 'temporary')),
    opened_at timestamptz NOT NULL DEFAULT now(),
    opened_by uuid NOT NULL REFERENCES operators,
    opened_at_station uuid NOT NULL,
    due_on date,
    charter_receipt_id uuid,
    charter_override_reason text,
    device_state_before text NOT NULL,
    kit text[] NOT NULL DEFAULT '{}',
    closed_at timestamptz,
    close_kind text CONSTRAINT close_kind_is_known CHECK (close_kind IN ('undone', 'returned', 'swapped', 'transferred', 'lost', 'stolen')),
    close_reason text,
    closed_by uuid REFERENCES operators,
    CONSTRAINT loan_of_school UNIQUE (establishment_id, id),
    CONSTRAINT loan_campaign FOREIGN KEY (establishment_id, campaign_id) REFERENCES campaigns (establishment_id, id),
    CONSTRAINT loan_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id),
    CONSTRAINT loan_device FOREIGN KEY (establishment_id, device_id) REFERENCES devices (establishment_id, id),
    CONSTRAINT loan_station FOREIGN KEY (establishment_id, opened_at_station) REFERENCES stations (establishment_id, id),
    CONSTRAINT loan_charter_receipt FOREIGN KEY (establishment_id, charter_receipt_id) REFERENCES charter_receipts (establishment_id, id),
    CONSTRAINT allocation_has_its_charter CHECK (
        kind <> 'allocation' OR charter_receipt_id IS NOT NULL OR coalesce(charter_override_reason, '') <> ''),
    CONSTRAINT closed_loan_says_how CHECK ((closed_at IS NULL) = (close_kind IS NULL))
);
COMMENT ON TABLE loans IS 'Who holds what. Rule 1: the three partial unique indexes below.';
CREATE UNIQUE INDEX one_open_loan_per_device ON loans (device_id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX one_open_allocation_per_student ON loans (student_id) WHERE closed_at IS NULL AND kind = 'allocation';
CREATE UNIQUE INDEX one_open_temporary_loan_per_student ON loans (student_id) WHERE closed_at IS NULL AND kind = 'temporary';
CREATE INDEX loans_by_station ON loans (opened_at_station, opened_at DESC);
CREATE INDEX loans_of_school_by_opening ON loans (establishment_id, opened_at);
CREATE INDEX loans_by_student ON loans (student_id);
CREATE INDEX loans_by_device ON loans (device_id);

CALL remise_guard('charter_sheets');
CALL remise_guard('charter_receipts');
CALL remise_guard('loans');
