SET LOCAL remise.scope = 'every';
DELETE FROM device_words WHERE word >= '~';
COMMENT ON TABLE device_words IS 'Each serial number as it is and, after "<", backwards; kept by triggers, so that a start or an end finds it.';
CREATE OR REPLACE FUNCTION remise_device_words(serial text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY[serial, '<' || reverse(serial)];
