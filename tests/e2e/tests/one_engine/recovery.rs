//! A server that dies in the middle: nobody has to begin again.

use anyhow::{Context, ensure};
use railhead_e2e::{HostPage, Name, Role, scenario, until};
use serde_json::json;

#[tokio::test]
async fn succeeds_after_the_server_was_killed_while_the_window_was_open() {
    scenario(async |stage| {
        stage.expect_console_error("Failed to load resource");
        stage.open_widget("Harbor Coffee Ltd").await?;
        stage
            .browser
            .script("window.notReloaded = true", vec![])
            .await?;
        stage.browser.go_to_service("QuickBooks Online").await?;
        stage.browser.sign_in("alice").await?;
        stage.browser.find(Role::Button, "Allow").await?;
        stage.railhead.kill();
        stage.railhead.start_again().await?;

        let browser = &stage.browser;
        browser.click(Role::Button, "Allow").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        browser.becomes("window.notReloaded").await?;
        ensure!(
            stage.provider.token_requests().await? == 1,
            "asked more than once"
        );
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        ensure!(connections.len() == 1, "{connections:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn succeeds_when_the_server_was_away_while_the_service_sent_the_person_back() {
    scenario(async |stage| {
        stage.expect_console_error("Failed to load resource");
        stage.open_widget("Harbor Coffee Ltd").await?;
        stage.browser.go_to_service("QuickBooks Online").await?;
        stage.browser.sign_in("alice").await?;
        stage.browser.find(Role::Button, "Allow").await?;
        stage.railhead.kill();
        stage.browser.click(Role::Button, "Allow").await?;
        let callback = stage
            .browser
            .arrives_at(&format!("{}/v1/callback/", stage.railhead.url()))
            .await?;
        stage.railhead.start_again().await?;

        // The person reloads the page that did not come.
        let browser = &stage.browser;
        browser.goto(callback.as_str()).await.or_else(|error| {
            // The page may close its window before the driver has seen it load.
            if error.to_string().contains("cannot open") {
                Ok(())
            } else {
                Err(error)
            }
        })?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        ensure!(
            stage.provider.token_requests().await? == 1,
            "asked more than once"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keeps_the_connection_and_its_credentials_over_a_kill() {
    scenario(async |stage| {
        stage.open_widget("Harbor Coffee Ltd").await?;
        stage.browser.go_to_service("QuickBooks Online").await?;
        stage.browser.approve_as("alice").await?;
        stage
            .browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        stage.browser.popup_closes().await?;
        stage.railhead.kill();
        stage.railhead.start_again().await?;
        let lender = stage.management("sandbox").await?;
        let connections = lender.connections_of("Harbor Coffee Ltd").await?;
        let connection = connections.first().context("the connection is gone")?;
        let credentials = lender.credentials(&connection.connection_id).await?;
        stage
            .provider
            .who_is("quickbooks_online", &credentials.access_token)
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn comes_to_a_clear_end_when_the_server_dies_while_it_fetches_the_tokens() {
    scenario(async |stage| {
        stage.expect_console_error("Failed to load resource");
        stage.open_widget("Harbor Coffee Ltd").await?;
        stage.browser.go_to_service("QuickBooks Online").await?;
        stage.browser.sign_in("sam").await?;
        stage.browser.click(Role::Button, "Allow").await?;
        until("the token request", async || {
            Ok((stage.provider.token_requests().await? == 1).then_some(()))
        })
        .await?;
        stage.railhead.kill();
        stage.railhead.start_again().await?;

        let browser = &stage.browser;
        browser.switch_to_host().await?;
        let ends = "window.seen.find(({ name }) => name === 'connect' || name === 'error')?.name";
        let end = browser.becomes(ends).await?;
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        let connected = connections
            .iter()
            .filter(|found| found.account.is_some())
            .count();
        if end == "connect" {
            ensure!(connected == 1, "{connections:?}");
            return Ok(());
        }
        ensure!(connected == 0, "{connections:?}");
        browser.try_again_at("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn loads_at_the_second_try_when_the_server_was_away_at_the_first() {
    scenario(async |stage| {
        stage.expect_console_error("Failed to load resource");
        stage.expect_console_error("The widget could not be loaded");
        let page = HostPage {
            widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", json!({}))],
            starts_by_itself: false,
            more_policy: "",
            headers: vec![],
        };
        let path = stage.host.put(&page)?;
        stage
            .browser
            .goto(&format!("{}{path}", stage.host.origin()))
            .await?;
        stage.railhead.kill();
        stage
            .browser
            .click(Role::Button, "Connect your accounts")
            .await?;
        stage.browser.find(Role::Button, "Try again").await?;
        let error = stage.browser.event("error").await?;
        ensure!(error["recoverable"] == true, "{error}");
        stage.railhead.start_again().await?;
        stage.browser.click(Role::Button, "Try again").await?;
        stage.browser.go_to_service("QuickBooks Online").await?;
        stage.browser.approve_as("alice").await?;
        stage
            .browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        Ok(())
    })
    .await;
}
