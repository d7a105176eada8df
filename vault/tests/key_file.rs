//! The key file on a real disk: made once, private, and refused with a sentence that says what to do.
#![expect(clippy::expect_used, reason = "a test stops where its own steps fail")]

use railhead_vault::key_file::{KeyFileError, Outcome, change, load, load_or_create, replace};
use railhead_vault::{KeyRing, Random};
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

/// Different bytes every time, also in other threads.
fn fresh(buffer: &mut [u8]) {
    for chunk in buffer.chunks_mut(8) {
        chunk.copy_from_slice(&RandomState::new().hash_one(0).to_le_bytes()[..chunk.len()]);
    }
}

fn random() -> impl Random {
    fresh
}

fn place(directory: &tempfile::TempDir) -> PathBuf {
    directory
        .path()
        .join("data")
        .join("of the server")
        .join("vault.key")
}

fn names_in(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("there");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("readable").file_name();
    entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect()
}

#[test]
fn the_first_start_creates_and_the_second_loads_the_same_key() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = place(&directory);
    let (first, created) = load_or_create(&path, &random()).expect("created");
    let (second, loaded) = load_or_create(&path, &random()).expect("loaded");
    assert_eq!((created, loaded), (Outcome::Created, Outcome::Loaded));
    assert_eq!(first.to_text(), second.to_text());
    assert_eq!(names_in(path.parent().expect("it has one")), ["vault.key"]);
}

#[test]
fn two_servers_starting_at_once_share_one_key() {
    for _ in 0..20 {
        let directory = tempfile::tempdir().expect("a directory");
        let path = place(&directory);
        let barrier = std::sync::Barrier::new(4);
        let results: Vec<(KeyRing, Outcome)> = std::thread::scope(|scope| {
            let start = || {
                barrier.wait();
                load_or_create(&path, &random()).expect("created or loaded")
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let created = results
            .iter()
            .filter(|(_, outcome)| *outcome == Outcome::Created);
        assert_eq!(created.count(), 1);
        let text = fs::read_to_string(&path).expect("there");
        assert!(results.iter().all(|(ring, _)| *ring.to_text() == text));
        assert_eq!(names_in(path.parent().expect("it has one")), ["vault.key"]);
    }
}

#[cfg(unix)]
mod permissions {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[test]
    fn a_new_file_and_its_directory_are_the_owners_alone() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = place(&directory);
        let (mut ring, _) = load_or_create(&path, &random()).expect("created");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("it has one")), 0o700);
        ring.rotate(&random()).expect("new id");
        replace(&path, &ring, &random()).expect("written");
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn a_file_others_can_read_is_refused_with_the_command_that_closes_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = place(&directory);
        load_or_create(&path, &random()).expect("created");
        for open in [0o644, 0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(open)).expect("own file");
            let error = load_or_create(&path, &random()).expect_err("open to others");
            let text = error.to_string();
            assert!(matches!(error, KeyFileError::Permissions { mode, .. } if mode == open));
            assert!(
                text.contains(&format!("`chmod 600 {}`", path.display())),
                "{text}"
            );
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("own file");
        assert!(load(&path).is_ok(), "read-only to its owner is fine");
    }
}

#[test]
fn a_rotated_ring_takes_the_place_of_the_keys_before() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = place(&directory);
    let (mut ring, _) = load_or_create(&path, &random()).expect("created");
    ring.rotate(&random()).expect("new id");
    replace(&path, &ring, &random()).expect("written");
    assert_eq!(load(&path).expect("there").to_text(), ring.to_text());
    assert_eq!(names_in(path.parent().expect("it has one")), ["vault.key"]);
}

#[test]
fn keys_that_are_added_at_once_are_all_kept() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = place(&directory);
    load_or_create(&path, &random()).expect("created");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let rotate = |ring: &mut KeyRing| {
                    ring.rotate(&random()).expect("new id");
                    Ok::<_, KeyFileError>(())
                };
                change(&path, &random(), rotate).expect("changed");
            });
        }
    });
    assert_eq!(load(&path).expect("there").ids().count(), 9);
}

#[test]
fn a_missing_file_is_never_made_by_loading_or_replacing() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = place(&directory);
    let ring = KeyRing::generate(&random());
    for error in [load(&path).map(drop), replace(&path, &ring, &random())] {
        assert!(matches!(error, Err(KeyFileError::Missing { .. })));
    }
    assert!(!path.exists());
}

#[test]
fn a_damaged_file_is_left_alone_and_its_keys_stay_out_of_the_error() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = place(&directory);
    let (ring, _) = load_or_create(&path, &random()).expect("created");
    let text = ring.to_text();
    let cut = &text[..text.len() - 4];
    fs::write(&path, cut).expect("own file");

    let error = load_or_create(&path, &random())
        .expect_err("damaged")
        .to_string();
    assert!(
        error.contains("damaged: line 7") && error.contains("backup"),
        "{error}"
    );
    let key = cut.rsplit('"').next().expect("the key");
    assert!(key.len() > 30 && !error.contains(key), "{error}");
    assert_eq!(fs::read_to_string(&path).expect("there"), cut);
}

#[test]
fn something_else_than_a_file_of_keys_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let large = directory.path().join("large");
    load_or_create(&large, &random()).expect("created");
    fs::write(&large, vec![b'#'; 100_000]).expect("own file");
    assert!(matches!(load(&large), Err(KeyFileError::Read { .. })));

    let blocked = large.join("vault.key");
    let error = load_or_create(&blocked, &random()).expect_err("a file is no directory");
    assert!(
        error.to_string().contains(&blocked.display().to_string()),
        "{error}"
    );
}
