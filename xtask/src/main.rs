//! The developer's commands: `cargo xtask demo|gallery|test|check|generate|serve|dist|bench|fuzz|postgres`.
//!
//! Each command installs what it needs at the versions pinned in this repository, says what it does and how
//! long it took, and where it cannot go on says what to do.

mod bench;
mod borders;
mod broker;
mod browser_build;
mod command;
mod counts;
mod demo;
mod dist;
mod documents;
mod end_to_end;
mod fuzz;
mod fuzz_api;
mod gallery;
mod generate;
mod postgres;
mod progress;
mod serve;
mod signal;
mod steps;
mod suite;
mod texts;
mod tools;
mod wasm_binary;
mod wasm_exports;
mod wasm_imports;
mod wasm_parts;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// The developer's commands of Railhead Connect.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Builds everything, starts it on localhost with a demo site and prints the addresses.
    Demo(demo::Options),
    /// Writes every component and every step in every state as pages to look at.
    Gallery(gallery::Options),
    /// Runs every check and every test.
    Test(suite::Options),
    /// Formatting, clippy on both targets, borders, generated files and documents; no tests.
    Check(suite::CheckOptions),
    /// Writes the files that are generated from the Rust sources.
    Generate(generate::Options),
    /// Rebuilds the widget at each change and serves it, unoptimised, beside a demo that runs.
    Serve,
    /// Builds the widget for release and measures it.
    Dist(dist::Options),
    /// Measures the server, or the widget.
    Bench(bench::Options),
    /// Throws made-up inputs at the parsers of what strangers send.
    Fuzz(fuzz::Options),
    /// Runs a throw-away PostgreSQL and prints its address.
    Postgres(postgres::Options),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    match &arguments.command {
        Command::Demo(options) => demo::run(&workspace, options),
        Command::Gallery(options) => gallery::run(&workspace, options),
        Command::Test(options) => suite::test(&workspace, options),
        Command::Check(options) => suite::check(&workspace, options),
        Command::Generate(options) => generate::run(&workspace, options),
        Command::Serve => serve::run(&workspace),
        Command::Dist(options) => dist::run(&workspace, options),
        Command::Bench(options) => bench::run(&workspace, options),
        Command::Fuzz(options) => fuzz::run(&workspace, options),
        Command::Postgres(options) => postgres::run(&workspace, options),
    }
}
