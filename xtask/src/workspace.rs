//! Where things are in this repository, and which versions it pins.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::command;

/// The target triple of the widget.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The repository, seen from its root.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    test_targets: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
}

impl Workspace {
    /// Finds the root from where this program was compiled, and the target folder from cargo.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("the folder xtask has no parent")?
            .to_path_buf();
        let metadata = command::capture(Command::new("cargo").current_dir(&root).args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
        ]))?;
        let metadata: Metadata =
            serde_json::from_str(&metadata).context("cargo metadata answered something else")?;
        let test_targets = metadata
            .packages
            .into_iter()
            .map(|package| (package.name, test_targets(package.targets)))
            .collect();
        Ok(Self {
            root,
            target: metadata.target_directory,
            test_targets,
        })
    }

    /// The root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A path below cargo's target folder.
    pub(crate) fn target(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.target.join(relative)
    }

    /// Where cargo puts a debug binary of the host.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The names of a package's integration tests.
    pub(crate) fn tests_of(&self, package: &str) -> &[String] {
        self.test_targets.get(package).map_or(&[], Vec::as_slice)
    }

    /// The names of the integration tests of all packages but those named.
    pub(crate) fn tests_except(&self, packages: &[&str]) -> Vec<&str> {
        self.test_targets
            .iter()
            .filter(|(name, _)| !packages.contains(&name.as_str()))
            .flat_map(|(_, tests)| tests.iter().map(String::as_str))
            .collect()
    }

    /// A command that runs in the root, with the pinned tools before anything else on the PATH.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Result<Command> {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("PATH", self.search_path()?);
        Ok(command)
    }

    /// The same for cargo, with the lock file taken as it is.
    pub(crate) fn cargo(&self, subcommand: &str) -> Result<Command> {
        let mut command = self.command("cargo")?;
        command.args([subcommand, "--locked"]);
        Ok(command)
    }

    /// `.tools/bin` and the npm tools, then the PATH as it is.
    fn search_path(&self) -> Result<OsString> {
        let path = env::var_os("PATH").unwrap_or_default();
        let own = [
            self.path(".tools/bin"),
            self.path("packages/connect/node_modules/.bin"),
        ];
        env::join_paths(own.into_iter().chain(env::split_paths(&path)))
            .context("the repository's path cannot be put on PATH (it has a separator in it)")
    }

    /// The version of a crate in `Cargo.lock`.
    pub(crate) fn locked_version(&self, name: &str) -> Result<String> {
        let text = fs::read_to_string(self.path("Cargo.lock")).context("Cargo.lock")?;
        let lock: Lock = toml::from_str(&text).context("Cargo.lock")?;
        lock.package
            .into_iter()
            .find(|package| package.name == name)
            .map(|package| package.version)
            .ok_or_else(|| anyhow!("Cargo.lock has no crate {name}"))
    }
}

fn test_targets(targets: Vec<Target>) -> Vec<String> {
    targets
        .into_iter()
        .filter(|target| target.kind.iter().any(|kind| kind == "test"))
        .map(|target| target.name)
        .collect()
}
