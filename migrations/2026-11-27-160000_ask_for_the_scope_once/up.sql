-- The rule of what a transaction sees was asked of each row, and took longer than what was asked
-- for: two thirds of a search for the middle of one of 200,000 serial numbers. It also looked to the
-- planner as if it hid nearly every row. The scope cannot change within a statement: it is read
-- once, and a row is compared with a uuid.
CREATE FUNCTION remise_scope_school() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN current_setting('remise.scope', true) LIKE '________-____-____-____-____________'
            THEN current_setting('remise.scope', true)::uuid END;
COMMENT ON FUNCTION remise_scope_school() IS
    'The school on whose behalf the running transaction works; null when it works for every school, or did not say.';

CREATE FUNCTION remise_scope_is_every() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('remise.scope', true) = 'every', false);
COMMENT ON FUNCTION remise_scope_is_every() IS 'True when the running transaction works for every school.';

-- Rows without a school (operators and sessions of the Région) are seen for every school only.
CREATE OR REPLACE PROCEDURE remise_guard(guarded regclass)
LANGUAGE plpgsql AS $$
DECLARE
    rule CONSTANT text := '(establishment_id = (SELECT remise_scope_school()) OR (SELECT remise_scope_is_every()))';
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format('DROP POLICY IF EXISTS of_the_school ON %s', guarded);
    EXECUTE format('CREATE POLICY of_the_school ON %s USING %s WITH CHECK %s', guarded, rule, rule);
END
$$;

DO $$
DECLARE
    guarded regclass;
BEGIN
    FOR guarded IN
        SELECT polrelid FROM pg_policy JOIN pg_class c ON c.oid = polrelid
        WHERE polname = 'of_the_school' AND relnamespace = current_schema()::regnamespace
    LOOP
        CALL remise_guard(guarded);
    END LOOP;
END
$$;
DROP FUNCTION remise_in_scope(uuid);
