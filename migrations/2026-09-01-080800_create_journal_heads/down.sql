DROP TRIGGER journal_waits_for_its_seal ON journal;
DROP TRIGGER journal_is_not_emptied ON journal;
DROP TRIGGER seals_are_not_emptied ON journal_seals;
DROP TABLE journal_heads;
DROP TABLE journal_queue;
DROP FUNCTION remise_head_goes_forward();
DROP FUNCTION remise_queue_for_seal();
