DROP TABLE staged_structures;
DELETE FROM staged_students;
ALTER TABLE staged_students
    DROP CONSTRAINT staged_student_row,
    ADD CONSTRAINT staged_student_once PRIMARY KEY (import_id, eleve_id);
DROP INDEX imports_of_school;
DELETE FROM imports WHERE state = 'reading' OR kind IS NULL;
ALTER TABLE imports
    DROP CONSTRAINT only_a_refused_import_has_no_kind,
    DROP CONSTRAINT import_state_is_known,
    ADD CONSTRAINT import_state_is_known CHECK (state IN ('staged', 'refused', 'applied', 'discarded')),
    DROP COLUMN touched_at,
    DROP COLUMN changes,
    DROP COLUMN rows_read,
    DROP COLUMN bytes_read,
    DROP COLUMN bytes_total,
    ALTER COLUMN kind SET NOT NULL;
