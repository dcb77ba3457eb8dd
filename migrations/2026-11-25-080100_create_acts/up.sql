-- What a desk does beside handing over: one act, the laptops it moves, the loans it opens and
-- closes. Taken back as a whole, or not at all.
CREATE TABLE acts (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    kind text NOT NULL CONSTRAINT act_kind_is_known CHECK (kind IN (
        'receive', 'set_aside', 'release', 'swap', 'report_incident', 'lend', 'return_loan', 'give_back', 'keep_loan',
        'transfer', 'await_repair', 'send_to_repair', 'come_back', 'scrap', 'find', 'move_away', 'apply_stock_take')),
    done_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    done_by uuid NOT NULL REFERENCES operators,
    station_id uuid NOT NULL,
    student_id uuid,
    reason text,
    details jsonb NOT NULL DEFAULT '{}',
    undone_at timestamptz,
    undone_by uuid REFERENCES operators,
    undo_reason text,
    CONSTRAINT act_of_school UNIQUE (establishment_id, id),
    CONSTRAINT act_station FOREIGN KEY (establishment_id, station_id) REFERENCES stations (establishment_id, id),
    CONSTRAINT act_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id),
    CONSTRAINT undone_act_says_why CHECK ((undone_at IS NULL) = (undo_reason IS NULL))
);
COMMENT ON TABLE acts IS 'Acts of a desk: swap, return, reception and the like. Undone, never deleted.';
CREATE INDEX acts_by_station ON acts (station_id, done_at DESC);
CREATE INDEX acts_of_school ON acts (establishment_id, kind, done_at DESC);
CREATE TRIGGER act_is_frozen BEFORE UPDATE OF
    id, establishment_id, kind, done_at, done_by, station_id, student_id, reason, details
    ON acts FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

CREATE TABLE act_devices (
    act_id uuid NOT NULL,
    establishment_id uuid NOT NULL,
    device_id uuid NOT NULL,
    move_name text NOT NULL,
    state_before text NOT NULL,
    state_after text NOT NULL,
    PRIMARY KEY (act_id, device_id),
    CONSTRAINT act_device_act FOREIGN KEY (establishment_id, act_id) REFERENCES acts (establishment_id, id),
    CONSTRAINT act_device_device FOREIGN KEY (establishment_id, device_id) REFERENCES devices (establishment_id, id)
);
COMMENT ON TABLE act_devices IS 'Laptops an act moved, from which state to which.';
CREATE INDEX act_devices_by_device ON act_devices (device_id);

CREATE TABLE act_loans (
    act_id uuid NOT NULL,
    establishment_id uuid NOT NULL,
    loan_id uuid NOT NULL,
    effect text NOT NULL CONSTRAINT act_loan_effect_is_known CHECK (effect IN ('opened', 'closed')),
    PRIMARY KEY (act_id, loan_id),
    CONSTRAINT act_loan_act FOREIGN KEY (establishment_id, act_id) REFERENCES acts (establishment_id, id),
    CONSTRAINT act_loan_loan FOREIGN KEY (establishment_id, loan_id) REFERENCES loans (establishment_id, id)
);
COMMENT ON TABLE act_loans IS 'Loans an act opened and closed.';
CREATE INDEX act_loans_by_loan ON act_loans (loan_id);

CALL remise_guard('acts');
CALL remise_guard('act_devices');
CALL remise_guard('act_loans');

-- The story of a laptop and of a pupil, told on their pages.
CREATE INDEX journal_by_device ON journal (device_id, id) WHERE device_id IS NOT NULL;
CREATE INDEX journal_by_student ON journal (student_id, id) WHERE student_id IS NOT NULL;
CREATE INDEX devices_by_state ON devices (establishment_id, state, serial_number);
