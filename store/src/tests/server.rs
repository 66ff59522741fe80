//! The PostgreSQL server that the tests run on, where `DISCOVER_TEST_POSTGRES` names one (as somebody who may do everything
//! there); else each store is a file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use discover_model::proof::sha256_hex;
use sqlx::AssertSqlSafe;
use tokio::sync::{Mutex, OnceCell};
use url::Url;

use crate::database::{Connection, postgres, query, query_scalar};
use crate::{BUSY, PostgresAddress, migrations};

fn server() -> Option<Url> {
    let server = std::env::var("DISCOVER_TEST_POSTGRES").ok()?;
    (!server.is_empty()).then(|| server.parse().unwrap())
}

pub(crate) fn is_on_postgres() -> bool {
    server().is_some()
}

/// Whether the stores of the tests are on PostgreSQL: what is SQLite's alone is not tried there, and says so.
pub(crate) fn on_postgres(why: &str) -> bool {
    let skipped = is_on_postgres();
    if skipped {
        eprintln!("skipped on PostgreSQL: {why}");
    }
    skipped
}

fn address(server: &Url, database: &str) -> PostgresAddress {
    let mut address = server.clone();
    address.set_path(database);
    address.as_str().parse().unwrap()
}

async fn connect(address: &PostgresAddress) -> Connection {
    let connected = postgres::connect(address, BUSY).await;
    connected.map(Connection::Postgres).unwrap()
}

/// Runs a statement of the test's own.
pub(crate) async fn run(connection: &mut Connection, sql: String) {
    query(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}

/// Databases that were made, by the folder they belong to.
static MADE: Mutex<Option<HashMap<PathBuf, String>>> = Mutex::const_new(None);

/// A database that has the schema, of which the others are copies: to make one is quicker so.
async fn template(server: &Url) -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let make = async || {
        let name = format!("discover_template_{}", std::process::id());
        let mut connection = connect(&server.as_str().parse().unwrap()).await;
        run(&mut connection, format!("CREATE DATABASE {name}")).await;
        connection.close().await.unwrap();
        let mut connection = connect(&address(server, &name)).await;
        migrations::run(&mut connection, Path::new(&name))
            .await
            .unwrap();
        // Nothing that is looked for in the files is hidden by compression.
        let stored = "SELECT format('ALTER TABLE %I ALTER COLUMN %I SET STORAGE EXTERNAL', table_name, column_name)
             FROM information_schema.columns WHERE table_schema = current_schema() AND data_type IN ('text', 'bytea')";
        let stored: Vec<String> = query_scalar(stored)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        for sql in stored {
            run(&mut connection, sql).await;
        }
        connection.close().await.unwrap();
        name
    };
    TEMPLATE.get_or_init(make).await
}

/// Where the store of a folder is: a database of its own, which goes when the folder has gone and another one is made.
pub(crate) async fn address_of(dir: &Path) -> Option<PostgresAddress> {
    let server = server()?;
    let template = template(&server).await;
    let mut made = MADE.lock().await;
    let made = made.get_or_insert_default();
    if let Some(name) = made.get(dir) {
        return Some(address(&server, name));
    }
    let mut connection = connect(&server.as_str().parse().unwrap()).await;
    let gone: Vec<PathBuf> = made.keys().filter(|dir| !dir.exists()).cloned().collect();
    for dir in gone {
        if let Some(name) = made.remove(&dir) {
            run(
                &mut connection,
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            )
            .await;
        }
    }
    let name = format!(
        "discover_{}",
        &sha256_hex(dir.to_string_lossy().as_bytes())[..16]
    );
    run(
        &mut connection,
        format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await;
    connection.close().await.unwrap();
    made.insert(dir.to_owned(), name.clone());
    Some(address(&server, &name))
}

/// Puts the database of one folder in the place of another's.
pub(crate) async fn put_in_place(from: &Path, of: &Path) {
    let mut made = MADE.lock().await;
    let made = made.get_or_insert_default();
    let name = made[from].clone();
    made.insert(of.to_owned(), name);
}

/// Asks the server something from within a test that does not wait for answers.
fn asked<T: Send>(ask: impl AsyncFnOnce(Connection) -> T + Send) -> Option<T> {
    let server = server()?;
    let answer = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .unwrap()
                .block_on(async { ask(connect(&server.as_str().parse().unwrap()).await).await })
        });
        thread.join().unwrap()
    });
    Some(answer)
}

/// The folder of the files of a folder's database, with everything in them that is in memory.
pub(crate) fn database_folder(dir: &Path) -> Option<PathBuf> {
    asked(async |mut connection| {
        let made = MADE.lock().await;
        let name = made.as_ref()?.get(dir)?;
        let folder: String = query_scalar(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = ?",
        )
        .bind(name)
        .fetch_one(&mut connection)
        .await
        .unwrap();
        run(&mut connection, "CHECKPOINT".to_owned()).await;
        Some(PathBuf::from(folder))
    })
    .flatten()
}
