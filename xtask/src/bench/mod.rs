//! `cargo xtask bench`: builds for release, starts what is needed, and has the crate `bench/` measure it.

mod server;
mod widget;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::command;
use crate::progress::{self, Stopwatch};
use crate::workspace::Workspace;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What is measured.
    what: What,
    /// How many polls wait at the same time (server).
    #[arg(long, default_value_t = 10_000)]
    polls: usize,
    /// How often everything is measured; 5 times for the server and 7 for the widget when left out.
    #[arg(long)]
    rounds: Option<usize>,
    /// Starts what would be measured, says where it is, and leaves it there to be looked at (widget).
    #[arg(long)]
    hold: bool,
}

/// The parts that can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Sessions, waiting polls, the vault, and one database beside the other.
    Server,
    /// In Chromium: how soon the widget shows and can be used, beside two hand-written pickers and the reference product.
    Widget,
}

/// Builds, starts and measures; the results are printed and kept in `target/bench/`.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    match options.what {
        What::Server => server::run(workspace, options.polls, options.rounds.unwrap_or(5)),
        What::Widget => widget::run(workspace, options.rounds.unwrap_or(7), options.hold),
    }
}

/// The folder for results.
fn folder(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("bench");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

fn build(workspace: &Workspace) -> Result<()> {
    let watch = Stopwatch::start();
    progress::busy("building the server and what measures it, for release");
    let mut build = workspace.cargo("build")?;
    build.args(["--release", "--bins"]);
    build.args([
        "--package",
        "railhead-server",
        "--package",
        "railhead-bench",
    ]);
    command::run(&mut build)?;
    progress::done(format!("built ({})", watch.reading()));
    Ok(())
}
