//! Builds what the demo and the browser tests run: the widget in `dist/`, the server, the demo provider.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};

use crate::command;
use crate::progress::{self, Stopwatch};
use crate::tools;
use crate::wasm_parts;
use crate::workspace::Workspace;

/// Everything the built widget depends on.
const SOURCES: [&str; 15] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "packages/connect",
    "protocol/Cargo.toml",
    "protocol/src",
    "rust-toolchain.toml",
    "services/icons",
    "src",
    "style",
    "xtask/src/browser_build.rs",
    "xtask/src/wasm_binary.rs",
    "xtask/src/wasm_exports.rs",
    "xtask/src/wasm_imports.rs",
    "xtask/src/wasm_parts.rs",
];
/// Folders among them that hold results, not sources.
const RESULTS: [&str; 3] = ["node_modules", "dist", "tests"];
/// Says which sources `dist/` was built from; a build removes it with everything else in there.
const STAMP: &str = "dist/.sources";

/// Builds the widget for release, unless `dist/` was built from these very sources.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    tools::widget(workspace)?;
    let stamp = stamp(workspace.root())?;
    if fs::read_to_string(workspace.path(STAMP)).is_ok_and(|found| found == stamp) {
        progress::done("the widget in dist/ is up to date");
        return Ok(());
    }
    build(workspace, stamp.trim())?;
    fs::write(workspace.path(STAMP), stamp).with_context(|| format!("cannot write {STAMP}"))
}

fn build(workspace: &Workspace, id: &str) -> Result<()> {
    let watch = Stopwatch::start();
    progress::busy("building the widget for release (the first time takes some minutes)");
    let dist = workspace.path("dist");
    wasm_parts::build(workspace, &dist, id).context("the widget could not be built")?;
    let mut bundle = workspace.command("node")?;
    command::run(
        bundle
            .arg("packages/connect/build.mjs")
            .arg("--dist")
            .arg(&dist),
    )?;
    progress::done(format!(
        "the widget is built into dist/ ({})",
        watch.reading()
    ));
    Ok(())
}

/// Builds the server and the demo provider.
pub(crate) fn host_binaries(workspace: &Workspace) -> Result<()> {
    let watch = Stopwatch::start();
    progress::busy("building the server and the demo provider");
    let mut build = workspace.cargo("build")?;
    // All packages of the host are selected, as in the tests: the dependencies are compiled once for both.
    build.args(["--workspace", "--exclude", "railhead-widget"]);
    build.args(["--bin", "railhead", "--bin", "demo-provider"]);
    command::run(&mut build)?;
    progress::done(format!(
        "the server and the demo provider are built ({})",
        watch.reading()
    ));
    Ok(())
}

/// A number that changes with any of the sources.
fn stamp(root: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        add(&root.join(source), source, &mut hasher)
            .with_context(|| format!("cannot read {source}"))?;
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

fn add(path: &Path, name: &str, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    name.hash(hasher);
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if !RESULTS.contains(&name.as_ref()) {
                add(&entry.path(), &name, hasher)?;
            }
        }
    } else if path.exists() {
        fs::read(path)?.hash(hasher);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stamp_follows_the_sources_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("src/lib.rs", "one");
        write("packages/connect/src/index.ts", "one");
        let first = stamp(root.path()).unwrap();
        write("packages/connect/node_modules/x/index.js", "installed");
        write("server/src/main.rs", "not the widget's");
        assert_eq!(stamp(root.path()).unwrap(), first);
        write("src/lib.rs", "two");
        let second = stamp(root.path()).unwrap();
        assert_ne!(second, first);
        write("src/app.rs", "");
        assert_ne!(stamp(root.path()).unwrap(), second);
    }
}
