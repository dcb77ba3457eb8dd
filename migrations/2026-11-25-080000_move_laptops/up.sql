-- The life of a laptop. domain::moves holds the same ways; a test compares the two.
ALTER TABLE devices
    DROP CONSTRAINT device_state_is_known,
    ADD CONSTRAINT device_state_is_known CHECK (state IN (
        'announced', 'in_stock', 'reserve', 'lent', 'awaiting_repair', 'in_repair', 'repaired',
        'lost', 'stolen', 'scrapped', 'transferred', 'moved'));

CREATE TABLE device_moves (
    name text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    PRIMARY KEY (from_state, to_state, name)
);
COMMENT ON TABLE device_moves IS 'From which state to which a laptop may go, and how that is called. "undo" takes a wrong scan back.';
INSERT INTO device_moves (name, from_state, to_state)
SELECT m.name, w.from_state, w.to_state
FROM (VALUES
    ('receive', ARRAY['announced>in_stock']),
    ('receive_damaged', ARRAY['announced>awaiting_repair']),
    ('hand_over', ARRAY['announced>lent', 'in_stock>lent']),
    ('set_aside', ARRAY['in_stock>reserve']),
    ('release', ARRAY['reserve>in_stock']),
    ('lend', ARRAY['reserve>lent', 'in_stock>lent']),
    ('take_back', ARRAY['lent>in_stock', 'lent>reserve', 'lent>awaiting_repair']),
    ('break', ARRAY['lent>awaiting_repair', 'in_stock>awaiting_repair', 'reserve>awaiting_repair']),
    ('lose', ARRAY['lent>lost', 'in_stock>lost', 'reserve>lost', 'awaiting_repair>lost', 'in_repair>lost', 'repaired>lost']),
    ('steal', ARRAY['lent>stolen', 'in_stock>stolen', 'reserve>stolen', 'awaiting_repair>stolen', 'repaired>stolen']),
    ('send_to_repair', ARRAY['awaiting_repair>in_repair']),
    ('come_back', ARRAY['in_repair>repaired', 'in_repair>reserve', 'in_repair>awaiting_repair',
                        'awaiting_repair>repaired', 'awaiting_repair>reserve', 'repaired>reserve']),
    ('give_back', ARRAY['repaired>lent']),
    ('scrap', ARRAY['in_stock>scrapped', 'reserve>scrapped', 'awaiting_repair>scrapped', 'in_repair>scrapped', 'repaired>scrapped']),
    ('find', ARRAY['lost>in_stock', 'stolen>in_stock']),
    ('transfer', ARRAY['lent>transferred']),
    ('move_away', ARRAY['in_stock>moved', 'reserve>moved'])
) AS m (name, ways)
CROSS JOIN LATERAL (
    SELECT split_part(way, '>', 1) AS from_state, split_part(way, '>', 2) AS to_state FROM unnest(m.ways) AS way
) w;
INSERT INTO device_moves (name, from_state, to_state)
SELECT DISTINCT 'undo', to_state, from_state FROM device_moves;

-- Only the taking back of a wrong scan may go against the arrows, and says so.
CREATE FUNCTION remise_check_move() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM device_moves m WHERE m.from_state = OLD.state AND m.to_state = NEW.state
          AND (m.name <> 'undo' OR current_setting('remise.undo', true) = 'on')
    ) THEN
        RAISE EXCEPTION 'device_move_is_known: a laptop does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'device_move_is_known';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER device_move_is_known AFTER UPDATE OF state ON devices
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION remise_check_move();

-- A laptop that is lent has its loan, and a loan's laptop is with the pupil or in repair. Both
-- change in one transaction, in either order: looked at when it ends.
CREATE FUNCTION remise_check_custody(device uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    now_in text;
    held boolean;
BEGIN
    SELECT d.state, EXISTS (SELECT FROM loans l WHERE l.device_id = d.id AND l.closed_at IS NULL)
    INTO now_in, held FROM devices d WHERE d.id = device;
    IF (now_in = 'lent' AND NOT held)
       OR (held AND now_in NOT IN ('lent', 'awaiting_repair', 'in_repair', 'repaired')) THEN
        RAISE EXCEPTION 'lent_laptops_have_a_loan: state % of a laptop disagrees with its loan', now_in
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'lent_laptops_have_a_loan';
    END IF;
END
$$;
CREATE FUNCTION remise_check_custody_of_device() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM remise_check_custody(NEW.id);
    RETURN NULL;
END
$$;
CREATE FUNCTION remise_check_custody_of_loan() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM remise_check_custody(NEW.device_id);
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER lent_laptops_have_a_loan AFTER UPDATE OF state ON devices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION remise_check_custody_of_device();
CREATE CONSTRAINT TRIGGER new_lent_laptops_have_a_loan AFTER INSERT ON devices
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state = 'lent') EXECUTE FUNCTION remise_check_custody_of_device();
CREATE CONSTRAINT TRIGGER loans_have_their_laptop_lent AFTER INSERT OR UPDATE OF closed_at ON loans
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION remise_check_custody_of_loan();
