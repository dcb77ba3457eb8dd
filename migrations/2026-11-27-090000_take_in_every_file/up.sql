-- Every file a lycée already has: more kinds, rows of other things, undoing, and layouts that are remembered.
ALTER TABLE imports
    DROP CONSTRAINT import_kind_is_known,
    ADD CONSTRAINT import_kind_is_known CHECK (kind IN (
        'students', 'students_table', 'guardians', 'structures', 'nomenclature', 'sts', 'edt_students', 'edt_courses',
        'udt_courses', 'udt_archive', 'mapped_students', 'aaf', 'gar', 'accounts', 'delivery', 'badges', 'orders', 'quote',
        'subscription')),
    DROP CONSTRAINT import_state_is_known,
    ADD CONSTRAINT import_state_is_known
        CHECK (state IN ('reading', 'staged', 'refused', 'applied', 'discarded', 'undone')),
    ADD COLUMN complete boolean NOT NULL DEFAULT false,
    ADD COLUMN as_of date,
    ADD COLUMN undone_at timestamptz,
    ADD COLUMN undone_by uuid REFERENCES operators,
    ADD COLUMN undo_reason text,
    ADD CONSTRAINT undone_import_says_why CHECK ((state = 'undone') = (coalesce(undo_reason, '') <> ''));
COMMENT ON COLUMN imports.complete IS 'The file names everybody: who is absent from it is gone.';
COMMENT ON COLUMN imports.as_of IS 'The day against which leaving dates are judged.';

-- A list of pupils that does not know SIECLE's number finds them by INE and birth date; by name and
-- birth date only when somebody says so.
ALTER TABLE students
    ALTER COLUMN eleve_id DROP NOT NULL,
    ADD COLUMN entitled_by_group boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN students.entitled_by_group IS 'A group of SIECLE says so (ULIS, UPE2A), whatever the MEF.';
CREATE INDEX students_by_ine ON students (establishment_id, ine);
-- Until now a group's word was one with that of the MEF: who is entitled by none of the programme's MEFs
-- is so by a group, and stays so when the rules change.
SET LOCAL remise.scope = 'every';
UPDATE students SET entitled_by_group = true WHERE entitled AND coalesce(mef, '') !~
    '^(1031003111|253|7413000111|7412000111|200|201|202|210|211|212|220|221|222|240|241|242|247)';

ALTER TABLE staged_students
    ALTER COLUMN eleve_id DROP NOT NULL,
    ALTER COLUMN entitled SET DEFAULT false,
    ADD COLUMN entitled_by_group boolean NOT NULL DEFAULT false,
    ADD COLUMN removed boolean NOT NULL DEFAULT false,
    ADD COLUMN student_id uuid,
    ADD COLUMN found_by text CONSTRAINT found_by_is_known CHECK (found_by IN ('eleve_id', 'ine', 'name')),
    ADD COLUMN is_same boolean;
COMMENT ON COLUMN staged_students.student_id IS 'The pupil of the school that this is.';
COMMENT ON COLUMN staged_students.is_same IS 'What somebody said of a pupil found by name and birth date; until then the row changes nothing.';

ALTER TABLE guardians
    ADD COLUMN person_id text,
    ADD COLUMN level smallint CONSTRAINT level_is_known CHECK (level BETWEEN 1 AND 3),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN guardians.person_id IS 'SIECLE''s PERSONNE_ID; absent of who was typed, whom no file changes.';
COMMENT ON COLUMN guardians.level IS 'SIECLE''s NIVEAU_RESPONSABILITE: 1 legal guardian, 2 in charge, 3 contact.';
CREATE UNIQUE INDEX guardian_person_once ON guardians (student_id, person_id) WHERE person_id IS NOT NULL;

CREATE TABLE staged_guardians (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    row_number integer NOT NULL,
    person_id text NOT NULL,
    last_name text NOT NULL,
    first_name text NOT NULL,
    phone text,
    email text,
    PRIMARY KEY (import_id, row_number)
);
COMMENT ON TABLE staged_guardians IS 'Guardians of a file that waits for a decision.';
CREATE TABLE staged_guardian_links (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    row_number integer NOT NULL,
    eleve_id text NOT NULL,
    person_id text NOT NULL,
    level smallint NOT NULL,
    relationship text NOT NULL,
    PRIMARY KEY (import_id, row_number)
);
COMMENT ON TABLE staged_guardian_links IS 'Whom they answer for.';
CREATE TABLE staged_badges (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    row_number integer NOT NULL,
    code text NOT NULL,
    student text NOT NULL,
    -- The same as a search key.
    student_key text NOT NULL,
    birth_date date,
    class_code text,
    student_id uuid,
    PRIMARY KEY (import_id, row_number)
);
COMMENT ON TABLE staged_badges IS 'Badges of a file that waits for a decision.';
CREATE TABLE staged_references (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    -- One row of a file may tell of several things.
    position integer GENERATED ALWAYS AS IDENTITY,
    row_number integer NOT NULL,
    thing text NOT NULL,
    key text NOT NULL,
    realm text NOT NULL,
    label text NOT NULL,
    fields jsonb NOT NULL,
    PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE staged_references IS 'Classes, MEFs, teachers, courses and licences of a file that waits for a decision.';

-- No loan depends on these, and each software tells them in its own way: they are kept as they are told.
CREATE TABLE reference_rows (
    establishment_id uuid NOT NULL REFERENCES establishments,
    thing text NOT NULL CONSTRAINT thing_is_known CHECK (thing IN ('class', 'mef', 'teacher', 'course', 'licence')),
    key text NOT NULL,
    realm text NOT NULL,
    label text NOT NULL,
    fields jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (establishment_id, thing, key)
);
COMMENT ON TABLE reference_rows IS 'Classes, MEFs, teachers, courses and licences, as the last file of each source tells them.';

-- What an import did, row by row, so that it can be undone as a whole.
CREATE TABLE import_effects (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    thing text NOT NULL,
    -- Of a reference: its key. Of all others: the row's id.
    row_key text NOT NULL,
    effect text NOT NULL CONSTRAINT effect_is_known CHECK (effect IN ('added', 'changed', 'removed')),
    before jsonb CONSTRAINT what_was_there_is_kept CHECK ((before IS NULL) = (effect = 'added')),
    PRIMARY KEY (import_id, thing, row_key)
);
COMMENT ON TABLE import_effects IS 'Rows that an applied import added, changed or removed, as they were before; forgotten with the import''s delay.';

CREATE TABLE import_layouts (
    establishment_id uuid NOT NULL REFERENCES establishments,
    fingerprint text NOT NULL,
    layout jsonb NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (establishment_id, fingerprint)
);
COMMENT ON TABLE import_layouts IS 'Which column is which in a table that somebody mapped once.';

CREATE TABLE entitlement_rules (
    establishment_id uuid NOT NULL REFERENCES establishments,
    school_year integer NOT NULL CONSTRAINT rule_year_is_plausible CHECK (school_year BETWEEN 2000 AND 2100),
    prefix text NOT NULL CONSTRAINT prefix_is_of_a_mef CHECK (prefix ~ '^[0-9A-Z]{1,11}$'),
    public text NOT NULL,
    entitled boolean NOT NULL,
    PRIMARY KEY (establishment_id, school_year, prefix)
);
COMMENT ON TABLE entitlement_rules IS 'Which MEFs entitle, by the start of their code, the longest first; a year without rows has the programme''s.';

ALTER TABLE establishments
    ADD COLUMN import_days smallint NOT NULL DEFAULT 7 CONSTRAINT import_days_are_plausible CHECK (import_days BETWEEN 1 AND 90);
COMMENT ON COLUMN establishments.import_days IS 'Days after which what was read of a file goes.';

ALTER TABLE badges
    DROP CONSTRAINT badge_source_is_known,
    ADD CONSTRAINT badge_source_is_known CHECK (source IN ('printed', 'learnt', 'imported')),
    DROP CONSTRAINT only_a_learnt_badge_is_forgotten,
    ADD CONSTRAINT only_a_foreign_badge_is_forgotten CHECK (forgotten_at IS NULL OR source <> 'printed');

-- Rows that a person or a desk touches are told from those that only an import did.
CREATE FUNCTION remise_touch() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER student_is_touched BEFORE UPDATE ON students FOR EACH ROW EXECUTE FUNCTION remise_touch();
CREATE TRIGGER guardian_is_touched BEFORE UPDATE ON guardians FOR EACH ROW EXECUTE FUNCTION remise_touch();
CREATE TRIGGER reference_is_touched BEFORE UPDATE ON reference_rows FOR EACH ROW EXECUTE FUNCTION remise_touch();

CALL remise_guard('staged_guardians');
CALL remise_guard('staged_guardian_links');
CALL remise_guard('staged_badges');
CALL remise_guard('staged_references');
CALL remise_guard('reference_rows');
CALL remise_guard('import_effects');
CALL remise_guard('import_layouts');
CALL remise_guard('entitlement_rules');
