//! A page loaded again in the middle: the person goes on where they were.

use anyhow::{Result, ensure};
use railhead_e2e::{HostWidget, Name, Role, Stage, scenario};
use serde_json::json;

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
            "ses_nobody biz_nobody ath_nobody quickbooks_online - - - bnn",
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

#[tokio::test]
async fn a_connection_is_told_of_once_however_often_the_page_is_loaded() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let widget = HostWidget {
            container: Some("#first".to_owned()),
            ..stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        stage.open_page(vec![widget]).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        browser.event("connect").await?;
        browser.popup_closes().await?;
        for _ in 0..2 {
            reload(stage).await?;
            browser
                .find(Role::Heading, Name::Has("is connected"))
                .await?;
            let events = browser.event_names().await?;
            ensure!(events == ["open", "load"], "{events:?}");
        }
        // It belongs to this visit as long as that lasts, and to no other.
        browser.click(Role::Button, "Done").await?;
        let exit = browser.event("exit").await?;
        ensure!(
            exit["connections"]
                .as_array()
                .is_some_and(|made| made.len() == 1),
            "{exit}"
        );
        reload(stage).await?;
        browser.find(Role::Searchbox, "Search").await?;
        browser.event("load").await?;
        browser.script("window.handles[0].close()", vec![]).await?;
        let exit = browser.event("exit").await?;
        ensure!(exit["connections"] == json!([]), "{exit}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn goes_on_at_the_list_that_the_person_had_come_to() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let options = json!({ "kinds": ["accounting", "commerce"] });
        let widget = stage.sandbox_widget("Harbor Coffee Ltd", options);
        stage.open_page(vec![widget]).await?;
        browser.click(Role::Button, "Get started").await?;
        browser.click(Role::Button, "Skip this step").await?;
        browser
            .find(Role::Heading, "Connect your online shop")
            .await?;
        reload(stage).await?;
        browser
            .find(Role::Heading, "Connect your online shop")
            .await?;
        browser.click(Role::Button, "Skip this step").await?;
        browser.find(Role::Heading, "Nothing is connected").await?;
        reload(stage).await?;
        browser.find(Role::Heading, "Nothing is connected").await?;
        browser.reads("Skipped").await?;
        browser.event("load").await?;
        browser.click(Role::Button, "Done").await?;
        browser.event("exit").await?;
        reload(stage).await?;
        browser.find(Role::Heading, "Connect your business").await?;
        Ok(())
    })
    .await;
}
