CREATE TABLE charters (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    version text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    content_hash bytea NOT NULL CONSTRAINT content_hash_is_sha256 CHECK (length(content_hash) = 32),
    published_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT charter_version_is_unique UNIQUE (establishment_id, version),
    CONSTRAINT charter_of_school UNIQUE (establishment_id, id)
);
COMMENT ON TABLE charters IS 'Texts of the charte d''engagement. What was signed is frozen: a new wording is a new version.';
CREATE TRIGGER charter_is_frozen BEFORE UPDATE OR DELETE ON charters
    FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

CREATE TABLE campaigns (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    school_year integer NOT NULL CONSTRAINT school_year_is_plausible CHECK (school_year BETWEEN 2000 AND 2100),
    name text NOT NULL,
    charter_id uuid NOT NULL,
    kit text[] NOT NULL DEFAULT '{}',
    is_current boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT campaign_of_school UNIQUE (establishment_id, id),
    CONSTRAINT campaign_charter FOREIGN KEY (establishment_id, charter_id) REFERENCES charters (establishment_id, id)
);
COMMENT ON TABLE campaigns IS 'One school year''s distribution. school_year is the starting year, kit the accessories handed over with the laptop.';
CREATE UNIQUE INDEX one_current_campaign ON campaigns (establishment_id) WHERE is_current;

CALL remise_guard('charters');
CALL remise_guard('campaigns');
