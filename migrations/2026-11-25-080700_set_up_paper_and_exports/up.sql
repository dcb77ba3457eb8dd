CREATE TABLE print_settings (
    establishment_id uuid PRIMARY KEY REFERENCES establishments,
    header text NOT NULL DEFAULT '',
    footer text NOT NULL DEFAULT '',
    receipt_text text NOT NULL DEFAULT '',
    logo bytea CONSTRAINT logo_is_small CHECK (length(logo) <= 524288),
    logo_type text CONSTRAINT logo_type_is_known CHECK (logo_type IN ('image/png', 'image/jpeg')),
    label_sheet text NOT NULL DEFAULT '',
    receipt_size text NOT NULL DEFAULT 'A6' CONSTRAINT receipt_size_is_known CHECK (receipt_size IN ('A4', 'A6')),
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by uuid REFERENCES operators,
    CONSTRAINT logo_has_its_type CHECK ((logo IS NULL) = (logo_type IS NULL))
);
COMMENT ON TABLE print_settings IS 'What a school puts on its papers: heading, foot, logo, and the sheets its printers hold.';

CREATE TABLE export_presets (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    name text NOT NULL CONSTRAINT preset_has_a_name CHECK (name <> ''),
    layout jsonb NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    changed_by uuid REFERENCES operators,
    CONSTRAINT preset_name_is_unique UNIQUE (establishment_id, name),
    CONSTRAINT preset_of_school UNIQUE (establishment_id, id)
);
COMMENT ON TABLE export_presets IS 'Columns of the register in a school''s order and words: [{"key": …, "heading": …}].';

CREATE TABLE register_exports (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    number integer NOT NULL CONSTRAINT export_counts_from_one CHECK (number > 0),
    kind text NOT NULL CONSTRAINT export_kind_is_known CHECK (kind IN ('full', 'delta')),
    format text NOT NULL CONSTRAINT export_format_is_known CHECK (format IN ('csv', 'xlsx')),
    preset_id uuid,
    after_position bigint NOT NULL DEFAULT 0,
    up_to_position bigint NOT NULL,
    rows integer NOT NULL,
    totals jsonb NOT NULL,
    sha256 bytea NOT NULL CONSTRAINT export_hash_is_sha256 CHECK (length(sha256) = 32),
    made_at timestamptz NOT NULL DEFAULT now(),
    made_by uuid REFERENCES operators,
    CONSTRAINT export_number_is_unique UNIQUE (establishment_id, number),
    CONSTRAINT export_preset FOREIGN KEY (establishment_id, preset_id) REFERENCES export_presets (establishment_id, id)
);
COMMENT ON TABLE register_exports IS 'Registers that left for the Région: number, totals and SHA-256 of the file. Positions are those of the journal''s seals.';
CREATE TRIGGER export_is_frozen BEFORE UPDATE OR DELETE ON register_exports
    FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

CALL remise_guard('print_settings');
CALL remise_guard('export_presets');
CALL remise_guard('register_exports');
