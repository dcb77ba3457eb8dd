-- "Who has no laptop yet, and a signed charter" is asked of a whole school: in June nearly nobody
-- is left to find, in September nearly everybody, and a walk through all names would take seconds at
-- 200,000. So what a list of pupils may be narrowed by is one number a pupil, and an index has the
-- names of each number in order; a filter is the few numbers that fit it.
CREATE TABLE student_facts (
    student_id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL,
    facts smallint NOT NULL CONSTRAINT facts_are_six_bits CHECK (facts BETWEEN 0 AND 63),
    search_key text COLLATE "C" NOT NULL
);
COMMENT ON TABLE student_facts IS 'What lists of pupils are narrowed by, kept by triggers.';
COMMENT ON COLUMN student_facts.facts IS 'Sum of: 1 entitled, 2 gone, 4 has a laptop of their own, 8 has one lent for a while, 16 current charter complete, 32 has a badge.';
CREATE INDEX students_by_facts ON student_facts (establishment_id, facts, search_key, student_id);
CALL remise_guard('student_facts');

CREATE FUNCTION remise_own_facts(override boolean, entitled boolean, left_on date, missing_since timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(override, entitled)::integer + 2 * (left_on IS NOT NULL OR missing_since IS NOT NULL)::integer;

CREATE FUNCTION remise_loan_facts(student uuid) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN 4 * EXISTS (SELECT FROM loans WHERE student_id = student AND closed_at IS NULL AND kind = 'allocation')::integer
    + 8 * EXISTS (SELECT FROM loans WHERE student_id = student AND closed_at IS NULL AND kind = 'temporary')::integer;

CREATE FUNCTION remise_charter_facts(student uuid) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN 16 * EXISTS (
    SELECT FROM charter_receipts x JOIN campaigns k ON k.establishment_id = x.establishment_id AND k.charter_id = x.charter_id
    WHERE x.student_id = student AND x.withdrawn_at IS NULL AND x.copies_shown = 2 AND x.copies_kept = 1 AND k.is_current)::integer;

CREATE FUNCTION remise_badge_facts(student uuid) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
RETURN 32 * EXISTS (SELECT FROM badges WHERE student_id = student AND forgotten_at IS NULL)::integer;

-- For each statement, not for each row: a list of 200,000 pupils is one statement.
CREATE FUNCTION remise_keep_own_facts() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO student_facts (student_id, establishment_id, facts, search_key)
        SELECT n.id, n.establishment_id, remise_own_facts(n.entitlement_override, n.entitled, n.left_on, n.missing_since),
               n.search_key
        FROM after n;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM student_facts f USING before o WHERE f.student_id = o.id;
    ELSE
        UPDATE student_facts f
        SET facts = (f.facts & ~3) | remise_own_facts(n.entitlement_override, n.entitled, n.left_on, n.missing_since),
            search_key = n.search_key, establishment_id = n.establishment_id
        FROM before o JOIN after n USING (id)
        WHERE f.student_id = n.id AND (
            (o.entitlement_override, o.entitled, o.left_on, o.missing_since)
                IS DISTINCT FROM (n.entitlement_override, n.entitled, n.left_on, n.missing_since)
            OR o.search_key <> n.search_key OR o.establishment_id <> n.establishment_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER new_students_have_facts AFTER INSERT ON students
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_own_facts();
CREATE TRIGGER changed_students_have_facts AFTER UPDATE ON students
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_own_facts();
CREATE TRIGGER gone_students_have_no_facts AFTER DELETE ON students
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_own_facts();

-- The row is locked by a statement of its own: the next one then sees what whoever held it did.
CREATE FUNCTION remise_keep_facts_of_loan() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM student_facts WHERE student_id = NEW.student_id FOR UPDATE;
    UPDATE student_facts SET facts = (facts & ~12) | remise_loan_facts(student_id) WHERE student_id = NEW.student_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER new_loan_is_a_fact AFTER INSERT ON loans
    FOR EACH ROW WHEN (NEW.closed_at IS NULL) EXECUTE FUNCTION remise_keep_facts_of_loan();
CREATE TRIGGER changed_loan_is_a_fact AFTER UPDATE OF closed_at, kind ON loans
    FOR EACH ROW WHEN ((OLD.closed_at IS NULL) <> (NEW.closed_at IS NULL) OR OLD.kind <> NEW.kind)
    EXECUTE FUNCTION remise_keep_facts_of_loan();

CREATE FUNCTION remise_keep_facts_of_badge() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE whose uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.student_id ELSE NEW.student_id END;
BEGIN
    PERFORM FROM student_facts WHERE student_id = whose FOR UPDATE;
    UPDATE student_facts SET facts = (facts & ~32) | remise_badge_facts(student_id) WHERE student_id = whose;
    RETURN NULL;
END
$$;
CREATE TRIGGER new_or_gone_badge_is_a_fact AFTER INSERT OR DELETE ON badges
    FOR EACH ROW EXECUTE FUNCTION remise_keep_facts_of_badge();
CREATE TRIGGER changed_badge_is_a_fact AFTER UPDATE OF forgotten_at ON badges
    FOR EACH ROW WHEN ((OLD.forgotten_at IS NULL) <> (NEW.forgotten_at IS NULL)) EXECUTE FUNCTION remise_keep_facts_of_badge();

-- Which charter is current is read under a share lock: whoever changes it waits, then counts anew.
CREATE FUNCTION remise_keep_facts_of_charter() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM campaigns WHERE establishment_id = NEW.establishment_id AND is_current FOR SHARE;
    PERFORM FROM student_facts WHERE student_id = NEW.student_id FOR UPDATE;
    UPDATE student_facts SET facts = (facts & ~16) | remise_charter_facts(student_id) WHERE student_id = NEW.student_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER charter_receipt_is_a_fact AFTER INSERT OR UPDATE ON charter_receipts
    FOR EACH ROW EXECUTE FUNCTION remise_keep_facts_of_charter();

CREATE FUNCTION remise_keep_facts_of_campaign() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE student_facts SET facts = facts # 16
    WHERE establishment_id = NEW.establishment_id AND facts & 16 <> remise_charter_facts(student_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER new_campaign_changes_facts AFTER INSERT ON campaigns
    FOR EACH ROW EXECUTE FUNCTION remise_keep_facts_of_campaign();
CREATE TRIGGER changed_campaign_changes_facts AFTER UPDATE OF charter_id, is_current ON campaigns
    FOR EACH ROW WHEN (OLD.charter_id <> NEW.charter_id OR OLD.is_current <> NEW.is_current)
    EXECUTE FUNCTION remise_keep_facts_of_campaign();

-- Row-level security is forced: say for whom.
SET LOCAL remise.scope = 'every';
INSERT INTO student_facts (student_id, establishment_id, facts, search_key)
SELECT s.id, s.establishment_id,
       remise_own_facts(s.entitlement_override, s.entitled, s.left_on, s.missing_since)
           + remise_loan_facts(s.id) + remise_charter_facts(s.id) + remise_badge_facts(s.id),
       s.search_key
FROM students s;
