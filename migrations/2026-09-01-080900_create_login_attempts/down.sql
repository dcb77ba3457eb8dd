ALTER TABLE establishments DROP COLUMN answers_kept_days;
DROP TABLE login_attempts;
