-- A label read with O for 0 was looked for by an expression over every laptop: row-level security
-- lets no function near an index. What such a number looks like is a word of it too.
CREATE OR REPLACE FUNCTION remise_device_words(serial text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY[serial, '<' || reverse(serial)]
    || CASE WHEN serial ~ '[OI]' THEN ARRAY['~' || translate(serial, 'OI', '01')] ELSE ARRAY[]::text[] END;
COMMENT ON TABLE device_words IS 'Each serial number as it is; after "<", backwards; after "~", with 0 for O and 1 for I where it has those. Kept by triggers.';
SET LOCAL remise.scope = 'every';
INSERT INTO device_words (establishment_id, word, device_id)
SELECT establishment_id, '~' || translate(serial_number, 'OI', '01'), id FROM devices WHERE serial_number ~ '[OI]';
