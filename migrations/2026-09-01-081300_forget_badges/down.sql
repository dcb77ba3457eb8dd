-- Row-level security is forced: say for whom.
SET LOCAL remise.scope = 'every';
DELETE FROM badges WHERE forgotten_at IS NOT NULL;
DROP INDEX badge_code_is_unique;
ALTER TABLE badges
    DROP COLUMN forgotten_at,
    ADD CONSTRAINT badge_code_is_unique UNIQUE (establishment_id, code);
