//! The components and targets of `rust-toolchain.toml`, where rustup doesn't add them by itself.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::command;
use crate::progress;
use crate::workspace::Workspace;

#[derive(Deserialize)]
struct ToolchainFile {
    toolchain: Toolchain,
}

#[derive(Deserialize)]
struct Toolchain {
    channel: String,
    #[serde(default)]
    components: Vec<String>,
    #[serde(default)]
    targets: Vec<String>,
}

/// Adds what is missing.
pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    let text =
        fs::read_to_string(workspace.path("rust-toolchain.toml")).context("rust-toolchain.toml")?;
    let wanted: ToolchainFile = toml::from_str(&text).context("rust-toolchain.toml")?;
    let wanted = wanted.toolchain;
    if Command::new("rustup").arg("--version").output().is_err() {
        progress::done("no rustup here: taking Rust as the system has it");
        return Ok(());
    }
    add(workspace, "component", &wanted.components)?;
    add(workspace, "target", &wanted.targets)?;
    progress::done(format!(
        "Rust {} with {}",
        wanted.channel,
        wanted.targets.join(", ")
    ));
    Ok(())
}

fn add(workspace: &Workspace, kind: &str, wanted: &[String]) -> Result<()> {
    let installed = command::capture(Command::new("rustup").current_dir(workspace.root()).args([
        kind,
        "list",
        "--installed",
    ]))?;
    for name in missing(wanted, &installed) {
        progress::busy(format!("adding {kind} {name}"));
        command::run(
            Command::new("rustup")
                .current_dir(workspace.root())
                .args([kind, "add", name]),
        )?;
    }
    Ok(())
}

/// The wanted names that the list doesn't have; components are listed with the host behind them.
fn missing<'a>(wanted: &'a [String], installed: &str) -> Vec<&'a str> {
    let is_there = |name: &str| {
        installed.lines().map(str::trim).any(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    };
    wanted
        .iter()
        .map(String::as_str)
        .filter(|name| !is_there(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_components_that_carry_their_host() {
        let installed = "cargo-x86_64-unknown-linux-gnu\nclippy-x86_64-unknown-linux-gnu\n";
        let wanted = ["rustfmt".to_owned(), "clippy".to_owned()];
        assert_eq!(missing(&wanted, installed), ["rustfmt"]);
    }
}
