DROP TRIGGER reference_is_touched ON reference_rows;
DROP TRIGGER guardian_is_touched ON guardians;
DROP TRIGGER student_is_touched ON students;
DROP FUNCTION remise_touch();
SET LOCAL remise.scope = 'every';
DELETE FROM badges WHERE source = 'imported';
ALTER TABLE badges
    DROP CONSTRAINT only_a_foreign_badge_is_forgotten,
    ADD CONSTRAINT only_a_learnt_badge_is_forgotten CHECK (forgotten_at IS NULL OR source = 'learnt'),
    DROP CONSTRAINT badge_source_is_known,
    ADD CONSTRAINT badge_source_is_known CHECK (source IN ('printed', 'learnt'));
ALTER TABLE establishments DROP COLUMN import_days;
DROP TABLE entitlement_rules, import_layouts, import_effects, reference_rows, staged_references, staged_badges,
    staged_guardian_links, staged_guardians;
DROP INDEX guardian_person_once;
ALTER TABLE guardians DROP COLUMN updated_at, DROP COLUMN level, DROP COLUMN person_id;
DELETE FROM staged_students WHERE eleve_id IS NULL;
ALTER TABLE staged_students
    DROP COLUMN is_same, DROP COLUMN found_by, DROP COLUMN student_id, DROP COLUMN removed, DROP COLUMN entitled_by_group,
    ALTER COLUMN entitled DROP DEFAULT,
    ALTER COLUMN eleve_id SET NOT NULL;
DROP INDEX students_by_ine;
UPDATE students SET eleve_id = 'sans numéro ' || id WHERE eleve_id IS NULL;
ALTER TABLE students DROP COLUMN entitled_by_group, ALTER COLUMN eleve_id SET NOT NULL;
DELETE FROM imports WHERE kind NOT IN ('students', 'delivery') OR state = 'undone';
ALTER TABLE imports
    DROP CONSTRAINT undone_import_says_why,
    DROP COLUMN undo_reason, DROP COLUMN undone_by, DROP COLUMN undone_at, DROP COLUMN as_of, DROP COLUMN complete,
    DROP CONSTRAINT import_state_is_known,
    ADD CONSTRAINT import_state_is_known CHECK (state IN ('reading', 'staged', 'refused', 'applied', 'discarded')),
    DROP CONSTRAINT import_kind_is_known,
    ADD CONSTRAINT import_kind_is_known CHECK (kind IN ('students', 'delivery'));
