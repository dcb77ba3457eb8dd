-- Row-level security stands before every search: only comparisons that PostgreSQL calls leakproof
-- may use an index in front of it, and LIKE, trigrams and arrays are none. So what is typed is
-- looked up as a range of plain comparisons: word >= 'mar' AND word < 'mas'.
CREATE TABLE student_words (
    establishment_id uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    student_id uuid NOT NULL,
    PRIMARY KEY (establishment_id, word, student_id)
);
COMMENT ON TABLE student_words IS 'The words of students.search_key, kept by triggers, so that a name is found by the start of any of its words.';

-- All tails of a serial number would find its middle too; at 200,000 laptops they took 301 MB and
-- 56 s to fill, these two 65 MB and 11 s. People read a serial number from its start or its end.
CREATE TABLE device_words (
    establishment_id uuid NOT NULL,
    word text COLLATE "C" NOT NULL,
    device_id uuid NOT NULL,
    PRIMARY KEY (establishment_id, word, device_id)
);
COMMENT ON TABLE device_words IS 'Each serial number as it is and, after "<", backwards; kept by triggers, so that a start or an end finds it.';

CALL remise_guard('student_words');
CALL remise_guard('device_words');

-- For each statement, not for each row: a list of 200,000 pupils is one statement.
CREATE FUNCTION remise_keep_student_words() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        IF TG_OP = 'DELETE' THEN
            DELETE FROM student_words w USING (
                SELECT o.establishment_id, o.id, unnest(string_to_array(o.search_key, ' ')) AS word FROM before o) gone
            WHERE w.establishment_id = gone.establishment_id AND w.word = gone.word AND w.student_id = gone.id;
        ELSE
            INSERT INTO student_words (establishment_id, word, student_id)
            SELECT DISTINCT n.establishment_id, w.word, n.id
            FROM after n, unnest(string_to_array(n.search_key, ' ')) AS w (word) WHERE w.word <> '';
        END IF;
        RETURN NULL;
    END IF;
    DELETE FROM student_words w USING (
        SELECT o.establishment_id, o.id, unnest(string_to_array(o.search_key, ' ')) AS word
        FROM before o JOIN after n USING (id)
        WHERE o.search_key <> n.search_key OR o.establishment_id <> n.establishment_id) gone
    WHERE w.establishment_id = gone.establishment_id AND w.word = gone.word AND w.student_id = gone.id;
    INSERT INTO student_words (establishment_id, word, student_id)
    SELECT DISTINCT n.establishment_id, w.word, n.id
    FROM before o JOIN after n USING (id), unnest(string_to_array(n.search_key, ' ')) AS w (word)
    WHERE (o.search_key <> n.search_key OR o.establishment_id <> n.establishment_id) AND w.word <> '';
    RETURN NULL;
END
$$;
CREATE TRIGGER new_students_have_words AFTER INSERT ON students
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_student_words();
CREATE TRIGGER changed_students_have_words AFTER UPDATE ON students
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_student_words();
CREATE TRIGGER gone_students_have_no_words AFTER DELETE ON students
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_student_words();

CREATE FUNCTION remise_device_words(serial text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY[serial, '<' || reverse(serial)];

CREATE FUNCTION remise_keep_device_words() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM device_words w USING before o
        WHERE w.establishment_id = o.establishment_id AND w.word = ANY (remise_device_words(o.serial_number)) AND w.device_id = o.id;
    ELSE
        INSERT INTO device_words (establishment_id, word, device_id)
        SELECT n.establishment_id, w.word, n.id FROM after n, unnest(remise_device_words(n.serial_number)) AS w (word);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER new_devices_have_words AFTER INSERT ON devices
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_device_words();
-- A laptop moves at every act and its number never: that is not worth a comparison each time.
CREATE FUNCTION remise_keep_changed_device_words() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM device_words WHERE establishment_id = OLD.establishment_id
        AND word = ANY (remise_device_words(OLD.serial_number)) AND device_id = OLD.id;
    INSERT INTO device_words (establishment_id, word, device_id)
    SELECT NEW.establishment_id, w.word, NEW.id FROM unnest(remise_device_words(NEW.serial_number)) AS w (word);
    RETURN NULL;
END
$$;
CREATE TRIGGER changed_devices_have_words AFTER UPDATE OF serial_number, establishment_id ON devices
    FOR EACH ROW WHEN (OLD.serial_number <> NEW.serial_number OR OLD.establishment_id <> NEW.establishment_id)
    EXECUTE FUNCTION remise_keep_changed_device_words();
CREATE TRIGGER gone_devices_have_no_words AFTER DELETE ON devices
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_device_words();

-- Pupils and laptops that were there before have words too. Row-level security is forced: say for whom.
SET LOCAL remise.scope = 'every';
INSERT INTO student_words (establishment_id, word, student_id)
SELECT DISTINCT s.establishment_id, w.word, s.id
FROM students s, unnest(string_to_array(s.search_key, ' ')) AS w (word) WHERE w.word <> '';
INSERT INTO device_words (establishment_id, word, device_id)
SELECT d.establishment_id, w.word, d.id FROM devices d, unnest(remise_device_words(d.serial_number)) AS w (word);

-- The orders of the lists.
CREATE INDEX students_by_name ON students (establishment_id, (search_key COLLATE "C"), id);
CREATE INDEX students_of_class_by_name ON students (class_id, (search_key COLLATE "C"), id);
CREATE INDEX students_gone ON students (establishment_id, (search_key COLLATE "C"), id)
    WHERE left_on IS NOT NULL OR missing_since IS NOT NULL;
CREATE INDEX devices_in_order ON devices (establishment_id, (serial_number COLLATE "C"), id);
CREATE INDEX devices_by_model ON devices (model_id, (serial_number COLLATE "C"), id);
CREATE INDEX devices_of_delivery_by_serial ON devices (delivery_id, (serial_number COLLATE "C"), id);
CREATE INDEX devices_of_state_by_serial ON devices (establishment_id, state, (serial_number COLLATE "C"), id);
CREATE INDEX devices_by_warranty ON devices (establishment_id, warranty_end, (serial_number COLLATE "C"), id);

-- The register: what happened to a loan, and which columns a school asks for when it says nothing.
CREATE INDEX incidents_by_loan ON incidents (loan_id);
CREATE INDEX grants_by_incident ON emergency_grants (incident_id);
CREATE INDEX repairs_by_device ON repairs (device_id);
ALTER TABLE export_presets ADD COLUMN is_default boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN export_presets.is_default IS 'The one that is offered first.';
CREATE UNIQUE INDEX one_default_preset ON export_presets (establishment_id) WHERE is_default;
-- An export outlives the preset its columns came from: the id stays, the preset may go.
ALTER TABLE register_exports DROP CONSTRAINT export_preset;
