//! Through several kinds of service, and back: overview, one list each, summary; and what is connected, seen to.

use anyhow::{Result, ensure};
use railhead_e2e::{Browser, Name, Role, scenario, until};
use railhead_protocol::{ConnectionStatus, DisconnectReason};
use serde_json::json;

/// Presses the browser's own Back button.
async fn back(browser: &Browser) -> Result<()> {
    Ok(browser.client().back().await?)
}

#[tokio::test]
async fn goes_through_the_kinds_and_back_by_the_browser_and_never_off_the_page() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let settings =
            json!({ "kinds": ["accounting", "commerce"], "requiredKinds": ["accounting"] });
        stage
            .management("sandbox")
            .await?
            .change_widget(&stage.widget.id, &settings)
            .await?;
        stage.open_widget("Harbor Coffee Ltd").await?;
        let page = browser.script("return location.href", vec![]).await?;
        browser.find(Role::Heading, "Connect your business").await?;
        browser.click(Role::Button, "Get started").await?;
        browser
            .find(Role::Heading, "Connect your accounting software")
            .await?;
        ensure!(!browser.has(Role::Button, Name::Has("Skip")).await?);
        browser.choose_service("Xero").await?;
        browser.find(Role::Button, "Continue to Xero").await?;

        back(browser).await?;
        browser
            .find(Role::Heading, "Connect your accounting software")
            .await?;
        back(browser).await?;
        browser.find(Role::Heading, "Connect your business").await?;
        let here = browser.script("return location.href", vec![]).await?;
        ensure!(here == page, "{here}");

        browser.click(Role::Button, "Get started").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        browser.popup_closes().await?;
        browser.click(Role::Button, "Continue").await?;
        browser
            .find(Role::Heading, "Connect your online shop")
            .await?;
        ensure!(
            !browser
                .has(Role::Option, Name::Starts("QuickBooks"))
                .await?
        );
        browser.click(Role::Button, "Skip this step").await?;
        browser.find(Role::Heading, "All set").await?;
        browser
            .reads("Harbor Coffee Ltd, QuickBooks Online")
            .await?;
        browser.reads("Skipped").await?;
        back(browser).await?;
        browser
            .find(Role::Heading, "Connect your online shop")
            .await?;
        browser.click(Role::Button, "Skip this step").await?;
        browser.click(Role::Button, "Done").await?;
        let exit = browser.event("exit").await?;
        ensure!(exit["reason"] == "done", "{exit}");
        ensure!(
            exit["connections"]
                .as_array()
                .is_some_and(|made| made.len() == 1),
            "{exit}"
        );
        browser.loses(Role::Dialog, Name::Any).await?;
        // The page stands on its own entry again.
        let own = "return !(history.state && 'railhead' in history.state)";
        until("the widget's entries to be gone", async || {
            Ok((browser.script(own, vec![]).await? == json!(true)).then_some(()))
        })
        .await
    })
    .await;
}

#[tokio::test]
async fn lets_the_customer_disconnect_what_is_connected() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let lender = stage.management("sandbox").await?;
        lender
            .change_widget(&stage.widget.id, &json!({ "mayDisconnect": true }))
            .await?;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as("alice").await?;
        browser.click(Role::Button, "Connect another").await?;
        browser.choose_service("Xero").await?;
        browser.reads("Access until").await?;
        browser
            .click(Role::Button, Name::Starts("Disconnect: Harbor Coffee Ltd"))
            .await?;
        browser
            .find(Role::Heading, "Disconnect Harbor Coffee Ltd?")
            .await?;
        browser.click(Role::Button, "Disconnect").await?;
        browser.find(Role::Option, "Xero Reconnect").await?;
        let connections = lender.connections_of("Harbor Coffee Ltd").await?;
        ensure!(
            matches!(
                &connections[..],
                [ended] if ended.status == ConnectionStatus::Disconnected
                    && ended.disconnect_reason == Some(DisconnectReason::DisconnectedByCustomer)
            ),
            "{connections:?}"
        );
        // That may have been the wrong company: any other can be connected now.
        browser.go_to_service("Xero").await?;
        browser.sign_in("olga").await?;
        browser.click(Role::Button, "Allow").await?;
        browser.switch_to_host().await?;
        browser
            .click(Role::Radio, Name::Starts("Quayside Events LLP"))
            .await?;
        browser.click(Role::Button, "Connect").await?;
        browser
            .find(Role::Heading, "Quayside Events LLP is connected")
            .await?;
        Ok(())
    })
    .await;
}
