//! The end-to-end tests, in one browser engine after the other.
//!
//! Chromium runs them all. The others run what concerns the widget in the browser: everything but the module
//! `one_engine` of the tests. An engine that is not there is named in the summary, and so is every test that it was
//! spared because its driver cannot do what the test needs.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::browser_build;
use crate::command;
use crate::counts::Counts;
use crate::gallery;
use crate::steps::{E2E, HOST, counted};
use crate::tools::{self, Engine};
use crate::workspace::Workspace;

/// The module of the tests that are the same in every engine.
const ONE_ENGINE: &str = "one_engine::";

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
    let mut test = workspace.cargo("test")?;
    test.args(HOST).arg("--no-fail-fast");
    for name in workspace.tests_of(E2E) {
        test.args(["--test", name]);
    }
    if engine != Engine::Chromium {
        test.args(["--", "--skip", ONE_ENGINE]);
    }
    parts(&mut test, workspace, engine);
    test.envs(ready.0);
    let counts = counted(&command::tee(&mut test)?)?;
    // There is no such file when none was.
    let noted = fs::read_to_string(&spared).unwrap_or_default();
    without_spared(counts, &noted, engine, left_out)
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
            skipped: 0,
        };
        let mut left_out = vec![];
        let noted = "options-follows [Media]\nphone-taps [Touch]\n";
        let counts = without_spared(ran, noted, Engine::WebKit, &mut left_out).unwrap();
        assert_eq!((counts.passed, counts.failed), (3, 1));
        assert!(left_out[0].contains("phone-taps [Touch]"));
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
