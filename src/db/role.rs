//! The role the service works as, and whether row-level security holds for it.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct ServiceRole {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Of the server.
    #[diesel(sql_type = Text)]
    pub version: String,
    /// It is, or may become by `SET ROLE`, a role that sees every school's rows.
    #[diesel(sql_type = Bool)]
    pub may_bypass: bool,
    /// It may make temporary tables, by which files are compared and applied.
    #[diesel(sql_type = Bool)]
    pub may_stage: bool,
}

pub async fn current(conn: &mut AsyncPgConnection) -> QueryResult<ServiceRole> {
    diesel::sql_query(
        "SELECT current_user::text AS name, current_setting('server_version') AS version,
                EXISTS (SELECT FROM pg_roles r WHERE (r.rolsuper OR r.rolbypassrls)
                        AND pg_has_role(current_user, r.oid, 'MEMBER')) AS may_bypass,
                has_database_privilege(current_database(), 'TEMP') AS may_stage",
    )
    .get_result(conn)
    .await
}

/// The server's version as a number (`150018`) and as text (`15.18`).
pub async fn server_version(conn: &mut AsyncPgConnection) -> QueryResult<(i32, String)> {
    diesel::select((
        diesel::dsl::sql::<Integer>("current_setting('server_version_num')::int"),
        diesel::dsl::sql::<Text>("current_setting('server_version')"),
    ))
    .get_result(conn)
    .await
}
