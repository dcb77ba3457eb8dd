ALTER TABLE campaigns
    ADD COLUMN starts_on date,
    ADD COLUMN ends_on date,
    ADD COLUMN room text NOT NULL DEFAULT '',
    ADD COLUMN connection text CONSTRAINT connection_is_known CHECK (connection IN ('wifi', 'cable')),
    ADD COLUMN sheet_due_on date,
    ADD COLUMN referent_name text NOT NULL DEFAULT '',
    ADD COLUMN referent_phone text NOT NULL DEFAULT '',
    ADD COLUMN referent_email text NOT NULL DEFAULT '',
    ADD COLUMN notes text NOT NULL DEFAULT '',
    ADD COLUMN called_slot_id uuid,
    ADD COLUMN called_at timestamptz,
    ADD CONSTRAINT campaign_ends_after_it_starts CHECK (ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on);
COMMENT ON COLUMN campaigns.sheet_due_on IS 'Until when Région and contractor want the referent''s contact sheet.';
COMMENT ON COLUMN campaigns.called_slot_id IS 'The slot whose pupils are called now: what the board shows.';

CREATE TABLE campaign_slots (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    campaign_id uuid NOT NULL,
    class_id uuid,
    student_id uuid,
    starts_at timestamptz NOT NULL,
    minutes integer NOT NULL CONSTRAINT slot_is_of_a_day CHECK (minutes BETWEEN 1 AND 600),
    room text NOT NULL DEFAULT '',
    CONSTRAINT slot_of_school UNIQUE (establishment_id, id),
    CONSTRAINT slot_campaign FOREIGN KEY (establishment_id, campaign_id) REFERENCES campaigns (establishment_id, id),
    CONSTRAINT slot_class FOREIGN KEY (establishment_id, class_id) REFERENCES classes (establishment_id, id),
    CONSTRAINT slot_student FOREIGN KEY (establishment_id, student_id) REFERENCES students (establishment_id, id),
    CONSTRAINT slot_is_of_a_class_or_a_pupil CHECK (num_nonnulls(class_id, student_id) = 1)
);
COMMENT ON TABLE campaign_slots IS 'When a class (entry levels) or a pupil (newcomers) comes to the room.';
CREATE INDEX slots_by_campaign ON campaign_slots (campaign_id, starts_at);
ALTER TABLE campaigns ADD CONSTRAINT campaign_called_slot FOREIGN KEY (establishment_id, called_slot_id)
    REFERENCES campaign_slots (establishment_id, id);

CREATE TABLE campaign_staff (
    id uuid PRIMARY KEY,
    establishment_id uuid NOT NULL REFERENCES establishments,
    campaign_id uuid NOT NULL,
    name text NOT NULL CONSTRAINT staff_has_a_name CHECK (name <> ''),
    duty text NOT NULL DEFAULT '',
    CONSTRAINT staff_of_school UNIQUE (establishment_id, id),
    CONSTRAINT staff_campaign FOREIGN KEY (establishment_id, campaign_id) REFERENCES campaigns (establishment_id, id)
);
COMMENT ON TABLE campaign_staff IS 'Who helps on the day, and at what.';

CREATE TABLE guest_accounts (
    establishment_id uuid NOT NULL REFERENCES establishments,
    campaign_id uuid NOT NULL,
    position smallint NOT NULL CONSTRAINT eight_guest_accounts CHECK (position BETWEEN 1 AND 8),
    login text NOT NULL DEFAULT '',
    holder text NOT NULL DEFAULT '',
    PRIMARY KEY (campaign_id, position),
    CONSTRAINT guest_account_campaign FOREIGN KEY (establishment_id, campaign_id) REFERENCES campaigns (establishment_id, id)
);
COMMENT ON TABLE guest_accounts IS 'The eight guest accounts of the distribution team. Passwords are printed and never kept.';

CALL remise_guard('campaign_slots');
CALL remise_guard('campaign_staff');
CALL remise_guard('guest_accounts');
