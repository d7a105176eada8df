//! After a full run: no token, secret or key in the server's log, nor in anything the browser was answered.

use anyhow::{Context, ensure};
use railhead_e2e::{Name, Role, Setup, Stage, leaked_secrets, scenario_with};
use serde_json::{Value, json};

#[tokio::test]
async fn keeps_every_secret_from_logs_and_from_the_browser() {
    let setup = Setup {
        tapped: true,
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        full_run(stage).await?;
        let answers = stage.taps()?.server.answers();
        ensure!(
            answers
                .iter()
                .any(|answer| answer.path.starts_with("/v1/callback/")),
            "nothing was taped"
        );
        let sessions: Vec<_> = answers
            .iter()
            .filter(|answer| answer.path == "/v1/connect/sessions")
            .collect();
        let secrets = stage.all_secrets().await?;
        for what in [
            "an access token",
            "refresh_token",
            "the vault's key",
            "authorization code",
        ] {
            ensure!(
                secrets.iter().any(|(name, _)| name == what),
                "the test does not know {what}"
            );
        }
        for answer in &answers {
            let leaked = leaked_secrets(&format!("{}\n{}", answer.headers, answer.body), &secrets);
            ensure!(
                leaked.is_empty(),
                "{} {} answered {leaked:?}",
                answer.method,
                answer.path
            );
        }

        let mut tokens = vec![];
        for session in &sessions {
            let state: Value = serde_json::from_str(&session.body)?;
            let token = state["sessionToken"].as_str().context("no sessionToken")?;
            tokens.push(("a session token".to_owned(), token.to_owned()));
        }
        ensure!(tokens.len() >= 3, "{} sessions", tokens.len());
        for answer in answers
            .iter()
            .filter(|answer| answer.path != "/v1/connect/sessions")
        {
            let leaked = leaked_secrets(&format!("{}\n{}", answer.headers, answer.body), &tokens);
            ensure!(
                leaked.is_empty(),
                "{} {} answered {leaked:?}",
                answer.method,
                answer.path
            );
        }
        for (what, token) in &tokens {
            stage.keep_secret(what, token);
        }
        let leaked = leaked_secrets(&stage.railhead.log_text(), &stage.all_secrets().await?);
        ensure!(leaked.is_empty(), "found in the server's log: {leaked:?}");
        ensure!(
            stage.railhead.log_text().len() > 100,
            "the server logs nothing"
        );
        // The tab alone remembers the session, so that a reload goes on with it; and nothing of the service.
        let stored = async |what: &str| {
            let script = format!("return JSON.stringify({what})");
            let stored = stage.browser.script(&script, vec![]).await?;
            Ok::<_, anyhow::Error>(stored.to_string())
        };
        let kept = stored("[{ ...localStorage }, document.cookie]").await?;
        ensure!(
            leaked_secrets(&kept, &tokens).is_empty(),
            "the browser keeps it: {kept}"
        );
        let kept = stored("{ ...sessionStorage }").await?;
        ensure!(
            leaked_secrets(&kept, &secrets).is_empty(),
            "the tab keeps it: {kept}"
        );
        Ok(())
    })
    .await;
}

/// Connects, declines, fails, connects without a window, and finishes.
async fn full_run(stage: &Stage) -> anyhow::Result<()> {
    let browser = &stage.browser;
    stage.open_widget("Harbor Coffee Ltd").await?;
    browser.go_to_service("QuickBooks Online").await?;
    browser.connect_as("alice").await?;
    browser.popup_closes().await?;

    stage.open_widget("Harbor Coffee Ltd").await?;
    browser.go_to_service("Xero").await?;
    browser.sign_in("alice").await?;
    browser.click(Role::Button, "Deny").await?;
    browser.switch_to_host().await?;
    browser.event("error").await?;
    browser.popup_closes().await?;

    for user in ["gary", "erin"] {
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as(user).await?;
        browser.event("error").await?;
        browser.popup_closes().await?;
    }
    let options = json!({ "successUrl": stage.host.success_url() });
    stage
        .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
        .await?;
    browser.go_to_service("Xero").await?;
    browser.approve_as("olga").await?;
    browser
        .click(Role::Radio, Name::Starts("Harbor Roastery Ltd"))
        .await?;
    browser.click(Role::Button, "Connect").await?;
    browser.click(Role::Button, "Continue").await?;
    browser
        .arrives_at(&format!("{}?", stage.host.success_url()))
        .await?;
    Ok(())
}
