-- Identity numbers come before commits, so "everything after the last sealed number" would
-- pass over an entry whose transaction was slow. The queue names what waits, exactly.
CREATE TABLE journal_queue (
    journal_id bigint PRIMARY KEY,
    establishment_id uuid NOT NULL
);
COMMENT ON TABLE journal_queue IS 'Entries of the journal that wait for their seal; written by a trigger, in the entry''s own transaction.';

CREATE FUNCTION remise_queue_for_seal() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal_queue (journal_id, establishment_id) VALUES (NEW.id, NEW.establishment_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER journal_waits_for_its_seal AFTER INSERT ON journal
    FOR EACH ROW EXECUTE FUNCTION remise_queue_for_seal();

CREATE TABLE journal_heads (
    establishment_id uuid PRIMARY KEY REFERENCES establishments,
    position bigint NOT NULL CONSTRAINT head_counts_from_one CHECK (position > 0),
    hash bytea NOT NULL CONSTRAINT head_is_sha256 CHECK (length(hash) = 32),
    sealed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE journal_heads IS 'The last seal of each school: entries and seals cut from the end are missed here.';

CREATE FUNCTION remise_head_goes_forward() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.position <= OLD.position THEN
        RAISE EXCEPTION '% on % is not allowed', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER head_goes_forward BEFORE UPDATE OR DELETE ON journal_heads
    FOR EACH ROW EXECUTE FUNCTION remise_head_goes_forward();
CREATE TRIGGER journal_is_not_emptied BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION remise_refuse_change();
CREATE TRIGGER seals_are_not_emptied BEFORE TRUNCATE ON journal_seals
    FOR EACH STATEMENT EXECUTE FUNCTION remise_refuse_change();
CREATE TRIGGER heads_are_not_emptied BEFORE TRUNCATE ON journal_heads
    FOR EACH STATEMENT EXECUTE FUNCTION remise_refuse_change();

CALL remise_guard('journal_queue');
CALL remise_guard('journal_heads');

-- What was journalled before this migration waits too. Row-level security is forced: say for whom.
SET LOCAL remise.scope = 'every';
INSERT INTO journal_queue (journal_id, establishment_id)
SELECT id, establishment_id FROM journal j
WHERE NOT EXISTS (SELECT FROM journal_seals s WHERE s.journal_id = j.id);
