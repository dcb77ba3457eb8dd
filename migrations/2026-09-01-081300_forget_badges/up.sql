-- A badge learnt for the wrong pupil is taken back by an event, as a hand-over is: its row stays.
ALTER TABLE badges
    ADD COLUMN forgotten_at timestamptz,
    ADD CONSTRAINT only_a_learnt_badge_is_forgotten CHECK (forgotten_at IS NULL OR source = 'learnt'),
    DROP CONSTRAINT badge_code_is_unique;
CREATE UNIQUE INDEX badge_code_is_unique ON badges (establishment_id, code) WHERE forgotten_at IS NULL;
