DROP TRIGGER gone_badges_are_no_facts ON badges;
DROP TRIGGER new_badges_are_facts ON badges;
CREATE TRIGGER new_or_gone_badge_is_a_fact AFTER INSERT OR DELETE ON badges
    FOR EACH ROW EXECUTE FUNCTION remise_keep_facts_of_badge();
DROP FUNCTION remise_keep_facts_of_badges();
