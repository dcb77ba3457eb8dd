CREATE TABLE guardians (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    student_id uuid NOT NULL,
    last_name text NOT NULL CONSTRAINT guardian_has_a_name CHECK (last_name <> ''),
    first_name text NOT NULL DEFAULT '',
    relationship text NOT NULL DEFAULT '',
    is_legal boolean NOT NULL DEFAULT true,
    phone text,
    email text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT guardian_of_school UNIQUE (establishment_id, id),
    CONSTRAINT guardian_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id)
);
COMMENT ON TABLE guardians IS 'Responsables légaux: who may sign a charter and is called when one is missing. Go when the pupil leaves.';
CREATE INDEX guardians_by_student ON guardians (student_id);

ALTER TABLE charters
    ADD COLUMN pdf bytea CONSTRAINT charter_pdf_is_bounded CHECK (length(pdf) <= 10485760),
    ADD COLUMN published_by uuid REFERENCES operators;
COMMENT ON COLUMN charters.pdf IS 'The text as a file, when it was given as one; content_hash is then of the file.';

ALTER TABLE charter_receipts
    ADD COLUMN signatory_kind text CONSTRAINT signatory_kind_is_known CHECK (signatory_kind IN ('guardian', 'student', 'other')),
    ADD COLUMN withdrawn_by uuid REFERENCES operators,
    ADD COLUMN withdrawal_reason text,
    ADD CONSTRAINT signatory_is_named CHECK ((signatory_kind IS NULL) = (signatory IS NULL));
DROP TRIGGER receipt_is_frozen ON charter_receipts;
CREATE TRIGGER receipt_is_frozen BEFORE UPDATE OF
    id, establishment_id, student_id, charter_id, copies_shown, copies_kept, signatory, signatory_kind, method, station_id,
    operator_id, received_at, replaces
    ON charter_receipts FOR EACH ROW EXECUTE FUNCTION remise_refuse_change();

CALL remise_guard('guardians');
