CREATE TABLE establishments (
    id uuid PRIMARY KEY,
    uai text NOT NULL CONSTRAINT uai_is_unique UNIQUE
        CONSTRAINT uai_has_its_shape CHECK (uai ~ '^[0-9]{7}[A-Z]$'),
    name text NOT NULL CONSTRAINT establishment_has_a_name CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE establishments IS 'Schools. UAI and name are public: the login page lists them.';

CREATE TABLE stations (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    name text NOT NULL CONSTRAINT station_has_a_name CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT station_name_is_unique UNIQUE (establishment_id, name),
    CONSTRAINT station_of_school UNIQUE (establishment_id, id)
);
COMMENT ON TABLE stations IS 'Desks: a browser paired with the server.';

CREATE TABLE operators (
    id uuid PRIMARY KEY,
    establishment_id uuid REFERENCES establishments,
    name text NOT NULL CONSTRAINT operator_has_a_name CHECK (name <> ''),
    role text NOT NULL CONSTRAINT role_is_known CHECK (role IN ('operator', 'manager', 'head', 'region')),
    password_hash text NOT NULL,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT operator_name_is_unique UNIQUE NULLS NOT DISTINCT (establishment_id, name),
    CONSTRAINT only_the_region_has_no_school CHECK ((role = 'region') = (establishment_id IS NULL))
);
COMMENT ON TABLE operators IS 'Who may log in. Passwords and PINs are kept as argon2id hashes.';

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    operator_id uuid NOT NULL REFERENCES operators,
    establishment_id uuid REFERENCES establishments,
    station_id uuid REFERENCES stations,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE sessions IS 'Server-side sessions; the cookie holds the token, the table only its SHA-256.';
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CALL remise_guard('stations');
CALL remise_guard('operators');
CALL remise_guard('sessions');
-- Operators and sessions of the Région belong to no school: only a transaction for every school sees them.
DROP POLICY of_the_school ON operators;
CREATE POLICY of_the_school ON operators
    USING (remise_in_scope(coalesce(establishment_id, '00000000-0000-0000-0000-000000000000')));
DROP POLICY of_the_school ON sessions;
CREATE POLICY of_the_school ON sessions
    USING (remise_in_scope(coalesce(establishment_id, '00000000-0000-0000-0000-000000000000')));
