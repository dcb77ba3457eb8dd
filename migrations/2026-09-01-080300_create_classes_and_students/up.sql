CREATE TABLE classes (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    school_year integer NOT NULL,
    code text NOT NULL CONSTRAINT class_has_a_code CHECK (code <> ''),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT class_code_is_unique UNIQUE (establishment_id, school_year, code),
    CONSTRAINT class_of_school UNIQUE (establishment_id, id)
);
COMMENT ON TABLE classes IS 'Divisions of SIECLE: CODE_STRUCTURE of type D, an opaque text.';

CREATE TABLE students (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    eleve_id text NOT NULL,
    ine text,
    last_name text NOT NULL,
    first_name text NOT NULL,
    birth_date date,
    class_id uuid,
    mef text,
    entitled boolean NOT NULL,
    entitlement_override boolean,
    entitlement_override_reason text,
    left_on date,
    missing_since timestamptz,
    search_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT eleve_id_is_unique UNIQUE (establishment_id, eleve_id),
    CONSTRAINT student_of_school UNIQUE (establishment_id, id),
    CONSTRAINT student_class FOREIGN KEY (establishment_id, class_id) REFERENCES classes (establishment_id, id),
    CONSTRAINT override_has_a_reason CHECK (entitlement_override IS NULL OR coalesce(entitlement_override_reason, '') <> '')
);
COMMENT ON TABLE students IS 'Pupils, keyed on SIECLE''s ELEVE_ID. INE may be absent or shared. Only what the loan needs is kept.';
COMMENT ON COLUMN students.missing_since IS 'Set when a newer file no longer names the pupil; a pupil is flagged, never deleted.';
COMMENT ON COLUMN students.search_key IS 'Names without accents or case, as domain::names::search_key makes it.';
CREATE INDEX students_by_class ON students (class_id);
CREATE INDEX students_by_search_key ON students (establishment_id, search_key text_pattern_ops);

CREATE TABLE badges (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    student_id uuid NOT NULL,
    code text NOT NULL CONSTRAINT badge_has_a_code CHECK (code <> ''),
    source text NOT NULL CONSTRAINT badge_source_is_known CHECK (source IN ('printed', 'learnt')),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT badge_code_is_unique UNIQUE (establishment_id, code),
    CONSTRAINT badge_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id)
);
COMMENT ON TABLE badges IS 'What a scan of a badge says: opaque text, printed by us or learnt at the desk. A pupil may have several.';
CREATE INDEX badges_by_student ON badges (student_id);

CALL remise_guard('classes');
CALL remise_guard('students');
CALL remise_guard('badges');
