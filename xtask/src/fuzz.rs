//! `cargo xtask fuzz`: throws made-up callbacks, token answers and service files at the parsers that read them, guided
//! by the code they reach. The test command does the same for a fixed number of inputs.
//!
//! There is no sanitizer: the parsers have no unsafe code, and the build costs half.

use std::fs;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::command;
use crate::counts::Counts;
use crate::progress::{self, Stopwatch};
use crate::tools;
use crate::workspace::Workspace;

/// How many inputs each target gets in the test command.
const RUNS: u32 = 50_000;

/// What to fuzz, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The target; all of them, one after the other, when left out.
    target: Option<Target>,
    /// How long each one runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// What is read from strangers; each is a file in `fuzz/fuzz_targets/`.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Target {
    /// The query with which a service sends the browser back.
    CallbackParameters,
    /// What a token endpoint answers.
    TokenAnswers,
    /// A file of the services directory.
    ServiceFiles,
}

/// Runs one target or all for a time, from where the last run ended.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    build(workspace)?;
    let chosen = options.target.as_slice();
    let targets = if chosen.is_empty() {
        Target::value_variants()
    } else {
        chosen
    };
    for &target in targets {
        progress::heading(&format!("fuzzing {}", target.name()));
        let time = format!("-max_total_time={}", options.seconds);
        if !fuzz(workspace, target, &[&time])? {
            bail!(
                "{} found something: see above how to repeat it",
                target.name()
            );
        }
    }
    Ok(())
}

/// Runs every target with the same inputs each time; each counts as one test.
pub(crate) fn test(workspace: &Workspace) -> Result<Counts> {
    build(workspace)?;
    let mut counts = Counts::default();
    for &target in Target::value_variants() {
        let watch = Stopwatch::start();
        // What earlier runs found is left aside: it is not the same everywhere.
        let _ = fs::remove_dir_all(workspace.target("fuzz/corpus").join(target.name()));
        if fuzz(workspace, target, &["-seed=1", &format!("-runs={RUNS}")])? {
            counts.passed += 1;
            progress::done(format!(
                "{}: {RUNS} inputs ({})",
                target.name(),
                watch.reading()
            ));
        } else {
            counts.failed += 1;
        }
    }
    Ok(counts)
}

impl Target {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

fn build(workspace: &Workspace) -> Result<()> {
    tools::fuzzing(workspace)?;
    let watch = Stopwatch::start();
    progress::busy("building the fuzzers (the first time 2 to 5 minutes)");
    // The same versions as in everything else that is tested.
    fs::copy(
        workspace.path("Cargo.lock"),
        workspace.path("fuzz/Cargo.lock"),
    )
    .context("fuzz/Cargo.lock")?;
    let mut build = cargo_fuzz(workspace, "build")?;
    command::run(&mut build)?;
    progress::done(format!("the fuzzers are built ({})", watch.reading()));
    Ok(())
}

/// Runs a target; returns whether it found nothing.
fn fuzz(workspace: &Workspace, target: Target, flags: &[&str]) -> Result<bool> {
    let name = target.name();
    let found = workspace.target("fuzz/corpus").join(&name);
    let artifacts = workspace.target("fuzz/artifacts").join(&name);
    for folder in [&found, &artifacts] {
        fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    let mut fuzz = cargo_fuzz(workspace, "run")?;
    fuzz.arg(&name)
        .arg(&found)
        .arg(workspace.path("fuzz/corpus").join(&name))
        .arg("--")
        .args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=1024"])
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args(["-verbosity=0", "-print_funcs=0"])
        .args(flags);
    Ok(command::tee(&mut fuzz)?.succeeded)
}

fn cargo_fuzz(workspace: &Workspace, subcommand: &str) -> Result<std::process::Command> {
    let mut command = workspace.command("cargo-fuzz")?;
    command
        .args(["fuzz", subcommand, "--dev", "--sanitizer", "none"])
        .arg("--target-dir")
        .arg(workspace.target("fuzz"))
        // The flags of its instrumentation are not all stable.
        .env("RUSTC_BOOTSTRAP", "1");
    Ok(command)
}
