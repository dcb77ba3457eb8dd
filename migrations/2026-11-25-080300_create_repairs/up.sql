CREATE TABLE repair_batches (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    number integer NOT NULL CONSTRAINT batch_counts_from_one CHECK (number > 0),
    contractor text NOT NULL CONSTRAINT batch_has_a_contractor CHECK (contractor <> ''),
    opened_at timestamptz NOT NULL DEFAULT now(),
    opened_by uuid NOT NULL REFERENCES operators,
    sent_at timestamptz,
    sent_by uuid REFERENCES operators,
    expected_back_on date,
    note text NOT NULL DEFAULT '',
    CONSTRAINT batch_number_is_unique UNIQUE (establishment_id, number),
    CONSTRAINT batch_of_school UNIQUE (establishment_id, id),
    CONSTRAINT sent_batch_says_when_back CHECK (sent_at IS NULL OR expected_back_on IS NOT NULL)
);
COMMENT ON TABLE repair_batches IS 'Laptops that go to the contractor together, with one slip.';

CREATE TABLE repairs (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    device_id uuid NOT NULL,
    incident_id uuid,
    batch_id uuid,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    closed_at timestamptz,
    outcome text CONSTRAINT repair_outcome_is_known CHECK (outcome IN ('repaired', 'not_repaired', 'scrapped', 'lost', 'cancelled')),
    diagnosis text NOT NULL DEFAULT '',
    under_warranty boolean,
    cost_cents bigint CONSTRAINT cost_is_not_negative CHECK (cost_cents >= 0),
    CONSTRAINT repair_of_school UNIQUE (establishment_id, id),
    CONSTRAINT repair_device FOREIGN KEY (establishment_id, device_id) REFERENCES devices (establishment_id, id),
    CONSTRAINT repair_incident FOREIGN KEY (establishment_id, incident_id) REFERENCES incidents (establishment_id, id),
    CONSTRAINT repair_batch FOREIGN KEY (establishment_id, batch_id) REFERENCES repair_batches (establishment_id, id),
    CONSTRAINT closed_repair_says_how CHECK ((closed_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT sent_repair_has_its_batch CHECK (sent_at IS NULL OR batch_id IS NOT NULL)
);
COMMENT ON TABLE repairs IS 'One repair of one laptop, from the breakdown to its end.';
CREATE UNIQUE INDEX one_open_repair_per_device ON repairs (device_id) WHERE closed_at IS NULL;
CREATE INDEX repairs_by_batch ON repairs (batch_id);
CREATE INDEX repairs_of_school ON repairs (establishment_id, opened_at);

CALL remise_guard('repair_batches');
CALL remise_guard('repairs');
