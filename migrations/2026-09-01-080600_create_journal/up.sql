CREATE TABLE journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    desk_at timestamptz,
    operator_id uuid REFERENCES operators,
    station_id uuid,
    action text NOT NULL CONSTRAINT action_is_named CHECK (action <> ''),
    student_id uuid,
    device_id uuid,
    loan_id uuid,
    details jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT journal_station FOREIGN KEY (establishment_id, station_id) REFERENCES stations (establishment_id, id)
);
COMMENT ON TABLE journal IS 'Everything that changed, written in the transaction that changed it. Append only; holds ids, never names.';
CREATE INDEX journal_of_school ON journal (establishment_id, id);
CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

-- Sealing comes after commit, in its own transaction: a chain kept inside each
-- hand-over would make every desk of a school wait for the one before it.
CREATE TABLE journal_seals (
    establishment_id uuid NOT NULL REFERENCES establishments,
    position bigint NOT NULL CONSTRAINT seals_count_from_one CHECK (position > 0),
    journal_id bigint NOT NULL CONSTRAINT entry_is_sealed_once UNIQUE REFERENCES journal,
    hash bytea NOT NULL CONSTRAINT seal_is_sha256 CHECK (length(hash) = 32),
    sealed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (establishment_id, position)
);
COMMENT ON TABLE journal_seals IS 'The hash chain: hash = SHA-256(previous hash, canonical entry), in the order of sealing.';
CREATE TRIGGER seals_are_append_only BEFORE UPDATE OR DELETE ON journal_seals
    FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

CREATE TABLE answers (
    establishment_id uuid NOT NULL REFERENCES establishments,
    request_id uuid NOT NULL,
    action text NOT NULL,
    fingerprint bytea NOT NULL,
    refused boolean NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (establishment_id, request_id)
);
COMMENT ON TABLE answers IS 'Stored answers: the same request id gets the same answer and changes nothing.';

CALL remise_guard('journal');
CALL remise_guard('journal_seals');
CALL remise_guard('answers');
