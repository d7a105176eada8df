//! Tries the API against its own document: `schemathesis` reads `/v1/openapi.json` of a throw-away broker and sends what
//! the document allows and what it rules out; settings in `tests/fuzz-api/`.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::broker::{Broker, WIDGET, last_lines, text};
use crate::browser_build;
use crate::command;
use crate::counts::Counts;
use crate::progress;
use crate::tools;
use crate::workspace::Workspace;

/// Where the API's document is.
const DOCUMENT: &str = "/v1/openapi.json";
const REQUIREMENTS: &str = "tests/fuzz-api/requirements.txt";
/// Settings and hooks; taken from the folder it runs in, where it leaves files of its own.
const SETTINGS: [&str; 2] = ["schemathesis.toml", "hooks.py"];

/// Limits so wide that no refusal is for asking too often; and only what matters in the log.
const VARIABLES: [(&str, &str); 3] = [
    ("RAILHEAD_LIMITS__REQUESTS_PER_MINUTE", "1000000000"),
    ("RAILHEAD_LIMITS__OPEN_AUTHORIZATIONS", "1000000"),
    ("RAILHEAD_LOG", "warn"),
];

/// Builds, starts and tries; each operation counts as one test.
pub(crate) fn run(workspace: &Workspace) -> Result<Counts> {
    let folder = workspace.target("fuzz-api");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let programs = tools::python(workspace, REQUIREMENTS, &folder.join("venv"))?;
    browser_build::host_binaries(workspace)?;
    let log = folder.join("server.log");
    let server = workspace.binary("railhead");
    let mut broker = Broker::start(workspace, &server, &VARIABLES, &log)?;
    let (session, state) = broker.connect()?;
    progress::done(format!(
        "a broker at {}, its log in {}",
        broker.url(),
        log.display()
    ));

    for name in SETTINGS {
        let file = workspace.path("tests/fuzz-api").join(name);
        fs::copy(&file, folder.join(name)).with_context(|| format!("{}", file.display()))?;
    }
    let report = folder.join("junit.xml");
    // What an earlier run left would be counted again.
    let _ = fs::remove_file(&report);
    let mut fuzz = workspace.command(programs.join("schemathesis"))?;
    fuzz.current_dir(&folder)
        .args(["run", &format!("{}{DOCUMENT}", broker.url())])
        .args(["--report", "junit", "--report-junit-path"])
        .arg(&report)
        .env("HYPOTHESIS_STORAGE_DIRECTORY", folder.join("hypothesis"))
        .env("RAILHEAD_API_KEY", broker.api_key())
        .env("RAILHEAD_KEY_ID", broker.key_id())
        .env("RAILHEAD_SESSION_TOKEN", text(&session, "/sessionToken")?)
        .env("RAILHEAD_WIDGET_ID", WIDGET)
        .env(
            "RAILHEAD_BUSINESS_UUID",
            text(&session, "/business/businessUuid")?,
        )
        .env(
            "RAILHEAD_CONNECTION_ID",
            text(&state, "/authorization/connection/connectionId")?,
        )
        .env("RAILHEAD_ORIGIN", broker.origin());
    let transcript = command::tee(&mut fuzz)?;
    broker.expect_running()?;
    let counts = read(&fs::read_to_string(&report).unwrap_or_default());
    if counts.failed > 0 {
        println!("   the server's last lines:\n{}", last_lines(&log, 20));
    }
    if counts.none_ran() {
        bail!("it tried no operation at all");
    }
    if !transcript.succeeded && counts.failed == 0 {
        bail!("schemathesis could not run to its end");
    }
    Ok(counts)
}

/// The counts in the first element of a JUnit report.
fn read(report: &str) -> Counts {
    let number = |name: &str| -> u64 {
        let value = report.split(&format!(" {name}=\"")).nth(1);
        let digits = value.and_then(|value| value.split('"').next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    let failed = number("failures") + number("errors");
    let skipped = number("skipped");
    Counts {
        passed: number("tests").saturating_sub(failed + skipped),
        failed,
        skipped,
        ..Counts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_count_as_failures_and_no_report_as_nothing() {
        let report = r#"<testsuites errors="1" failures="3" skipped="1" tests="9" time="2.9">"#;
        assert_eq!(read(report).to_string(), "4 passed, 4 failed, 1 skipped");
        assert!(read("").none_ran());
    }
}
