//! Connections, transactions and the scope each of them states.
//!
//! Only [`Db::transaction`] and [`Db::read`] open a connection; queries are passed one.

pub mod answers;
pub mod cards;
pub mod custody;
pub mod demo;
pub mod desk;
pub mod hand_overs;
pub mod imports;
pub mod journal;
pub mod logins;
pub mod migrations;
pub mod register;
pub mod role;
pub mod schema;
pub mod seals;
pub mod sheets;

use diesel::result::Error as DieselError;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::{AnsiTransactionManager, AsyncConnection, AsyncPgConnection, TransactionManager};
use domain::ids::EstablishmentId;
use futures_util::FutureExt;

/// On whose behalf a transaction works. Row-level security hides every other school's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One school.
    School(EstablishmentId),
    /// Every school: login, the Région, start-up.
    Every,
}

/// Infrastructure failed. Logged, never shown.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("database: {0}")]
    Database(#[from] DieselError),
    #[error("no database connection: {0}")]
    Connection(String),
    /// The server's version.
    #[error("PostgreSQL {0} is too old")]
    TooOld(String),
    #[error("{0}")]
    Other(String),
}

/// The pool, cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
}

impl Db {
    /// Opens a pool of at most `size` connections (at least 2: a transaction may
    /// not wait for itself). Connections are driven by the runtime that calls this,
    /// which must be the multi-thread one: a busy actix worker would stall them.
    pub async fn connect(url: &str, size: usize) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Handle::current();
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.custom_setup = Box::new(move |url| {
            let url = url.to_owned();
            let opening = runtime.spawn(async move { AsyncPgConnection::establish(&url).await });
            async move { opening.await.map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))? }
                .boxed()
        });
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(size.max(2))
            .build()
            .map_err(|e| Fault::Connection(e.to_string()))?;
        let db = Self { pool };
        drop(db.connection().await?);
        Ok(db)
    }

    async fn connection(&self) -> Result<Object<AsyncPgConnection>, Fault> {
        self.pool.get().await.map_err(|e| Fault::Connection(e.to_string()))
    }

    /// Runs `work` in one transaction for `scope`: committed when it answers `Ok`,
    /// rolled back otherwise. Not cancel-safe: never put it under `select!` or `timeout`.
    pub async fn transaction<T, E, F>(&self, scope: Scope, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, E>,
        E: From<Fault>,
    {
        self.scoped("BEGIN", scope, work).await
    }

    /// The same, read-only and on one snapshot: a list and its totals agree.
    pub async fn read<T, E, F>(&self, scope: Scope, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, E>,
        E: From<Fault>,
    {
        self.scoped("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", scope, work).await
    }

    async fn scoped<T, E, F>(&self, begin: &str, scope: Scope, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, E>,
        E: From<Fault>,
    {
        let mut conn = self.connection().await?;
        let conn: &mut AsyncPgConnection = &mut conn;
        // Scope and BEGIN travel together: one round trip, and no statement can come between.
        let begin = format!("{begin}; {}", scope_sql(scope));
        AnsiTransactionManager::begin_transaction_sql(conn, &begin).await.map_err(Fault::from)?;
        match work(conn).await {
            Ok(value) => {
                AnsiTransactionManager::commit_transaction(conn).await.map_err(Fault::from)?;
                Ok(value)
            }
            Err(error) => {
                AnsiTransactionManager::rollback_transaction(conn).await.map_err(Fault::from)?;
                Err(error)
            }
        }
    }
}

fn scope_sql(scope: Scope) -> String {
    match scope {
        // A UUID's text holds hexadecimal digits and hyphens only.
        Scope::School(school) => format!("SET LOCAL remise.scope = '{school}'"),
        Scope::Every => "SET LOCAL remise.scope = 'every'".to_owned(),
    }
}
