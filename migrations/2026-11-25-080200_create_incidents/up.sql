-- What happened to a laptop, what the school's rules give in its place, and what the head grants.
CREATE TABLE incident_policies (
    establishment_id uuid NOT NULL REFERENCES establishments,
    incident text NOT NULL CONSTRAINT policy_incident_is_known CHECK (incident IN ('breakdown', 'breakage', 'loss', 'theft')),
    replacement text NOT NULL CONSTRAINT replacement_is_known CHECK (replacement IN ('reserve', 'grant', 'none')),
    needs_complaint boolean NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by uuid REFERENCES operators,
    PRIMARY KEY (establishment_id, incident)
);
COMMENT ON TABLE incident_policies IS 'Where the school differs from the programme: a spare from the reserve, only with the head''s grant, or none.';

CREATE TABLE incidents (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    kind text NOT NULL CONSTRAINT incident_kind_is_known CHECK (kind IN ('breakdown', 'breakage', 'loss', 'theft')),
    device_id uuid NOT NULL,
    student_id uuid,
    loan_id uuid,
    act_id uuid NOT NULL,
    symptoms text[] NOT NULL DEFAULT '{}',
    description text NOT NULL DEFAULT '',
    complaint_number text,
    reported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reported_by uuid NOT NULL REFERENCES operators,
    cancelled_at timestamptz,
    CONSTRAINT incident_of_school UNIQUE (establishment_id, id),
    CONSTRAINT incident_device FOREIGN KEY (establishment_id, device_id) REFERENCES devices (establishment_id, id),
    CONSTRAINT incident_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id),
    CONSTRAINT incident_loan FOREIGN KEY (establishment_id, loan_id) REFERENCES loans (establishment_id, id),
    CONSTRAINT incident_act FOREIGN KEY (establishment_id, act_id) REFERENCES acts (establishment_id, id)
);
COMMENT ON TABLE incidents IS 'Sinistres: panne, casse, perte, vol. Cancelled when the act that told of it is undone.';
CREATE INDEX incidents_by_device ON incidents (device_id);
CREATE INDEX incidents_by_student ON incidents (student_id);
CREATE INDEX incidents_of_school ON incidents (establishment_id, reported_at);

CREATE TABLE incident_photos (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    incident_id uuid NOT NULL,
    media_type text NOT NULL CONSTRAINT photo_is_a_jpeg CHECK (media_type = 'image/jpeg'),
    content bytea NOT NULL CONSTRAINT photo_is_small CHECK (length(content) <= 1048576),
    taken_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT incident_photo_incident FOREIGN KEY (establishment_id, incident_id) REFERENCES incidents (establishment_id, id)
);
COMMENT ON TABLE incident_photos IS 'Pictures of the damage, made smaller and without what the camera wrote into them.';
CREATE INDEX incident_photos_by_incident ON incident_photos (incident_id);

CREATE TABLE emergency_budgets (
    establishment_id uuid NOT NULL REFERENCES establishments,
    budget_year integer NOT NULL CONSTRAINT budget_year_is_plausible CHECK (budget_year BETWEEN 2000 AND 2100),
    amount_cents bigint NOT NULL CONSTRAINT budget_is_not_negative CHECK (amount_cents >= 0),
    PRIMARY KEY (establishment_id, budget_year)
);
COMMENT ON TABLE emergency_budgets IS 'The head''s emergency fund (FUP) of a year, in euro cents.';

CREATE TABLE emergency_grants (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    student_id uuid NOT NULL,
    incident_id uuid NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    requested_by uuid NOT NULL REFERENCES operators,
    request_reason text NOT NULL CONSTRAINT request_has_a_reason CHECK (request_reason <> ''),
    decision text CONSTRAINT decision_is_known CHECK (decision IN ('granted', 'refused')),
    decided_at timestamptz,
    decided_by uuid REFERENCES operators,
    decision_reason text,
    budget_year integer,
    amount_cents bigint CONSTRAINT amount_is_not_negative CHECK (amount_cents >= 0),
    used_by_loan uuid,
    CONSTRAINT grant_of_school UNIQUE (establishment_id, id),
    CONSTRAINT grant_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id),
    CONSTRAINT grant_incident FOREIGN KEY (establishment_id, incident_id) REFERENCES incidents (establishment_id, id),
    CONSTRAINT grant_loan FOREIGN KEY (establishment_id, used_by_loan) REFERENCES loans (establishment_id, id),
    CONSTRAINT decision_says_who_and_when CHECK (
        (decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)),
    CONSTRAINT granted_says_from_which_budget CHECK (
        decision IS DISTINCT FROM 'granted' OR (budget_year IS NOT NULL AND amount_cents IS NOT NULL)),
    CONSTRAINT only_a_granted_one_is_used CHECK (used_by_loan IS NULL OR decision = 'granted')
);
COMMENT ON TABLE emergency_grants IS 'Requests to the head''s emergency fund (FUP) and the decisions.';
CREATE UNIQUE INDEX one_open_grant_per_incident ON emergency_grants (incident_id) WHERE decision IS DISTINCT FROM 'refused';
CREATE INDEX grants_of_school ON emergency_grants (establishment_id, requested_at);

-- A loan may replace another, for an incident, and end at a day.
ALTER TABLE loans
    ADD COLUMN purpose text CONSTRAINT loan_purpose_is_known
        CHECK (purpose IN ('repair', 'forgotten', 'grant', 'other')),
    ADD COLUMN replaces uuid,
    ADD COLUMN incident_id uuid,
    ADD COLUMN grant_id uuid,
    ADD COLUMN extended smallint NOT NULL DEFAULT 0,
    ADD COLUMN closed_at_station uuid,
    DROP CONSTRAINT close_kind_is_known,
    ADD CONSTRAINT close_kind_is_known CHECK (close_kind IN (
        'undone', 'returned', 'swapped', 'transferred', 'lost', 'stolen', 'scrapped', 'kept')),
    ADD CONSTRAINT loan_replaces FOREIGN KEY (establishment_id, replaces) REFERENCES loans (establishment_id, id),
    ADD CONSTRAINT loan_incident FOREIGN KEY (establishment_id, incident_id) REFERENCES incidents (establishment_id, id),
    ADD CONSTRAINT loan_grant FOREIGN KEY (establishment_id, grant_id) REFERENCES emergency_grants (establishment_id, id),
    ADD CONSTRAINT loan_closed_at_station FOREIGN KEY (establishment_id, closed_at_station)
        REFERENCES stations (establishment_id, id),
    ADD CONSTRAINT temporary_loan_ends CHECK ((kind = 'temporary') = (due_on IS NOT NULL)),
    ADD CONSTRAINT temporary_loan_has_a_purpose CHECK ((kind = 'temporary') = (purpose IS NOT NULL));
COMMENT ON COLUMN loans.replaces IS 'The loan whose laptop broke, was lost or stolen.';
COMMENT ON COLUMN loans.extended IS 'How often a temporary loan got another day.';
COMMENT ON COLUMN loans.close_kind IS '"kept": a temporary loan that became the pupil''s own laptop.';
CREATE INDEX loans_due ON loans (establishment_id, due_on) WHERE closed_at IS NULL AND kind = 'temporary';
DROP TRIGGER loan_is_frozen ON loans;
CREATE TRIGGER loan_is_frozen BEFORE UPDATE OF
    id, establishment_id, campaign_id, student_id, device_id, kind, opened_at, opened_by, opened_at_station,
    charter_receipt_id, charter_override_reason, device_state_before, kit, purpose, replaces, incident_id, grant_id
    ON loans FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

CREATE TABLE return_checks (
    act_id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    loan_id uuid NOT NULL,
    damaged text[] NOT NULL DEFAULT '{}',
    missing text[] NOT NULL DEFAULT '{}',
    note text NOT NULL DEFAULT '',
    CONSTRAINT return_check_act FOREIGN KEY (establishment_id, act_id) REFERENCES acts (establishment_id, id),
    CONSTRAINT return_check_loan FOREIGN KEY (establishment_id, loan_id) REFERENCES loans (establishment_id, id)
);
COMMENT ON TABLE return_checks IS 'How a laptop came back: parts damaged, accessories missing. Frozen, as the receipt says it.';
CREATE INDEX return_checks_by_loan ON return_checks (loan_id);
CREATE TRIGGER return_check_is_frozen BEFORE UPDATE OR DELETE ON return_checks
    FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

CALL remise_guard('incident_policies');
CALL remise_guard('incidents');
CALL remise_guard('incident_photos');
CALL remise_guard('emergency_budgets');
CALL remise_guard('emergency_grants');
CALL remise_guard('return_checks');
