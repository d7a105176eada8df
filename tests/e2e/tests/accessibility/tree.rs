//! What assistive technology is told on each step: roles, names and states, as the engine computes them, in every
//! engine.

use super::steps::at_each_step;
use anyhow::{Context, Result, ensure};
use railhead_e2e::{Setup, Stage};

/// What cannot be used without a name.
const NAMED: [&str; 8] = [
    "button",
    "combobox",
    "dialog",
    "link",
    "option",
    "radio",
    "searchbox",
    "textbox",
];

#[tokio::test]
async fn tells_assistive_technology_what_is_on_each_step() {
    at_each_step(Setup::DESK, tells).await;
}

async fn tells(stage: &Stage, step: &str) -> Result<()> {
    let tree = stage.browser.tree().await?;
    let lines: Vec<&str> = tree.lines().map(str::trim).collect();
    for line in &lines {
        let role = line.split(' ').next().unwrap_or_default();
        ensure!(
            !NAMED.contains(&role) || line.contains('"'),
            "a {role} has no name:\n{tree}"
        );
    }
    for wanted in expected(step).with_context(|| format!("nothing is expected of {step}"))? {
        ensure!(
            lines.iter().any(|line| line.starts_with(wanted)),
            "there is no {wanted}:\n{tree}"
        );
    }
    if step == "loading" {
        return Ok(());
    }
    let headings = lines.iter().filter(|line| line.contains("[level=2]"));
    ensure!(headings.count() == 1, "not one title:\n{tree}");
    if step.ends_with("-wrong") {
        let marked = lines.iter().any(|line| line.contains("described="));
        ensure!(marked, "no field says what is wrong:\n{tree}");
    }
    Ok(())
}

/// How lines begin that must be there.
fn expected(step: &str) -> Option<&'static [&'static str]> {
    Some(match step {
        "loading" => &["dialog \"", "button \"Close\""],
        "picker" | "picker-connected" => &[
            "dialog \"",
            "list \"Progress\"",
            "heading \"Connect your software\" [level=2]",
            "searchbox \"Search\"",
            "option \"QuickBooks Online\"",
            "option \"Xero",
        ],
        "picker-nothing-found" => &["searchbox \"Search\"", "button \"Clear search\""],
        "inline" => &[
            "heading \"Connect your software\" [level=2]",
            "searchbox \"Search\"",
            "option \"QuickBooks Online\"",
        ],
        "consent-fields" => &[
            "heading \"Connect Oracle NetSuite\" [level=2]",
            "textbox \"NetSuite address\" [required",
            "button \"Continue to Oracle NetSuite\"",
        ],
        "consent-fields-wrong" => &[
            "textbox \"NetSuite address\" [required invalid",
            "alert",
            "button \"Continue to Oracle NetSuite\"",
        ],
        "consent" => &[
            "button \"Back\"",
            "heading \"Connect Xero\" [level=2]",
            "button \"Continue to Xero\"",
        ],
        "waiting" => &[
            "heading \"Continue in the other window\" [level=2]",
            "button \"Open the window again\"",
            "button \"Cancel\"",
        ],
        "account-choice" | "account-choice-wrong" => &[
            "heading \"Which company?\" [level=2]",
            "radiogroup \"Which company?\"",
            "radio \"Quayside Events LLP\"",
            "button \"Connect\"",
        ],
        "success" => &[
            "heading \"Quayside Events LLP is connected\" [level=2]",
            "button \"Done\"",
        ],
        "overview" => &[
            "heading \"Connect your business\" [level=2]",
            "list",
            "button \"Get started\"",
        ],
        "details" => &[
            "button \"Back\"",
            "heading \"Xero is connected\" [level=2]",
            "button \"Renew access: Quayside Events LLP\"",
            "button \"Disconnect: Quayside Events LLP\"",
            "button \"Connect another account\"",
        ],
        "disconnect" => &[
            "heading \"Disconnect Quayside Events LLP?\" [level=2]",
            "button \"Disconnect\"",
            "button \"Keep it connected\"",
        ],
        "summary" => &[
            "heading \"All set\" [level=2]",
            "button \"Connect Commerce\"",
            "button \"Done\"",
        ],
        "farewell" => &["heading \"You’re done\" [level=2]"],
        "blocked" => &[
            "heading \"Your browser blocked the window\" [level=2]",
            "button \"Open the window\"",
        ],
        "failure-denied" => &[
            "heading \"You declined access at QuickBooks Online\" [level=2]",
            "button \"Try again\"",
            "button \"Choose another\"",
        ],
        "load-failure" => &["heading \"This connection page isn’t set up correctly\" [level=2]"],
        _ => return None,
    })
}
