//! Copies of the data, made while a server goes on: with the vault's keys everything in them opens, without them nothing.

use crate::support::busy::{busy_during, restless, token};
use crate::support::process::{railhead, railhead_fails, railhead_with, use_database};
use crate::support::{Setup, World, config, postgres};
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::Parts;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use url::Url;

/// A server on a copy of the data that lies in `folder`, in place of the one before.
async fn moved(world: World, folder: TempDir) -> World {
    let World {
        server,
        provider,
        clock,
        machine,
        ..
    } = world;
    server.stop().await;
    let parts = Parts {
        config: config(folder.path(), &provider.url),
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
    };
    let server = machine.start(parts).await.unwrap();
    World {
        server,
        provider,
        clock,
        folder,
        machine,
    }
}

/// An empty data directory, and with which key.
fn elsewhere(key: Option<&Path>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    if let Some(key) = key {
        std::fs::copy(key, data.join("vault.key")).unwrap();
    }
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_under_load_is_restored_with_the_key_and_refused_without() {
    let world = restless(Setup {
        sqlite: true,
        ..Setup::default()
    })
    .await;
    let (key, folder) = (world.sandbox_key(), world.folder.path().to_owned());
    let copies = tokio::task::spawn_blocking(move || {
        let copy = |number: u32| {
            let to = folder.join(format!("copy-{number}.sqlite"));
            railhead(&folder, &["backup", "--to", to.to_str().unwrap()]);
            to
        };
        [1, 2, 3].map(copy)
    });
    let meanwhile = busy_during(&world, &key, copies).await;
    for copy in meanwhile.done.unwrap() {
        assert_private(&copy);
        let restored = elsewhere(Some(&world.folder.path().join("data/vault.key")));
        std::fs::copy(&copy, restored.path().join("data/railhead.sqlite")).unwrap();
        let verified = railhead(restored.path(), &["vault", "verify"]);
        assert!(verified.contains("all of them open"), "{verified}");
    }
    let last = world.folder.path().join("last.sqlite");
    let to = ["backup", "--to", last.to_str().unwrap()];
    railhead(world.folder.path(), &to);
    let before = std::fs::read(&last).unwrap();
    let refused = railhead_fails(world.folder.path(), &to);
    assert!(refused.contains("is there already"), "{refused}");
    assert!(before == std::fs::read(&last).unwrap());
    let beside: Vec<_> = std::fs::read_dir(world.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("partial"))
        .collect();
    assert_eq!(beside, [""; 0], "nothing is left over");

    let keyless = elsewhere(None);
    std::fs::copy(&last, keyless.path().join("data/railhead.sqlite")).unwrap();
    let refused = railhead_fails(keyless.path(), &["serve"]);
    assert!(refused.contains("vault.key is not there"), "{refused}");
    assert!(!keyless.path().join("data/vault.key").exists());

    let restored = elsewhere(Some(&world.folder.path().join("data/vault.key")));
    std::fs::copy(&last, restored.path().join("data/railhead.sqlite")).unwrap();
    let world = moved(world, restored).await;
    for connection in &meanwhile.connections {
        assert!(token(&world, &key, connection).await.is_some());
    }
}

#[cfg(unix)]
fn assert_private(file: &Path) {
    let permissions = std::fs::metadata(file).unwrap().permissions();
    let mode = std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777;
    assert_eq!(mode, 0o600, "{}", file.display());
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}

#[test]
fn a_copy_that_cannot_be_made_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.sqlite");
    let arguments = ["backup", "--to", to.to_str().unwrap()];
    let told = railhead_fails(folder.path(), &arguments);
    assert!(told.contains("railhead.sqlite is not there"), "{told}");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("railhead.sqlite"), "no database").unwrap();
    railhead_fails(folder.path(), &arguments);
    let postgres = [("RAILHEAD_DATABASE", "postgres://localhost/railhead")];
    let (succeeded, _, told) = railhead_with(folder.path(), &arguments, &postgres);
    assert!(!succeeded && told.contains("pg_dump"), "{told}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// One of PostgreSQL's programs.
fn tool(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let installed = installed.map(|version| version.unwrap().path().join("bin"));
    // The newest one reads and writes what all others do.
    let mut installed: Vec<_> = installed.collect();
    installed.sort();
    let folders = installed
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&on_path));
    let mut programs = folders.map(|folder| folder.join(name));
    let program = programs.find(|program| program.is_file());
    program.unwrap_or_else(|| panic!("{name} of PostgreSQL is not installed"))
}

fn run(program: &str, arguments: &[&str]) {
    let mut command = Command::new(tool(program));
    let output = command.args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {errors}");
}

/// Dumps the database at `from` and restores it to a new one, which the folder uses that is answered.
async fn dumped_and_restored(from: &Url, key: Option<&Path>) -> TempDir {
    let (folder, fresh) = (elsewhere(key), postgres::database().await.unwrap());
    let file = folder.path().join("railhead.dump");
    let (to, from, into) = (
        format!("--file={}", file.display()),
        from.to_string(),
        format!("--dbname={fresh}"),
    );
    let work = move || {
        run("pg_dump", &["--format=custom", &to, &from]);
        let file = file.to_str().unwrap();
        run(
            "pg_restore",
            &["--no-owner", "--exit-on-error", &into, file],
        );
    };
    tokio::task::spawn_blocking(work).await.unwrap();
    use_database(folder.path(), &fresh);
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_of_postgresql_made_under_load_is_restored_with_the_key() {
    let Some(database) = postgres::database().await else {
        return;
    };
    let world = restless(Setup {
        database: Some(database.clone()),
        ..Setup::default()
    })
    .await;
    let key = world.sandbox_key();
    let file = world.folder.path().join("data/vault.key");
    let work = Box::pin(dumped_and_restored(&database, Some(&file)));
    let meanwhile = busy_during(&world, &key, work).await;
    let verified = railhead(meanwhile.done.path(), &["vault", "verify"]);
    assert!(verified.contains("all of them open"), "{verified}");

    let keyless = dumped_and_restored(&database, None).await;
    let refused = railhead_fails(keyless.path(), &["serve"]);
    assert!(refused.contains("vault.key is not there"), "{refused}");

    let restored = dumped_and_restored(&database, Some(&file)).await;
    let world = moved(world, restored).await;
    for connection in &meanwhile.connections {
        assert!(token(&world, &key, connection).await.is_some());
    }
}
