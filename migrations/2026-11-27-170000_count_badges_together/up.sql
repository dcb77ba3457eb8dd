-- A list of pupils brings each a badge, in one statement: a word for each of 2,000 took half the time
-- of its taking in.
CREATE FUNCTION remise_keep_facts_of_badges() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Whoever has a new badge has one, whatever else is done to others at the same time.
        UPDATE student_facts f SET facts = f.facts | 32
        FROM (SELECT DISTINCT student_id FROM after WHERE forgotten_at IS NULL) n WHERE f.student_id = n.student_id;
    ELSE
        PERFORM FROM student_facts WHERE student_id IN (SELECT student_id FROM before) ORDER BY student_id FOR UPDATE;
        UPDATE student_facts SET facts = (facts & ~32) | remise_badge_facts(student_id)
        WHERE student_id IN (SELECT student_id FROM before);
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER new_or_gone_badge_is_a_fact ON badges;
CREATE TRIGGER new_badges_are_facts AFTER INSERT ON badges
    REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_facts_of_badges();
CREATE TRIGGER gone_badges_are_no_facts AFTER DELETE ON badges
    REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION remise_keep_facts_of_badges();
