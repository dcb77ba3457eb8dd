-- A foreign key looks for its row once for each that is written: with 200,000 pupils and 300,000
-- guardians that is some two million times.

-- Staged rows and effects are written by the thousand and all of one import, which is looked for once a
-- statement and locked as a foreign key locks it.
CREATE FUNCTION remise_check_import() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM imports WHERE id IN (SELECT import_id FROM after) FOR KEY SHARE;
    IF EXISTS (SELECT FROM (SELECT DISTINCT import_id FROM after) n
               WHERE NOT EXISTS (SELECT FROM imports i WHERE i.id = n.import_id)) THEN
        RAISE EXCEPTION 'a row of % belongs to no import', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION remise_check_import() IS 'Trigger in place of a foreign key to imports, for tables that are written by the thousand.';

DO $$
DECLARE
    name text;
    key text;
BEGIN
    FOREACH name IN ARRAY ARRAY['staged_students', 'staged_structures', 'staged_guardians', 'staged_guardian_links',
                                'staged_references', 'staged_badges', 'staged_devices', 'import_effects']
    LOOP
        SELECT conname INTO STRICT key FROM pg_constraint
        WHERE conrelid = name::regclass AND confrelid = 'imports'::regclass AND contype = 'f';
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', name, key);
        EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS after
                        FOR EACH STATEMENT EXECUTE FUNCTION remise_check_import()', name || '_are_of_an_import', name);
    END LOOP;
END
$$;

CREATE FUNCTION remise_clear_import() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM staged_students WHERE import_id = OLD.id;
    DELETE FROM staged_structures WHERE import_id = OLD.id;
    DELETE FROM staged_guardians WHERE import_id = OLD.id;
    DELETE FROM staged_guardian_links WHERE import_id = OLD.id;
    DELETE FROM staged_references WHERE import_id = OLD.id;
    DELETE FROM staged_badges WHERE import_id = OLD.id;
    DELETE FROM staged_devices WHERE import_id = OLD.id;
    DELETE FROM import_effects WHERE import_id = OLD.id;
    RETURN OLD;
END
$$;
CREATE TRIGGER gone_imports_leave_nothing BEFORE DELETE ON imports
    FOR EACH ROW EXECUTE FUNCTION remise_clear_import();

-- Both tables have the pupil's school in the key that leads to the pupil, and a pupil has a school.
ALTER TABLE guardians DROP CONSTRAINT guardians_establishment_id_fkey;
ALTER TABLE badges DROP CONSTRAINT badges_establishment_id_fkey;
