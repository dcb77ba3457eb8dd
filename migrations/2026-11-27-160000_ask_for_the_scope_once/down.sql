CREATE FUNCTION remise_in_scope(establishment uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('remise.scope', true) IN (establishment::text, 'every');
COMMENT ON FUNCTION remise_in_scope(uuid) IS
    'True when the running transaction may see this establishment''s rows.';

CREATE OR REPLACE PROCEDURE remise_guard(guarded regclass)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format(
        'CREATE POLICY of_the_school ON %s USING (remise_in_scope(establishment_id)) WITH CHECK (remise_in_scope(establishment_id))',
        guarded);
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
        EXECUTE format('DROP POLICY of_the_school ON %s', guarded);
        CALL remise_guard(guarded);
    END LOOP;
END
$$;
DROP POLICY of_the_school ON operators;
CREATE POLICY of_the_school ON operators
    USING (remise_in_scope(coalesce(establishment_id, '00000000-0000-0000-0000-000000000000')));
DROP POLICY of_the_school ON sessions;
CREATE POLICY of_the_school ON sessions
    USING (remise_in_scope(coalesce(establishment_id, '00000000-0000-0000-0000-000000000000')));
DROP FUNCTION remise_scope_is_every();
DROP FUNCTION remise_scope_school();
