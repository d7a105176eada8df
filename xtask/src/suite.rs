//! `cargo xtask test` and `cargo xtask check`: runs the steps in order and sums up.

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::counts::Counts;
use crate::progress::{self, Ink, Reading, Stopwatch, ink};
use crate::steps::Step;
use crate::workspace::Workspace;

/// Which steps to run.
#[derive(Debug, Default, Args)]
pub(crate) struct Options {
    /// Leaves out the browsers, the fuzzing and the release build.
    #[arg(long, conflicts_with = "only")]
    quick: bool,
    /// Runs this step alone; may be given several times.
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
    /// Runs the end-to-end tests in Chromium alone, and not in Firefox and WebKit.
    #[arg(long, conflicts_with_all = ["only", "quick"])]
    one_engine: bool,
    /// Goes on after a step that failed.
    #[arg(long)]
    keep_going: bool,
}

/// How to run the checks.
#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Goes on after a step that failed.
    #[arg(long)]
    keep_going: bool,
}

/// How a step ended.
#[derive(Debug)]
enum Outcome {
    Passed(Counts),
    TestsFailed(Counts),
    Broke,
    NotRun,
}

/// A step and how it ended.
#[derive(Debug)]
struct Record {
    step: Step,
    outcome: Outcome,
    took: Reading,
    /// What could not be tested here.
    left_out: Vec<String>,
}

/// Runs the tests.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    finish(&run(workspace, &options.steps(), options.keep_going))
}

impl Options {
    fn steps(&self) -> Vec<Step> {
        Step::value_variants()
            .iter()
            .copied()
            .filter(|step| self.only.is_empty() || self.only.contains(step))
            .filter(|step| !(self.quick && step.is_slow()))
            .filter(|step| !(self.one_engine && step.is_another_engine()))
            .collect()
    }
}

/// Runs the checks that compile, but run nothing.
pub(crate) fn check(workspace: &Workspace, options: &CheckOptions) -> Result<()> {
    let records = run(workspace, &Step::CHECKS, options.keep_going);
    print_table(&records);
    let failed = records
        .iter()
        .filter(|record| !record.outcome.is_good())
        .count();
    if failed > 0 {
        bail!("{failed} of {} checks did not pass", records.len());
    }
    Ok(())
}

fn run(workspace: &Workspace, steps: &[Step], keep_going: bool) -> Vec<Record> {
    let mut records = Vec::new();
    let mut stopped = false;
    for &step in steps {
        let watch = Stopwatch::start();
        let mut left_out = Vec::new();
        let outcome = if stopped {
            Outcome::NotRun
        } else {
            progress::heading(step.title());
            run_one(workspace, step, &mut left_out)
        };
        if let Outcome::Passed(_) = outcome {
            progress::done(format!("{} ({})", step.title(), watch.reading()));
        }
        stopped |= !keep_going && !outcome.is_good();
        records.push(Record {
            step,
            outcome,
            took: watch.reading(),
            left_out,
        });
    }
    records
}

fn run_one(workspace: &Workspace, step: Step, left_out: &mut Vec<String>) -> Outcome {
    match step.run(workspace, left_out) {
        Ok(counts) if counts.failed == 0 => Outcome::Passed(counts),
        Ok(counts) => {
            println!("   {} {}: {counts}", ink(Ink::Red, "✗"), step.title());
            println!(
                "     to repeat it alone: cargo xtask test --only {}",
                step.name()
            );
            Outcome::TestsFailed(counts)
        }
        Err(error) => {
            println!("   {} {}: {error:#}", ink(Ink::Red, "✗"), step.title());
            println!(
                "     to repeat it alone: cargo xtask test --only {}",
                step.name()
            );
            Outcome::Broke
        }
    }
}

impl Outcome {
    fn is_good(&self) -> bool {
        matches!(self, Self::Passed(_))
    }

    /// The tests of this step; a step that broke counts as one failure.
    fn counts(&self) -> Counts {
        match self {
            Self::Passed(counts) | Self::TestsFailed(counts) => *counts,
            Self::Broke => Counts {
                failed: 1,
                ..Counts::default()
            },
            Self::NotRun => Counts::default(),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Passed(counts) if counts.none_ran() => "ok".to_owned(),
            Self::Passed(counts) => format!("ok, {counts}"),
            Self::TestsFailed(counts) => format!("failed, {counts}"),
            Self::Broke => "failed".to_owned(),
            Self::NotRun => "not run".to_owned(),
        }
    }
}

fn print_table(records: &[Record]) {
    println!();
    for record in records {
        let colour = match record.outcome {
            Outcome::Passed(_) => Ink::Green,
            Outcome::TestsFailed(_) | Outcome::Broke => Ink::Red,
            Outcome::NotRun => Ink::Dim,
        };
        println!(
            "{:>12}  {:<36} {}",
            record.took,
            record.step.title(),
            ink(colour, record.outcome.words())
        );
    }
    for record in records {
        for words in &record.left_out {
            let mark = ink(Ink::Red, "NOT TESTED");
            println!("\n{mark} in {}: {words}", record.step.title());
        }
    }
}

/// Prints the table and, as the very last line, the sum of all suites.
fn finish(records: &[Record]) -> Result<()> {
    print_table(records);
    let broken: Vec<String> = records
        .iter()
        .filter(|record| matches!(record.outcome, Outcome::Broke | Outcome::TestsFailed(_)))
        .map(|record| record.step.name())
        .collect();
    let sum = sum(records);
    if broken.is_empty() {
        println!("\n{sum}");
        return Ok(());
    }
    println!("\nerror: failed: {}\n\n{sum}", broken.join(", "));
    // The sum is the last line: nothing may be printed behind it.
    std::process::exit(1)
}

fn sum(records: &[Record]) -> Counts {
    let mut sum = Counts::default();
    for record in records {
        sum += record.outcome.counts();
    }
    sum
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn record(outcome: Outcome) -> Record {
        Record {
            step: Step::Host,
            outcome,
            took: Reading(Duration::ZERO),
            left_out: Vec::new(),
        }
    }

    #[test]
    fn every_engine_is_tried_unless_one_is_enough() {
        let engines = |options: Options| {
            let all = [Step::E2e, Step::E2eFirefox, Step::E2eWebkit];
            all.map(|step| options.steps().contains(&step))
        };
        assert_eq!(engines(Options::default()), [true; 3]);
        let one_engine = Options {
            one_engine: true,
            ..Options::default()
        };
        assert_eq!(engines(one_engine), [true, false, false]);
        let quick = Options {
            quick: true,
            ..Options::default()
        };
        assert_eq!(engines(quick), [false; 3]);
    }

    #[test]
    fn a_step_that_broke_never_sums_up_to_no_failures() {
        let passed = Counts {
            passed: 7,
            failed: 0,
            ..Counts::default()
        };
        let records = [
            record(Outcome::Passed(passed)),
            record(Outcome::Broke),
            record(Outcome::NotRun),
        ];
        assert_eq!(sum(&records).to_string(), "7 passed, 1 failed");
    }
}
