-- A file is read in pieces, each its own transaction, while the page watches how far it
-- is; it is staged when it has been read to its end, and applied in one transaction.

ALTER TABLE imports
    ALTER COLUMN kind DROP NOT NULL,
    ADD COLUMN bytes_total bigint NOT NULL DEFAULT 0,
    ADD COLUMN bytes_read bigint NOT NULL DEFAULT 0,
    ADD COLUMN rows_read bigint NOT NULL DEFAULT 0,
    ADD COLUMN changes jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN touched_at timestamptz NOT NULL DEFAULT now(),
    DROP CONSTRAINT import_state_is_known,
    ADD CONSTRAINT import_state_is_known
        CHECK (state IN ('reading', 'staged', 'refused', 'applied', 'discarded')),
    ADD CONSTRAINT only_a_refused_import_has_no_kind CHECK (kind IS NOT NULL OR state = 'refused');
COMMENT ON COLUMN imports.changes IS 'The first changes, for a person to look at; emptied when the import is applied, discarded or forgotten.';
COMMENT ON COLUMN imports.touched_at IS 'While the file is read: the last sign of life of who reads it.';
CREATE INDEX imports_of_school ON imports (establishment_id, created_at);

-- A pupil who is in the file twice is found once every row is staged.
ALTER TABLE staged_students
    DROP CONSTRAINT staged_student_once,
    ADD CONSTRAINT staged_student_row PRIMARY KEY (import_id, row_number);

CREATE TABLE staged_structures (
    import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
    establishment_id uuid NOT NULL,
    position integer NOT NULL,
    eleve_id text NOT NULL,
    code text NOT NULL,
    division boolean NOT NULL,
    CONSTRAINT staged_structure_once PRIMARY KEY (import_id, position)
);
COMMENT ON TABLE staged_structures IS 'Divisions and entitling groups of a list of pupils, which the file tells after the pupils.';
CALL remise_guard('staged_structures');
