-- Every transaction says on whose behalf it works: one school, or every school
-- (login, Région, start-up). Without that word a query sees nothing, so a
-- forgotten filter shows an empty list and never another school's pupils.

CREATE FUNCTION remise_in_scope(establishment uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN current_setting('remise.scope', true) IN (establishment::text, 'every');

COMMENT ON FUNCTION remise_in_scope(uuid) IS
    'True when the running transaction may see this establishment''s rows.';

-- FORCE makes the rule hold for the owner of the tables too, which is the service itself.
CREATE PROCEDURE remise_guard(guarded regclass)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
    EXECUTE format(
        'CREATE POLICY of_the_school ON %s USING (remise_in_scope(establishment_id)) WITH CHECK (remise_in_scope(establishment_id))',
        guarded);
END
$$;

CREATE FUNCTION remise_refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is not allowed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END
$$;

COMMENT ON FUNCTION remise_refuse_change() IS
    'Trigger for rows that are written once: what was signed and what was journalled.';
