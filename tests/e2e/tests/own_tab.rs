//! Where no window opens: the widget's own tab goes to the service and comes back.

use anyhow::{Result, ensure};
use railhead_e2e::{Browser, HostPage, Name, Role, Stage, scenario};
use serde_json::json;

const BLOCKED: &str = "window.open = () => null";

/// Picks QuickBooks Online in a browser that opens no windows, and leaves with the widget's own tab: the start page is shown.
async fn leave(browser: &Browser) -> Result<()> {
    browser.script(BLOCKED, vec![]).await?;
    browser.choose_service("QuickBooks Online").await?;
    browser
        .click(Role::Button, "Continue to QuickBooks Online")
        .await?;
    browser
        .find(Role::Heading, "Your browser blocked the window")
        .await?;
    browser.click(Role::Button, "Continue in this tab").await?;
    asked(browser).await
}

async fn asked(browser: &Browser) -> Result<()> {
    browser
        .find(
            Role::Heading,
            "Let Northwind Lending read your QuickBooks Online data?",
        )
        .await?;
    Ok(())
}

async fn consent(browser: &Browser, user: &str, decision: &str) -> Result<()> {
    browser
        .click(Role::Button, "Continue to QuickBooks Online")
        .await?;
    browser.sign_in(user).await?;
    browser.click(Role::Button, decision).await
}

/// The widget is back on the page it left, and says so.
async fn connected(stage: &Stage, browser: &Browser) -> Result<()> {
    browser
        .find(Role::Heading, Name::Has("is connected"))
        .await?;
    browser.event("connect").await?;
    let address = browser.address().await?;
    ensure!(
        address.as_str().starts_with(&stage.host.origin()),
        "{address}"
    );
    ensure!(
        !address.as_str().contains("railhead_claim"),
        "it stays in the address: {address}"
    );
    ensure!(
        stage.provider.token_requests().await? == 1,
        "asked more than once, or not at all"
    );
    let lender = stage.management("sandbox").await?;
    let connections = lender.connections_of("Harbor Coffee Ltd").await?;
    ensure!(connections.len() == 1, "{connections:?}");
    Ok(())
}

#[tokio::test]
async fn connects_in_the_same_tab_where_the_browser_opens_no_windows() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        let page = browser.address().await?;
        leave(browser).await?;
        browser.reads("Harbor Coffee Ltd").await?;
        browser
            .reads(&stage.host.origin().replace("https://", ""))
            .await?;
        consent(browser, "alice", "Allow").await?;
        connected(stage, browser).await?;
        ensure!(browser.address().await? == page, "another page");
        ensure!(browser.window_count().await? == 1, "a window was opened");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn connects_in_the_same_tab_from_a_page_that_cuts_its_windows_off() {
    scenario(async |stage| {
        let page = HostPage {
            widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", json!({}))],
            starts_by_itself: true,
            more_policy: "",
            headers: vec![("cross-origin-opener-policy", "same-origin")],
        };
        let path = stage.host.put(&page)?;
        let browser = &stage.browser;
        browser
            .goto(&format!("{}{path}", stage.host.origin()))
            .await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser
            .find(Role::Heading, "This window is on its own")
            .await?;
        browser.close_popup().await?;
        let error = browser.event("error").await?;
        ensure!(
            error["code"] == "popup_closed" && error["recoverable"] == true,
            "{error}"
        );
        browser.click(Role::Button, "Continue in this tab").await?;
        asked(browser).await?;
        consent(browser, "alice", "Allow").await?;
        connected(stage, browser).await
    })
    .await;
}

#[tokio::test]
async fn comes_back_to_the_widget_when_the_person_declines_or_turns_round() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        leave(browser).await?;
        browser.click(Role::Link, "Don’t continue").await?;
        browser.click(Role::Button, "Continue in this tab").await?;
        asked(browser).await?;
        consent(browser, "alice", "Deny").await?;
        browser
            .find(Role::Heading, "You declined access at QuickBooks Online")
            .await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "denied", "{error}");
        ensure!(
            stage.provider.token_requests().await? == 0,
            "a token was asked for"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_person_who_was_sent_the_link_and_goes_on_gives_nothing_away() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Attacker and Sons").await?;
        leave(browser).await?;
        let link = browser.address().await?;

        let victim = stage.other_browser().await?;
        victim.goto(link.as_str()).await?;
        asked(&victim).await?;
        victim.reads("Attacker and Sons").await?;
        consent(&victim, "alice", "Allow").await?;
        victim.arrives_at(&stage.host.origin()).await?;
        // The page they land on knows nothing of it: the widget there is at its beginning.
        let began = victim
            .becomes("window.seen?.some((event) => event.name === 'load')")
            .await?;
        ensure!(began == true, "{began}");
        let events = victim.event_names().await?;
        ensure!(!events.contains(&"connect".to_owned()), "{events:?}");
        // Nor is it left with what they brought.
        victim
            .becomes("!location.href.includes('railhead_claim')")
            .await?;
        victim.close().await?;

        ensure!(
            stage.provider.token_requests().await? == 0,
            "a token was asked for"
        );
        let connections = stage.management("sandbox").await?.connections().await?;
        ensure!(connections.is_empty(), "{connections:?}");
        Ok(())
    })
    .await;
}
