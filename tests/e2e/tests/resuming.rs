//! A page loaded again in the middle: the person goes on where they were.

use anyhow::{Result, ensure};
use railhead_e2e::{Name, Role, Stage, scenario};

/// Loads the present page again.
async fn reload(stage: &Stage) -> Result<()> {
    let address = stage.browser.address().await?;
    stage.browser.goto(address.as_str()).await
}

async fn one_connection(stage: &Stage) -> Result<()> {
    ensure!(
        stage.provider.token_requests().await? == 1,
        "asked more than once"
    );
    let lender = stage.management("sandbox").await?;
    let connections = lender.connections_of("Harbor Coffee Ltd").await?;
    ensure!(connections.len() == 1, "{connections:?}");
    Ok(())
}

#[tokio::test]
async fn goes_on_waiting_after_a_reload_while_the_window_is_open() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.sign_in("alice").await?;
        browser.switch_to_host().await?;
        reload(stage).await?;
        browser
            .find(Role::Heading, "Continue in the other window")
            .await?;
        browser.switch_to_popup().await?;
        browser.click(Role::Button, "Allow").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        browser.event("connect").await?;
        one_connection(stage).await
    })
    .await;
}

#[tokio::test]
async fn shows_after_a_reload_what_was_connected_meanwhile_and_keeps_it() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        let kept = "return Object.entries(sessionStorage).filter(([key]) => key.startsWith('railhead ')).map(([, value]) => value.split(' ')[0])";
        let before = browser.script(kept, vec![]).await?;
        reload(stage).await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        let after = browser.script(kept, vec![]).await?;
        ensure!(before == after, "another session: {before} {after}");
        one_connection(stage).await
    })
    .await;
}

#[tokio::test]
async fn goes_on_at_the_chosen_service_after_a_reload() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("QuickBooks Online").await?;
        reload(stage).await?;
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser.switch_to_popup().await?;
        browser.connect_as("alice").await?;
        one_connection(stage).await
    })
    .await;
}

#[tokio::test]
async fn begins_anew_without_a_word_when_what_the_tab_remembers_is_worth_nothing() {
    scenario(async |stage| {
        stage.expect_console_error("/v1/connect/sessions");
        let browser = &stage.browser;
        for foreign in [
            "ses_nobody biz_nobody ath_nobody quickbooks_online - -",
            "{ \"not\": \"ours\" }",
        ] {
            stage.open_widget("Harbor Coffee Ltd").await?;
            browser.event("load").await?;
            let spoil = "for (const key of Object.keys(sessionStorage)) if (key.startsWith('railhead ')) sessionStorage.setItem(key, arguments[0])";
            browser.script(spoil, vec![foreign.into()]).await?;
            reload(stage).await?;
            browser.event("load").await?;
            let events = browser.event_names().await?;
            ensure!(!events.contains(&"error".to_owned()), "{events:?}");
        }
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        Ok(())
    })
    .await;
}
