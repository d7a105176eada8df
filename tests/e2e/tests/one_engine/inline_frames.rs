//! The widget in a frame that is a part of the page: beside another one, and after its end.

use super::frames::NO_WASM;
use anyhow::ensure;
use railhead_e2e::{HostWidget, Role, scenario};
use serde_json::json;

#[tokio::test]
async fn keeps_two_frames_on_one_page_apart_and_makes_each_as_tall_as_its_widget() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let inline = |container: &str, business: &str| HostWidget {
            container: Some(container.to_owned()),
            ..stage.sandbox_widget(business, json!({ "isolation": "frame" }))
        };
        let widgets = vec![
            inline("#first", "Harbor Coffee Ltd"),
            inline("#second", "Quayside Events LLP"),
        ];
        let template = include_str!("../../pages/host.html");
        stage.open_as(template, NO_WASM, widgets, true).await?;
        for (part, business, service) in [
            ("#first", "Harbor Coffee Ltd", "QuickBooks Online"),
            ("#second", "Quayside Events LLP", "Xero"),
        ] {
            browser.enter_widget(Some(part)).await?;
            browser.find(Role::Searchbox, "Search").await?;
            browser
                .becomes("document.documentElement.scrollHeight <= innerHeight")
                .await?;
            browser.go_to_service(service).await?;
            browser.approve_as("alice").await?;
            browser
                .becomes(&format!(
                    "window.seen.some(({{ name, detail }}) => name === 'connect' && detail.businessName === '{business}')"
                ))
                .await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn rests_on_the_page_when_done_and_says_what_cannot_be_handed_over() {
    scenario(async |stage| {
        stage.expect_console_error("DataCloneError");
        let browser = &stage.browser;
        let inline = HostWidget {
            container: Some("#first".to_owned()),
            ..stage.sandbox_widget("Harbor Coffee Ltd", json!({ "isolation": "frame" }))
        };
        let template = include_str!("../../pages/host.html");
        stage
            .open_as(template, NO_WASM, vec![inline], true)
            .await?;
        browser.enter_widget(Some("#first")).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        browser.event("connect").await?;
        let update = "window.handles[0].update({ metadata: { act() {} } })";
        browser.script(update, vec![]).await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "invalid_request", "{error}");
        browser.enter_widget(Some("#first")).await?;
        browser.click(Role::Button, "Done").await?;
        browser.find(Role::Heading, "You’re done").await?;
        browser.switch_to_host().await?;
        let exit = browser.event("exit").await?;
        ensure!(exit["reason"] == "done", "{exit}");
        let stays = "return document.querySelector('#first [data-railhead]').shadowRoot.querySelector('iframe').checkVisibility()";
        let stays = browser.script(stays, vec![]).await?;
        ensure!(stays == true, "it is gone");
        Ok(())
    })
    .await;
}
