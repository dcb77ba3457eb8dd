//! SQL text whose plan is kept with the connection.
//!
//! Diesel prepares a `sql_query` anew each time it runs, as its text could be made anew each
//! time: one more round trip and one more planning. The texts of this module's users are few
//! and constant, so their statements are kept, as those of diesel's own queries are.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Untyped;

/// A query with constant text; its plan is found again by that text.
pub struct Prepared<Q>(Q);

/// For queries whose text is one of a few.
pub trait KeepPlan: QueryFragment<Pg> + Sized {
    fn keep_plan(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<Q: QueryFragment<Pg>> KeepPlan for Q {}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Prepared<Q> {
    type SqlType = Untyped;
}
