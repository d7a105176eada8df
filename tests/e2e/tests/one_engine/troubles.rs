//! What goes wrong on the way and comes right again: no line, no time, no session, and consent that comes too late.

use anyhow::{Result, ensure};
use railhead_e2e::{Browser, HostWidget, Name, Role, Setup, scenario, scenario_with, until};
use serde_json::json;

const TAPPED: Setup = Setup {
    tapped: true,
    ..Setup::DESK
};

/// Where the widget asks what has become of an authorization.
const POLLED: &str = "/v1/connect/authorizations";

/// Takes the browser off the line, or puts it back.
async fn offline(browser: &Browser, offline: bool) -> Result<()> {
    let conditions = json!({
        "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
    });
    browser
        .devtools("Network.emulateNetworkConditions", conditions)
        .await?;
    Ok(())
}

#[tokio::test]
async fn says_that_there_is_no_connection_and_goes_on_when_it_is_back() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("QuickBooks Online").await?;
        offline(browser, true).await?;
        browser.reads("There is no connection").await?;
        offline(browser, false).await?;
        until("the note to go", async || {
            let told = browser.text().await?.contains("There is no connection");
            Ok((!told).then_some(()))
        })
        .await?;
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser.switch_to_popup().await?;
        browser.connect_as("alice").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keeps_asking_while_the_server_is_away_and_loses_nothing() {
    scenario_with(TAPPED, async |stage| {
        stage.expect_console_error(POLLED);
        stage.expect_console_error("Access to fetch");
        let browser = &stage.browser;
        let server = &stage.taps()?.server;
        stage.open_widget("Harbor Coffee Ltd").await?;
        server.refuse(Some(POLLED));
        browser.go_to_service("QuickBooks Online").await?;
        browser.sign_in("alice").await?;
        let window = browser.client().window().await?;
        browser.switch_to_host().await?;
        browser.reads("Reconnecting").await?;
        browser.client().switch_to_window(window).await?;
        browser.click(Role::Button, "Allow").await?;
        browser.switch_to_host().await?;
        server.refuse(None);
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn ends_an_attempt_when_the_host_page_gives_no_more_time() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let widget = stage.sandbox_widget("Harbor Coffee Ltd", json!({ "timeout": 90 }));
        stage.open_page(vec![widget]).await?;
        browser.find(Role::Searchbox, "Search").await?;
        // The host page's clock: ninety seconds pass when the test says so.
        let clock = "
            const plain = window.setTimeout;
            window.setTimeout = (act, wait, ...rest) => {
                if (wait !== 90_000) return plain(act, wait, ...rest);
                window.passes = act;
                return plain(() => {}, wait);
            };";
        browser.script(clock, vec![]).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.find(Role::Textbox, "User name").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, "Continue in the other window")
            .await?;
        browser.becomes("Boolean(window.passes)").await?;
        browser.script("window.passes()", vec![]).await?;
        browser
            .find(Role::Heading, "The time for this ran out")
            .await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "timed_out", "{error}");
        browser.try_again_at("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn shows_what_was_connected_before_the_person_cancelled() {
    scenario_with(TAPPED, async |stage| {
        stage.expect_console_error(POLLED);
        stage.expect_console_error("Access to fetch");
        let browser = &stage.browser;
        let server = &stage.taps()?.server;
        let lender = stage.management("sandbox").await?;
        stage.open_widget("Harbor Coffee Ltd").await?;
        // The page does not hear that consent was given.
        server.refuse(Some(POLLED));
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        until("the connection", async || {
            let connections = lender.connections_of("Harbor Coffee Ltd").await?;
            Ok((connections.len() == 1).then_some(()))
        })
        .await?;
        browser.click(Role::Button, "Cancel").await?;
        browser.find(Role::Searchbox, "Search").await?;
        server.refuse(None);
        browser
            .find(Role::Heading, "Harbor Coffee Ltd is connected")
            .await?;
        let connect = browser.event("connect").await?;
        ensure!(connect["businessName"] == "Harbor Coffee Ltd", "{connect}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn goes_on_with_another_session_of_the_host_page_when_its_own_has_ended() {
    scenario(async |stage| {
        stage.expect_console_error("401");
        let browser = &stage.browser;
        let lender = stage.management("sandbox").await?;
        let business = "Harbor Coffee Ltd";
        let first = lender
            .mint_session(&stage.widget.id, business, &stage.host.origin())
            .await?;
        let widget: HostWidget =
            stage.sandbox_widget(business, json!({ "sessionToken": first.session_token }));
        stage.open_page(vec![widget]).await?;
        browser.choose_service("QuickBooks Online").await?;
        lender.end_session(&first.session_id).await?;
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser
            .find(Role::Heading, "You were away for a while")
            .await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "session_expired", "{error}");
        browser.popup_closes().await?;
        let second = lender
            .mint_session(&stage.widget.id, business, &stage.host.origin())
            .await?;
        let update = format!(
            "window.handles[0].update({{ sessionToken: '{}' }})",
            second.session_token
        );
        browser.script(&update, vec![]).await?;
        browser
            .look_for_window_or(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser.connect_as("alice").await?;
        let connections = lender.connections_of(business).await?;
        ensure!(connections.len() == 1, "{connections:?}");
        Ok(())
    })
    .await;
}
