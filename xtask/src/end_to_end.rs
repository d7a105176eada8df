//! The end-to-end tests, in one browser engine after the other.
//!
//! Chromium runs them all. The others run what concerns the widget in the browser: everything but the module
//! `one_engine` of the tests. An engine that is not there is named in the summary, and so is every test that it was
//! spared because its driver cannot do what the test needs. What fails is run once more, alone: a test that passes then
//! does not stop the rest, and the summary names it as one whose fault is still to be found.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browser_build;
use crate::command;
use crate::counts::{Counts, without_colours};
use crate::gallery;
use crate::progress::{self, Ink};
use crate::steps::{E2E, HOST, counted};
use crate::tools::{self, Engine};
use crate::workspace::Workspace;

/// The module of the tests that are the same in every engine.
const ONE_ENGINE: &str = "one_engine::";

/// More failures than this are no accident.
const FEW: usize = 4;

/// Runs them in `engine`.
pub(crate) fn run(
    workspace: &Workspace,
    engine: Engine,
    left_out: &mut Vec<String>,
) -> Result<Counts> {
    let ready = match tools::engine(workspace, engine) {
        Ok(ready) => ready,
        // Without Chromium nothing of it would be tested.
        Err(error) if engine == Engine::Chromium => return Err(error),
        Err(error) => {
            left_out.push(format!("every test in {}: {error:#}", engine.name()));
            return Ok(Counts::default());
        }
    };
    browser_build::ensure(workspace)?;
    tools::axe(workspace)?;
    browser_build::host_binaries(workspace)?;
    if engine == Engine::Chromium {
        gallery::render(workspace)?;
    }
    let spared = workspace.path(format!("target/e2e/{}/left-out", engine.name()));
    if spared.exists() {
        fs::remove_file(&spared).with_context(|| format!("cannot remove {}", spared.display()))?;
    }
    let more: &[&str] = match engine {
        Engine::Chromium => &[],
        _ => &["--skip", ONE_ENGINE],
    };
    let mut test = tests(workspace, engine, more)?;
    let ran = command::tee(test.envs(ready.0.clone()))?;
    let mut counts = counted(&ran)?;
    // There is no such file when none was.
    let noted = fs::read_to_string(&spared).unwrap_or_default();
    let failed = failed_tests(&ran.text);
    if !failed.is_empty() && failed.len() <= FEW {
        let again = again(workspace, engine, &failed, &ready.0)?;
        counts.failed = again.failed;
        counts.passed += again.passed;
        counts.unstable = again.passed;
    }
    without_spared(counts, &noted, engine, left_out)
}

/// The command that runs the tests; `more` goes to their harness.
fn tests(workspace: &Workspace, engine: Engine, more: &[&str]) -> Result<Command> {
    let mut test = workspace.cargo("test")?;
    test.args(HOST).arg("--no-fail-fast");
    for name in workspace.tests_of(E2E) {
        test.args(["--test", name]);
    }
    test.arg("--").args(more);
    parts(&mut test, workspace, engine);
    Ok(test)
}

/// Runs these once more, one after the other. The traces of the first time are kept beside those of this.
fn again(
    workspace: &Workspace,
    engine: Engine,
    failed: &[String],
    environment: &[(&'static str, PathBuf)],
) -> Result<Counts> {
    let traces = workspace.path(format!("target/e2e/{}", engine.name()));
    let kept = workspace.path(format!("target/e2e/{}-first-time", engine.name()));
    if kept.exists() {
        fs::remove_dir_all(&kept)?;
    }
    fs::rename(&traces, &kept).context("cannot keep the traces of what failed")?;
    progress::busy(format!("running again, alone: {}", failed.join(", ")));
    let mut more = vec!["--exact", "--test-threads=1"];
    more.extend(failed.iter().map(String::as_str));
    let mut test = tests(workspace, engine, &more)?;
    let ran = command::tee(test.envs(environment.iter().cloned()))?;
    let still = failed_tests(&ran.text);
    for name in failed.iter().filter(|name| !still.contains(name)) {
        let mark = progress::ink(Ink::Red, "UNSTABLE");
        println!(
            "   {mark} {name}: its fault is still to be found; traces in {}",
            kept.display()
        );
    }
    counted(&ran)
}

/// The names of the tests that failed, from what their harness printed.
fn failed_tests(output: &str) -> Vec<String> {
    let lines = output.lines().map(without_colours);
    lines
        .filter_map(|line| {
            let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
            Some(name.trim().to_owned())
        })
        .collect()
}

/// Takes the pictures that the documents show.
pub(crate) fn pictures(workspace: &Workspace) -> Result<()> {
    let ready = tools::engine(workspace, Engine::Chromium)?;
    browser_build::ensure(workspace)?;
    browser_build::host_binaries(workspace)?;
    let mut test = workspace.cargo("test")?;
    test.args(HOST);
    for name in workspace.tests_of(E2E) {
        test.args(["--test", name]);
    }
    test.args(["--", "gallery::", "themes::", "the_documents_pictures"]);
    test.env("RAILHEAD_UPDATE_SCREENSHOTS", "1");
    parts(&mut test, workspace, Engine::Chromium);
    command::run(test.envs(ready.0))
}

/// Tells the tests where what they try is.
fn parts(test: &mut Command, workspace: &Workspace, engine: Engine) {
    test.env("RAILHEAD_BIN", workspace.binary("railhead"))
        .env("DEMO_PROVIDER_BIN", workspace.binary("demo-provider"))
        .env("RAILHEAD_DIST", workspace.path("dist"))
        .env("RAILHEAD_GALLERY", workspace.target("gallery"))
        .env("RAILHEAD_E2E_ENGINE", engine.name());
}

/// Takes the tests that found they cannot run here out of those that passed.
fn without_spared(
    counts: Counts,
    noted: &str,
    engine: Engine,
    left_out: &mut Vec<String>,
) -> Result<Counts> {
    let spared: Vec<&str> = noted.lines().collect();
    let number = u64::try_from(spared.len()).unwrap_or(u64::MAX);
    let Some(passed) = counts.passed.checked_sub(number) else {
        bail!("more tests were spared than ran: {spared:?}");
    };
    if number > 0 {
        left_out.push(format!(
            "{number} tests that {}’s driver cannot run:\n     {}",
            engine.name(),
            spared.join("\n     ")
        ));
    }
    let counts = Counts { passed, ..counts };
    if counts.none_ran() {
        bail!("it ran no test at all");
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_was_spared_has_not_passed() {
        let ran = Counts {
            passed: 5,
            failed: 1,
            ..Counts::default()
        };
        let mut left_out = vec![];
        let noted = "options-follows [Media]\nphone-taps [Touch]\n";
        let counts = without_spared(ran, noted, Engine::WebKit, &mut left_out).unwrap();
        assert_eq!((counts.passed, counts.failed), (3, 1));
        assert!(left_out[0].contains("phone-taps [Touch]"));
    }

    #[test]
    fn the_names_of_what_failed_are_read_from_the_output() {
        let output = "running 3 tests\ntest windows::opens ... ok\ntest phone::taps has been running for over 60 seconds\n\
            test phone::taps ... \u{1b}[31mFAILED\u{1b}[m\n\nfailures:\n    phone::taps\n";
        assert_eq!(failed_tests(output), ["phone::taps"]);
        assert!(failed_tests("test a ... ok\n").is_empty());
    }

    #[test]
    fn an_engine_that_was_spared_everything_is_a_failure() {
        let ran = Counts {
            passed: 1,
            ..Counts::default()
        };
        assert!(without_spared(ran, "a [Media]\n", Engine::WebKit, &mut vec![]).is_err());
    }
}
