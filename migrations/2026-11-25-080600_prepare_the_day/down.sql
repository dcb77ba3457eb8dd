ALTER TABLE campaigns DROP CONSTRAINT campaign_called_slot;
DROP TABLE guest_accounts;
DROP TABLE campaign_staff;
DROP TABLE campaign_slots;
ALTER TABLE campaigns
    DROP CONSTRAINT campaign_ends_after_it_starts,
    DROP COLUMN called_at,
    DROP COLUMN called_slot_id,
    DROP COLUMN notes,
    DROP COLUMN referent_email,
    DROP COLUMN referent_phone,
    DROP COLUMN referent_name,
    DROP COLUMN sheet_due_on,
    DROP COLUMN connection,
    DROP COLUMN room,
    DROP COLUMN ends_on,
    DROP COLUMN starts_on;
