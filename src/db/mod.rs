//! Connections, transactions and the scope each of them states.
//!
//! Only [`Db::transaction`] and [`Db::read`] open a connection; queries are passed one.

pub mod acts;
pub mod answers;
pub mod board;
pub mod campaigns;
pub mod cards;
pub mod charter_receipts;
pub mod charters;
pub mod chase;
mod conditions;
pub mod custody;
pub mod demo;
pub mod desk;
pub mod entitlement;
pub mod export_presets;
pub mod grants;
pub mod guardians;
pub mod hand_overs;
pub mod imports;
pub mod incidents;
pub mod journal;
pub mod lists;
pub mod loans;
pub mod logins;
pub mod migrations;
pub mod named;
pub mod papers;
pub mod prepared;
pub mod print_settings;
pub mod readiness;
pub mod receipts;
pub mod receptions;
pub mod register;
pub mod register_exports;
pub mod repair_batches;
pub mod repairs;
pub mod reserve;
pub mod returns;
pub mod role;
pub mod schema;
pub mod seals;
pub mod search;
pub mod sheets;
pub mod slots;
pub mod stock_takes;
pub mod story;
pub mod temporary;
pub mod undo_acts;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, SimpleAsyncConnection, TransactionManager,
};
use domain::ids::EstablishmentId;
use futures_util::FutureExt;
use std::time::Duration;

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
    #[error("no free database connection")]
    Busy,
    #[error("no database connection: {0}")]
    Connection(String),
    /// The server's version.
    #[error("PostgreSQL {0} is too old")]
    TooOld(String),
    #[error("{0}")]
    Other(String),
}

impl Fault {
    /// Something was waited for in vain: a connection, a lock, the end of a statement.
    /// Nothing was done; the same again may well succeed.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Busy => true,
            // Diesel keeps no SQLSTATE of these two.
            Self::Database(DieselError::DatabaseError(DatabaseErrorKind::Unknown, information)) => {
                let said = information.message();
                said.contains("statement timeout") || said.contains("lock timeout")
            }
            _ => false,
        }
    }
}

/// How long a transaction waits before it gives up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For a free connection.
    pub connection: Duration,
    /// For the end of each statement.
    pub statement: Duration,
    /// For each lock.
    pub lock: Duration,
}

impl Limits {
    /// Somebody stands at a desk.
    pub const REQUEST: Self = Self {
        connection: Duration::from_secs(10),
        statement: Duration::from_secs(30),
        lock: Duration::from_secs(10),
    };
    /// Files, sheets and seals: many rows, and nobody in the queue.
    pub const FILE: Self = Self {
        connection: Duration::from_secs(30),
        statement: Duration::from_secs(900),
        lock: Duration::from_secs(60),
    };

    fn sql(self, set: &str) -> String {
        let (statement, lock) = (self.statement.as_millis(), self.lock.as_millis());
        format!("{set} statement_timeout = {statement}; {set} lock_timeout = {lock}")
    }
}

/// Compiling a query takes longer than any of ours does: a quarter of a second for one row, a second for
/// a comparison of 2,000 pupils.
const WITHOUT_JIT: &str = "SET jit = off";

/// The pool, cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
    limits: Limits,
    /// What each connection was opened with.
    usual: Limits,
}

impl Db {
    /// Opens a pool of at most `size` connections (at least 2: a transaction may
    /// not wait for itself). Connections are driven by the runtime that calls this,
    /// which must be the multi-thread one: a busy actix worker would stall them.
    pub async fn connect(url: &str, size: usize) -> Result<Self, Fault> {
        Self::connect_with(url, size, Limits::REQUEST).await
    }

    /// The same, with other limits than a desk's.
    pub async fn connect_with(url: &str, size: usize, limits: Limits) -> Result<Self, Fault> {
        let runtime = tokio::runtime::Handle::current();
        let mut config = ManagerConfig::<AsyncPgConnection>::default();
        config.custom_setup = Box::new(move |url| {
            let url = url.to_owned();
            let opening = runtime.spawn(async move {
                let mut conn = AsyncPgConnection::establish(&url).await?;
                let set = conn.batch_execute(&format!("{}; {WITHOUT_JIT}", limits.sql("SET"))).await;
                set.map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
                Ok(conn)
            });
            async move { opening.await.map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))? }
                .boxed()
        });
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, config);
        let pool = Pool::builder(manager)
            .max_size(size.max(2))
            .build()
            .map_err(|e| Fault::Connection(e.to_string()))?;
        let db = Self { pool, limits, usual: limits };
        drop(db.connection().await?);
        Ok(db)
    }

    /// The same pool for work on many rows, which takes its time.
    pub fn patient(&self) -> Self {
        Self { limits: Limits::FILE, ..self.clone() }
    }

    async fn connection(&self) -> Result<Object<AsyncPgConnection>, Fault> {
        // Waiting for a connection may be cut short; what is done with it may not.
        match tokio::time::timeout(self.limits.connection, self.pool.get()).await {
            Ok(connection) => connection.map_err(|e| Fault::Connection(e.to_string())),
            Err(_) => Err(Fault::Busy),
        }
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
        let mut begin = format!("{begin}; {}", scope_sql(scope));
        if self.limits != self.usual {
            begin = format!("{begin}; {}", self.limits.sql("SET LOCAL"));
        }
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
