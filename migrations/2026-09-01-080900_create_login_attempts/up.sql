CREATE TABLE login_attempts (
    key bytea PRIMARY KEY CONSTRAINT attempt_key_is_sha256 CHECK (length(key) = 32),
    failures integer NOT NULL CONSTRAINT failures_are_counted CHECK (failures > 0),
    last_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE login_attempts IS 'Wrong passwords in a row, for one school, name and address. Holds their SHA-256 only, and not for long.';

-- Refusals name pupils: an answer is kept for the desks that send a request again, not longer.
ALTER TABLE establishments ADD COLUMN answers_kept_days smallint NOT NULL DEFAULT 7
    CONSTRAINT answers_are_kept_a_while CHECK (answers_kept_days BETWEEN 1 AND 30);
