//! Node, which is asked for, and npm packages, which are installed from their lock files.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::command;
use crate::progress::{self, Stopwatch};
use crate::workspace::Workspace;

/// The oldest Node that the scripts and the demo site run on.
const OLDEST_NODE: u32 = 20;

/// Checks that Node is there and not too old.
pub(super) fn ensure() -> Result<()> {
    let Ok(answer) = command::capture(Command::new("node").arg("--version")) else {
        bail!(
            "Node {OLDEST_NODE} or newer is needed: install it from your system's packages or nodejs.org"
        );
    };
    match major(&answer) {
        Some(version) if version >= OLDEST_NODE => Ok(()),
        _ => bail!(
            "Node {OLDEST_NODE} or newer is needed; this one is {}",
            answer.trim()
        ),
    }
}

/// Installs a folder's npm packages unless they are newer than its lock file.
pub(super) fn install(workspace: &Workspace, folder: &str) -> Result<()> {
    let folder_path = workspace.path(folder);
    if is_current(&folder_path) {
        progress::done(format!("npm packages of {folder}"));
        return Ok(());
    }
    let watch = Stopwatch::start();
    progress::busy(format!("installing the npm packages of {folder}"));
    command::run(Command::new("npm").current_dir(&folder_path).args([
        "ci",
        "--no-audit",
        "--no-fund",
    ]))
    .with_context(|| format!("once `npm ci` works in {folder}, run this command again"))?;
    progress::done(format!(
        "npm packages of {folder} installed ({})",
        watch.reading()
    ));
    Ok(())
}

fn is_current(folder: &Path) -> bool {
    let changed = |path: &str| -> Option<SystemTime> {
        fs::metadata(folder.join(path))
            .and_then(|file| file.modified())
            .ok()
    };
    match (
        changed("node_modules/.package-lock.json"),
        changed("package-lock.json"),
    ) {
        (Some(installed), Some(wanted)) => installed >= wanted,
        _ => false,
    }
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use std::fs::{File, create_dir, write};
    use std::time::Duration;

    use super::*;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("node"), None);
    }

    #[test]
    fn packages_older_than_the_lock_file_are_installed_again() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_current(folder.path()));
        create_dir(folder.path().join("node_modules")).unwrap();
        write(folder.path().join("node_modules/.package-lock.json"), "{}").unwrap();
        write(folder.path().join("package-lock.json"), "{}").unwrap();
        let lock = File::options()
            .write(true)
            .open(folder.path().join("package-lock.json"));
        let lock = lock.unwrap();
        lock.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(is_current(folder.path()));
        let installed = folder.path().join("node_modules/.package-lock.json");
        let installed = fs::metadata(installed).unwrap().modified().unwrap();
        lock.set_modified(installed + Duration::from_secs(1))
            .unwrap();
        assert!(!is_current(folder.path()));
    }
}
