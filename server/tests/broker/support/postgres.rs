//! PostgreSQL databases of a server that the test command starts.

use railhead_server::entropy::{self, SystemEntropy};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use url::Url;

/// Names a server that tests may make databases in; `none` where there is none.
pub(crate) const SERVER: &str = "RAILHEAD_TEST_POSTGRES";
/// `postgres` has every test use PostgreSQL that does not ask for another database.
pub(crate) const STORE: &str = "RAILHEAD_TEST_STORE";

/// Shall tests that do not care use PostgreSQL?
pub(crate) fn is_usual() -> bool {
    std::env::var(STORE).is_ok_and(|store| store == "postgres")
}

/// A new, empty database. `None`, said aloud, where there is no PostgreSQL.
pub(crate) async fn database() -> Option<Url> {
    let server = std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} is not set: `cargo xtask test --only host` starts PostgreSQL and sets it")
    });
    if server == "none" {
        eprintln!("passed over: there is no PostgreSQL here");
        return None;
    }
    let mut url = Url::parse(&server).unwrap();
    let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
    let name = entropy::id(&SystemEntropy, "railhead_").to_lowercase();
    let create = format!("CREATE DATABASE \"{name}\"");
    sqlx::query(AssertSqlSafe(create))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    url.set_path(&name);
    Some(url)
}
