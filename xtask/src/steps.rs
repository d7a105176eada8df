//! The steps of `cargo xtask test`: what each one runs, what it needs, and what to do when it fails.
//!
//! All host steps select the same packages, so that cargo compiles each dependency with one set of features.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::borders;
use crate::browser_build;
use crate::command::{self, Transcript};
use crate::counts::Counts;
use crate::dist;
use crate::documents;
use crate::end_to_end;
use crate::fuzz;
use crate::fuzz_api;
use crate::generate;
use crate::postgres::Postgres;
use crate::tools::{self, Engine};
use crate::workspace::{WASM_TARGET, Workspace};

/// The package of the end-to-end tests.
pub(crate) const E2E: &str = "railhead-e2e";
const WIDGET: &str = "railhead-widget";
/// Tells the tests where PostgreSQL is, as its superuser.
const TEST_POSTGRES: &str = "RAILHEAD_TEST_POSTGRES";
/// Stands in for the address where there is no PostgreSQL.
const NO_POSTGRES: &str = "none";

/// One step of the checks and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// Formatting of the Rust sources.
    Format,
    /// Who may import whom.
    Borders,
    /// Generated files are up to date.
    Generated,
    /// Paths named in the documents exist.
    Documents,
    /// Clippy over everything that runs on the host.
    ClippyHost,
    /// Clippy over the widget, built natively.
    ClippySsr,
    /// Clippy over the widget, built for browsers.
    ClippyWasm,
    /// Tests of everything that runs on the host.
    Host,
    /// Tests of the widget's pure logic, natively.
    Ssr,
    /// The API, tried against its own document.
    Api,
    /// The parsers of what strangers send, with made-up inputs.
    Fuzz,
    /// Tests of the npm package.
    Npm,
    /// Tests of the widget in a browser.
    Web,
    /// The widget's release build and its size.
    Sizes,
    /// End-to-end tests in Chromium.
    E2e,
    /// End-to-end tests in Firefox.
    E2eFirefox,
    /// End-to-end tests in WebKit.
    E2eWebkit,
}

impl Step {
    /// The steps of `cargo xtask check`.
    pub(crate) const CHECKS: [Self; 7] = [
        Self::Format,
        Self::Borders,
        Self::Generated,
        Self::Documents,
        Self::ClippyHost,
        Self::ClippySsr,
        Self::ClippyWasm,
    ];

    /// What the step does.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Format => "formatting",
            Self::Borders => "borders between crates and modules",
            Self::Generated => "generated files",
            Self::Documents => "paths named in documents",
            Self::ClippyHost => "clippy, host",
            Self::ClippySsr => "clippy, widget built natively",
            Self::ClippyWasm => "clippy, widget for browsers",
            Self::Host => "tests on the host",
            Self::Ssr => "tests of the widget's logic",
            Self::Api => "fuzzing of the API",
            Self::Fuzz => "fuzzing of the parsers",
            Self::Npm => "tests of the npm package",
            Self::Web => "tests of the widget in a browser",
            Self::Sizes => "release build and sizes",
            Self::E2e => "end-to-end tests, Chromium",
            Self::E2eFirefox => "end-to-end tests, Firefox",
            Self::E2eWebkit => "end-to-end tests, WebKit",
        }
    }

    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Whether `--one-engine` leaves it out.
    pub(crate) fn is_another_engine(self) -> bool {
        matches!(self, Self::E2eFirefox | Self::E2eWebkit)
    }

    /// Whether `--quick` leaves it out.
    pub(crate) fn is_slow(self) -> bool {
        matches!(
            self,
            Self::Api
                | Self::Fuzz
                | Self::Web
                | Self::Sizes
                | Self::E2e
                | Self::E2eFirefox
                | Self::E2eWebkit
        )
    }

    /// Runs it.
    ///
    /// A failure before any test ran is an error; failed tests are counted.
    /// What it could not do without failing is added to `left_out`.
    pub(crate) fn run(self, workspace: &Workspace, left_out: &mut Vec<String>) -> Result<Counts> {
        match self {
            Self::Format => format(workspace),
            Self::Borders => borders::check(workspace).map(|()| Counts::default()),
            Self::Generated => generate::check(workspace).map(|()| Counts::default()),
            Self::Documents => documents::check(workspace).map(|()| Counts::default()),
            Self::ClippyHost => clippy(workspace, &HOST),
            Self::ClippySsr => clippy(workspace, &["--package", WIDGET, SSR[0], SSR[1], SSR[2]]),
            Self::ClippyWasm => clippy(workspace, &["--package", WIDGET, "--target", WASM_TARGET]),
            Self::Host => host(workspace, left_out),
            Self::Ssr => ssr(workspace),
            Self::Api => fuzz_api::run(workspace),
            Self::Fuzz => fuzz::test(workspace),
            Self::Npm => npm(workspace),
            Self::Web => web(workspace),
            Self::Sizes => sizes(workspace),
            Self::E2e => end_to_end::run(workspace, Engine::Chromium, left_out),
            Self::E2eFirefox => end_to_end::run(workspace, Engine::Firefox, left_out),
            Self::E2eWebkit => end_to_end::run(workspace, Engine::WebKit, left_out),
        }
    }
}

/// The packages of the host.
pub(crate) const HOST: [&str; 3] = ["--workspace", "--exclude", WIDGET];
/// The widget's features when it is built natively.
pub(crate) const SSR: [&str; 3] = ["--no-default-features", "--features", "ssr"];

fn format(workspace: &Workspace) -> Result<Counts> {
    tools::rust(workspace)?;
    command::run(
        workspace
            .command("cargo")?
            .args(["fmt", "--all", "--check"]),
    )
    .context("`cargo fmt --all` puts it right")?;
    Ok(Counts::default())
}

fn clippy(workspace: &Workspace, selection: &[&str]) -> Result<Counts> {
    tools::rust(workspace)?;
    let mut clippy = workspace.cargo("clippy")?;
    clippy
        .args(selection)
        .args(["--all-targets", "--", "--deny", "warnings"]);
    command::run(&mut clippy)?;
    Ok(Counts::default())
}

fn host(workspace: &Workspace, left_out: &mut Vec<String>) -> Result<Counts> {
    tools::peers(workspace)?;
    let database = TestDatabase::find(workspace, left_out);
    let mut test = workspace.cargo("test")?;
    test.env(TEST_POSTGRES, database.address());
    test.args(HOST).args(["--no-fail-fast", "--lib", "--bins"]);
    for name in workspace.tests_except(&[WIDGET, E2E]) {
        test.args(["--test", name]);
    }
    counted(&command::tee(&mut test)?)
}

/// The PostgreSQL of the tests on the host; each test makes a database of its own in it.
enum TestDatabase {
    Started(Postgres),
    /// An address from outside, or the word that has the tests left out.
    Given(String),
}

impl TestDatabase {
    /// The one of the environment, a new one, or none: then the tests that need it are left out.
    fn find(workspace: &Workspace, left_out: &mut Vec<String>) -> Self {
        let given = std::env::var(TEST_POSTGRES).ok();
        let found = match given.filter(|address| !address.is_empty()) {
            Some(address) => Self::Given(address),
            None => Postgres::start(workspace).map_or_else(
                |error| {
                    left_out.push(format!("PostgreSQL did not start: {error:#}"));
                    Self::Given(NO_POSTGRES.to_owned())
                },
                Self::Started,
            ),
        };
        if found.address() == NO_POSTGRES {
            left_out.push("every test on PostgreSQL was left out".to_owned());
        }
        found
    }

    fn address(&self) -> &str {
        match self {
            Self::Started(server) => server.url(),
            Self::Given(address) => address,
        }
    }
}

fn ssr(workspace: &Workspace) -> Result<Counts> {
    let mut test = workspace.cargo("test")?;
    test.args(["--package", WIDGET, "--lib", "--example", "gallery"])
        .args(SSR);
    counted(&command::tee(&mut test)?)
}

fn npm(workspace: &Workspace) -> Result<Counts> {
    tools::npm(workspace)?;
    let mut test = workspace.command("npm")?;
    test.current_dir(workspace.path("packages/connect"))
        .args(["test"]);
    counted(&command::tee(&mut test)?)
}

fn web(workspace: &Workspace) -> Result<Counts> {
    tools::widget(workspace)?;
    let browser = tools::browser()?;
    let mut test = workspace.cargo("test")?;
    test.args([
        "--package",
        WIDGET,
        "--target",
        WASM_TARGET,
        "--test",
        "web",
    ])
    .env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
        "wasm-bindgen-test-runner",
    )
    .env("CHROMEDRIVER", &browser.driver)
    .env(
        "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
        browser.capabilities_file(workspace)?,
    )
    .env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    counted(&command::tee(&mut test)?)
}

fn sizes(workspace: &Workspace) -> Result<Counts> {
    browser_build::ensure(workspace)?;
    dist::measure(workspace)?;
    Ok(Counts::default())
}

/// What a test runner's output amounts to.
pub(crate) fn counted(transcript: &Transcript) -> Result<Counts> {
    let counts = Counts::read(&transcript.text);
    if transcript.succeeded && counts.none_ran() {
        bail!("it ran no test at all");
    }
    if !transcript.succeeded && counts.failed == 0 {
        bail!("the tests could not be run to their end");
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(text: &str, succeeded: bool) -> Transcript {
        Transcript {
            text: text.to_owned(),
            succeeded,
        }
    }

    #[test]
    fn a_suite_that_ran_nothing_fails() {
        let empty = transcript("test result: ok. 0 passed; 0 failed; 0 ignored;", true);
        assert!(counted(&empty).is_err());
        assert!(counted(&transcript("", true)).is_err());
    }

    #[test]
    fn a_runner_that_breaks_off_fails_although_no_test_did() {
        assert!(counted(&transcript("test result: ok. 4 passed; 0 failed;", false)).is_err());
    }

    #[test]
    fn failed_tests_are_counted() {
        let counts = counted(&transcript(
            "test result: FAILED. 4 passed; 1 failed;",
            false,
        ))
        .unwrap();
        assert_eq!(counts.failed, 1);
    }
}
