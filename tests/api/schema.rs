//! Migrations apply, revert and apply again, and `src/db/schema.rs` says what they made.

use crate::harness::App;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text};
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl};
use diesel_migrations::MigrationHarness;
use remise::db::migrations::{MIGRATIONS, migrate};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

async fn revert_everything(app: &App) -> usize {
    let conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    tokio::task::block_in_place(|| {
        AsyncMigrationHarness::new(conn).revert_all_migrations(MIGRATIONS).unwrap().len()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn migrations_apply_revert_and_apply_again() {
    let app = App::start().await;
    let first = schema(&app).await;
    let reverted = revert_everything(&app).await;
    // Nothing stays behind but diesel's own list.
    let left = app
        .count(
            "every",
            "(SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
                AND relname NOT LIKE '\\_\\_diesel%'
              UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
                AND proname NOT LIKE 'diesel\\_%'
              UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace
                AND typname NOT LIKE '%\\_\\_diesel%') AS stray",
        )
        .await;
    assert_eq!(left, 0);
    assert_eq!(migrate(&app.url).await.unwrap().len(), reverted);
    assert!(migrate(&app.url).await.unwrap().is_empty());
    assert_eq!(schema(&app).await, first);
    app.stop().await;
}

/// Step by step forward, then back: each step leaves what was there before it.
#[tokio::test(flavor = "multi_thread")]
async fn each_migration_is_undone_by_its_own_way_back() {
    let app = App::start().await;
    revert_everything(&app).await;
    let mut shapes = vec![shape(&app).await];
    let count = step(&app, Step::Count).await;
    for _ in 0..count {
        step(&app, Step::Next).await;
        shapes.push(shape(&app).await);
    }
    while shapes.pop().is_some() {
        let Some(before) = shapes.last() else { break };
        let name = step(&app, Step::Back).await;
        let after = shape(&app).await;
        let differing: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(differing.is_empty(), "undoing migration {name} of {count}: {differing:#?}");
    }
    app.stop().await;
}

enum Step {
    Count,
    Next,
    Back,
}

/// Answers how many migrations wait.
async fn step(app: &App, step: Step) -> usize {
    let conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    tokio::task::block_in_place(|| {
        let mut harness = AsyncMigrationHarness::new(conn);
        match step {
            Step::Count => {}
            Step::Next => drop(harness.run_next_migration(MIGRATIONS).unwrap()),
            Step::Back => drop(harness.revert_last_migration(MIGRATIONS).unwrap()),
        }
        harness.pending_migrations(MIGRATIONS).unwrap().len()
    })
}

/// Columns, constraints, indexes, triggers, policies and functions, each as PostgreSQL tells it. A way back
/// may leave rows alone that an old constraint would not have let in.
async fn shape(app: &App) -> BTreeSet<String> {
    let mut conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    let told: Vec<Told> = diesel::sql_query(
        "SELECT format('%s.%s %s %s %s', table_name, column_name, udt_name, is_nullable, column_default) AS told
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'
         UNION ALL SELECT format('%s %s', conrelid::regclass, replace(pg_get_constraintdef(oid), ' NOT VALID', '')) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND contype <> 't'
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
         UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT format('%s %s %s %s', tablename, policyname, qual, with_check) FROM pg_policies
         UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'diesel\\_%'",
    )
    .load(&mut conn)
    .await
    .unwrap();
    told.into_iter().map(|row| row.told).collect()
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    told: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn schema_rs_says_what_the_migrations_made() {
    let app = App::start().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db/schema.rs");
    let written = fs::read_to_string(&path).unwrap();
    let joins = written.lines().filter(|line| line.starts_with("diesel::joinable!"));
    let expected = joins.fold(schema(&app).await, |text, join| text + "\n" + join + "\n");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, expected).unwrap();
    } else {
        let differing = expected.lines().zip(written.lines()).find(|(made, told)| made != told);
        assert!(
            expected == written,
            "src/db/schema.rs differs from the database, first at {differing:?} (made, told); \
             type UPDATE_SCHEMA=1 cargo test --test api schema"
        );
    }
    app.stop().await;
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    udt_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    key: Option<Vec<String>>,
}

/// `schema.rs` as the database's information schema tells it, joins left out.
async fn schema(app: &App) -> String {
    let mut conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    let columns: Vec<Column> = diesel::sql_query(
        "SELECT c.table_name::text, c.column_name::text, c.udt_name::text, c.is_nullable = 'YES' AS nullable,
                (SELECT array_agg(k.column_name::text ORDER BY k.ordinal_position)
                 FROM information_schema.key_column_usage k
                 JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name, table_name)
                 WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = 'public'
                   AND k.table_name = c.table_name) AS key
         FROM information_schema.columns c
         WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_\\_diesel%'
         ORDER BY c.table_name, c.ordinal_position",
    )
    .load(&mut conn)
    .await
    .unwrap();
    let mut text = String::from(
        "//! The tables as diesel sees them. Written from the database by `UPDATE_SCHEMA=1 cargo test schema`;\n\
         //! a test compares the two.\n",
    );
    let mut tables = Vec::new();
    for table in columns.chunk_by(|a, b| a.table_name == b.table_name) {
        let name = &table[0].table_name;
        let key = table[0].key.clone().unwrap_or_default().join(", ");
        writeln!(text, "\ndiesel::table! {{\n    {name} ({key}) {{").unwrap();
        for column in table {
            let kind = kind(&column.udt_name);
            let kind = if column.nullable { format!("Nullable<{kind}>") } else { kind };
            writeln!(text, "        {} -> {kind},", column.column_name).unwrap();
        }
        text.push_str("    }\n}\n");
        tables.push(format!("    {name},\n"));
    }
    write!(text, "\ndiesel::allow_tables_to_appear_in_same_query!(\n{});\n", tables.concat()).unwrap();
    text
}

/// Diesel's word for a type of PostgreSQL.
fn kind(udt_name: &str) -> String {
    if let Some(element) = udt_name.strip_prefix('_') {
        return format!("Array<{}>", kind(element));
    }
    let word = match udt_name {
        "bool" => "Bool",
        "bytea" => "Binary",
        "date" => "Date",
        "int2" => "Int2",
        "int4" => "Int4",
        "int8" => "Int8",
        "jsonb" => "Jsonb",
        "text" => "Text",
        "timestamp" => "Timestamp",
        "timestamptz" => "Timestamptz",
        "uuid" => "Uuid",
        other => panic!("a type the schema has no word for yet: {other}"),
    };
    word.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_instances_may_migrate_at_once() {
    let app = App::start().await;
    let all = revert_everything(&app).await;
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let url = app.url.clone();
            tokio::spawn(async move { migrate(&url).await.map(|applied| applied.len()) })
        })
        .collect();
    let mut applied = 0;
    for start in starts {
        applied += start.await.unwrap().unwrap();
    }
    assert_eq!(applied, all);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_knows_the_moves_of_the_domain_and_no_other() {
    #[derive(QueryableByName)]
    struct Way {
        #[diesel(sql_type = Text)]
        way: String,
    }
    let app = App::start().await;
    let mut conn = AsyncPgConnection::establish(&app.url).await.unwrap();
    let there: Vec<Way> = diesel::sql_query(
        "SELECT format('%s: %s > %s', name, from_state, to_state) AS way FROM device_moves",
    )
    .load(&mut conn)
    .await
    .unwrap();
    let there: std::collections::BTreeSet<String> = there.into_iter().map(|way| way.way).collect();
    let known = domain::moves::ways()
        .into_iter()
        .map(|way| format!("{}: {} > {}", way.name, way.from.as_str(), way.to.as_str()))
        .collect();
    assert_eq!(there, known);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hand_moves_a_laptop_against_the_arrows() {
    use domain::devices::DeviceState;
    use domain::moves::Move;
    let app = App::start().await;
    let device = app.device("5CD030BC10").await;
    for from in DeviceState::ALL {
        for to in DeviceState::ALL.into_iter().filter(|to| *to != from) {
            let (before, after) = (from.as_str(), to.as_str());
            app.admin_sql(&format!(
                "SET session_replication_role = replica; UPDATE devices SET state = '{before}' WHERE id = '{device}'"
            ))
            .await;
            let moved = app
                .sql("every", &format!("UPDATE devices SET state = '{after}' WHERE id = '{device}'"))
                .await;
            let known = Move::ALL.into_iter().any(|one| one.allows(from, to));
            match moved {
                // Nobody holds it: what is known may still be refused, for its loan's sake.
                Ok(()) => assert!(known && to != DeviceState::Lent, "{before} > {after}"),
                Err(said) if known => {
                    assert!(
                        said.to_string().contains("lent_laptops_have_a_loan"),
                        "{before} > {after}: {said}"
                    );
                }
                Err(said) => {
                    assert!(said.to_string().contains("device_move_is_known"), "{before} > {after}: {said}")
                }
            }
        }
    }
    app.stop().await;
}
