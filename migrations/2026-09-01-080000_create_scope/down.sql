DROP FUNCTION remise_refuse_change();
DROP PROCEDURE remise_guard(regclass);
DROP FUNCTION remise_in_scope(uuid);
