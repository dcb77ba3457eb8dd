ALTER TABLE badges ADD FOREIGN KEY (establishment_id) REFERENCES establishments;
ALTER TABLE guardians ADD FOREIGN KEY (establishment_id) REFERENCES establishments;
DROP TRIGGER gone_imports_leave_nothing ON imports;
DROP FUNCTION remise_clear_import();
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['staged_students', 'staged_structures', 'staged_guardians', 'staged_guardian_links',
                                'staged_references', 'staged_badges', 'staged_devices', 'import_effects']
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %I', name || '_are_of_an_import', name);
        EXECUTE format('ALTER TABLE %I ADD FOREIGN KEY (import_id) REFERENCES imports ON DELETE CASCADE', name);
    END LOOP;
END
$$;
DROP FUNCTION remise_check_import();
