//! When it does not work: each cause has its own code, its own words and its own way on.

use anyhow::{Result, ensure};
use railhead_e2e::{HostPage, HostWidget, Name, Role, Stage, scenario};
use serde_json::json;

#[tokio::test]
async fn says_plainly_that_the_person_declined() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.sign_in("alice").await?;
        browser.click(Role::Button, "Deny").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, "You declined access at QuickBooks Online")
            .await?;
        browser.reads("Nothing was connected.").await?;
        browser.popup_closes().await?;
        let error = browser.event("error").await?;
        ensure!(
            error["code"] == "denied" && error["serviceName"] == "quickbooks_online",
            "{error}"
        );
        ensure!(
            stage.provider.token_requests().await? == 0,
            "a token was asked for"
        );
        let connections = stage
            .management("sandbox")
            .await?
            .connections_of("Harbor Coffee Ltd")
            .await?;
        ensure!(connections.is_empty(), "{connections:?}");
        try_again_and_succeed(stage).await
    })
    .await;
}

#[tokio::test]
async fn takes_no_for_an_answer_from_who_may_not_allow() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.sign_in("denise").await?;
        browser.click(Role::Button, "Deny").await?;
        browser.switch_to_host().await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "denied", "{error}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn offers_another_try_when_the_service_breaks_down() {
    scenario(async |stage| fails_then_succeeds(stage, "erin", "service_unavailable").await).await;
}

#[tokio::test]
async fn offers_another_try_when_the_service_answers_garbage() {
    scenario(async |stage| fails_then_succeeds(stage, "gary", "service_unavailable").await).await;
}

#[tokio::test]
async fn says_that_the_account_holds_no_company() {
    scenario(async |stage| fails_then_succeeds(stage, "nora", "no_account").await).await;
}

#[tokio::test]
async fn says_that_the_page_is_not_set_up_when_the_widget_is_unknown() {
    scenario(async |stage| {
        stage.expect_console_error("/v1/connect/sessions");
        stage.expect_console_error("unknown_widget");
        let unknown = HostWidget {
            widget: "wid_nobody".into(),
            ..stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        stage.open_page(vec![unknown]).await?;
        let browser = &stage.browser;
        browser
            .find(Role::Heading, "This connection page isn’t set up correctly")
            .await?;
        let error = browser.event("error").await?;
        ensure!(
            error["code"] == "unknown_widget" && error["recoverable"] == false,
            "{error}"
        );
        ensure!(
            !browser.has(Role::Button, "Try again").await?,
            "trying again is no use"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_page_of_an_origin_that_is_not_registered() {
    scenario(async |stage| {
        stage.expect_console_error("/v1/connect/sessions");
        stage.expect_console_error("origin_not_registered");
        let page = HostPage {
            widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", json!({}))],
            starts_by_itself: true,
            more_policy: "",
            headers: vec![],
        };
        let path = stage.host.put(&page)?;
        let browser = &stage.browser;
        browser
            .goto(&format!("{}{path}", stage.host.unregistered_origin()))
            .await?;
        browser
            .find(Role::Heading, "This connection page isn’t set up correctly")
            .await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "origin_not_registered", "{error}");
        ensure!(
            !browser.has(Role::Searchbox, "Search").await?,
            "the list is shown"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_business_name_that_breaks_the_rules() {
    scenario(async |stage| {
        stage.expect_console_error("/v1/connect/sessions");
        stage.expect_console_error("usiness");
        let browser = &stage.browser;
        let lender = stage.management("sandbox").await?;
        for name in [
            "Harbor (Coffee)",
            "H",
            "Harbor Coffee and all its many sister companies",
        ] {
            stage.open_widget(name).await?;
            let error = browser.event("error").await?;
            ensure!(error["code"] == "invalid_business_name", "{name}: {error}");
            browser.find(Role::Heading, Name::Any).await?;
            ensure!(
                !browser.has(Role::Searchbox, "Search").await?,
                "{name}: the list is shown"
            );
        }
        ensure!(
            lender.connections().await?.is_empty(),
            "something was connected"
        );
        Ok(())
    })
    .await;
}

/// Goes to the service as `user`, is told `code`, and succeeds with another try.
async fn fails_then_succeeds(stage: &Stage, user: &str, code: &str) -> Result<()> {
    let browser = &stage.browser;
    stage.open_widget("Harbor Coffee Ltd").await?;
    browser.go_to_service("QuickBooks Online").await?;
    browser.approve_as(user).await?;
    let error = browser.event("error").await?;
    ensure!(error["code"] == code, "{error}");
    browser.popup_closes().await?;
    browser.find(Role::Button, "Choose another").await?;
    let connections = stage
        .management("sandbox")
        .await?
        .connections_of("Harbor Coffee Ltd")
        .await?;
    ensure!(connections.is_empty(), "{connections:?}");
    try_again_and_succeed(stage).await
}

async fn try_again_and_succeed(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    browser.try_again_at("QuickBooks Online").await?;
    browser.connect_as("alice").await?;
    let connections = stage
        .management("sandbox")
        .await?
        .connections_of("Harbor Coffee Ltd")
        .await?;
    ensure!(connections.len() == 1, "{connections:?}");
    Ok(())
}
