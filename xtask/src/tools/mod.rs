//! Makes sure that the tools a command needs are there, at the versions this repository pins.
//!
//! A tool that is on the PATH at the right version is used; otherwise it is installed into `.tools/`, which
//! concerns no other project. The browsers come from the system's packages, and PostgreSQL where they have it.

mod browser;
mod cargo_tool;
mod debian;
mod engine;
mod node;
mod postgres;
mod python;
mod rust;

use std::path::{Path, PathBuf};

use anyhow::Result;

pub(crate) use browser::Browser;
pub(crate) use debian::is_root;
pub(crate) use engine::{Engine, Ready};
pub(crate) use postgres::Programs as PostgresPrograms;

use crate::progress::{self, Stopwatch};
use crate::workspace::Workspace;

/// What cargo needs: the components and the target of `rust-toolchain.toml`.
pub(crate) fn rust(workspace: &Workspace) -> Result<()> {
    rust::ensure(workspace)
}

/// What the widget's build needs: wasm-bindgen, wasm-split and the npm packages.
pub(crate) fn widget(workspace: &Workspace) -> Result<()> {
    let watch = Stopwatch::start();
    rust::ensure(workspace)?;
    cargo_tool::wasm_bindgen(workspace)?.ensure(workspace)?;
    cargo_tool::wasm_split().ensure(workspace)?;
    npm(workspace)?;
    progress::done(format!(
        "the widget's tools are there ({})",
        watch.reading()
    ));
    Ok(())
}

/// Trunk, and what it calls.
pub(crate) fn trunk(workspace: &Workspace) -> Result<()> {
    rust::ensure(workspace)?;
    cargo_tool::trunk().ensure(workspace)?;
    cargo_tool::wasm_bindgen(workspace)?.ensure(workspace)?;
    npm(workspace)
}

/// Node and the npm packages of `packages/connect`, which bring wasm-opt along.
pub(crate) fn npm(workspace: &Workspace) -> Result<()> {
    node::ensure()?;
    node::install(workspace, "packages/connect")
}

/// Chromium and its driver.
pub(crate) fn browser() -> Result<Browser> {
    Browser::ensure()
}

/// The rules of accessibility, which the end-to-end tests check every step with.
pub(crate) fn axe(workspace: &Workspace) -> Result<()> {
    node::ensure()?;
    node::install(workspace, "tests/e2e/peers/axe-core")
}

/// A browser engine with all that the end-to-end tests need of it.
pub(crate) fn engine(workspace: &Workspace, engine: Engine) -> Result<Ready> {
    engine.ensure(workspace)
}

/// The programs of others that the server's tests run against: Node, and their npm packages.
pub(crate) fn peers(workspace: &Workspace) -> Result<()> {
    node::ensure()?;
    node::install(workspace, "tests/peers/oauth2-mock-server")?;
    node::install(workspace, "tests/peers/standardwebhooks")?;
    node::install(workspace, "tests/e2e/peers/oidc-provider")
}

/// The pages that the widget is measured against: Node, and their npm packages.
pub(crate) fn floor(workspace: &Workspace) -> Result<()> {
    node::ensure()?;
    node::install(workspace, "bench/floor")
}

/// PostgreSQL's programs.
pub(crate) fn postgres(workspace: &Workspace) -> Result<PostgresPrograms> {
    PostgresPrograms::ensure(workspace)
}

/// cargo-fuzz.
pub(crate) fn fuzzing(workspace: &Workspace) -> Result<()> {
    rust::ensure(workspace)?;
    cargo_tool::cargo_fuzz().ensure(workspace)
}

/// A virtual environment in `folder` with the Python packages of a requirements file; returns where its programs are.
pub(crate) fn python(workspace: &Workspace, requirements: &str, folder: &Path) -> Result<PathBuf> {
    python::ensure(workspace, requirements, folder)
}
