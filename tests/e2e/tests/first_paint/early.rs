//! What the person and the host page do before the widget's code is there counts when it comes.

use super::{TITLE, WATCH, arrives, is_taken_over, painted, painted_list, tapped};
use anyhow::{Result, ensure};
use railhead_e2e::{Browser, Role, scenario_with, until};
use serde_json::{Value, json};

/// Presses keys as the browser would tell of them.
const PRESS: &str = "const root = document.querySelector('[data-railhead]').shadowRoot;
    root.querySelector('input').focus();
    return arguments[0].map((key) => {
        const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true });
        root.activeElement.dispatchEvent(event);
        return event.defaultPrevented;
    });";

async fn scrolls(browser: &Browser) -> Result<Value> {
    let script = "const { style } = document.documentElement; return style.overflow !== 'hidden'";
    browser.script(script, vec![]).await
}

#[tokio::test]
async fn keys_that_lead_to_a_service_lead_there_when_the_code_comes() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        painted_list(stage).await?;
        let keys = json!(["ArrowLeft", "ArrowDown", "ArrowRight"]);
        let taken = browser.script(PRESS, vec![keys]).await?;
        // An arrow within the field is the field's own.
        ensure!(taken == json!([false, true, true]), "{taken}");
        arrives(stage).await?;
        let place = "const root = document.querySelector('[data-railhead]').shadowRoot;
            return [...root.querySelectorAll('.rh-tile')].indexOf(root.activeElement)";
        until("the second service to have the focus", async || {
            Ok((browser.script(place, vec![]).await? == 1).then_some(()))
        })
        .await?;

        painted_list(stage).await?;
        let keys = json!(["ArrowDown", "End", "Enter"]);
        browser.script(PRESS, vec![keys]).await?;
        let events = browser.event_names().await?;
        ensure!(events == ["open"], "{events:?}");
        arrives(stage).await?;
        browser.event("select").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_press_and_what_was_typed_outlive_options_that_draw_the_step_anew() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        let words = "window.handles[0].update({ messages: { 'picker.title': 'Link your books' } })";
        painted_list(stage).await?;
        browser.press_service("Shopify").await?;
        browser.script(words, vec![]).await?;
        arrives(stage).await?;
        browser.find(Role::Button, "Continue to Shopify").await?;

        painted_list(stage).await?;
        let search = browser.find(Role::Searchbox, "Search").await?;
        search.send_keys("xe").await?;
        browser.script(words, vec![]).await?;
        arrives(stage).await?;
        browser.find(Role::Heading, "Link your books").await?;
        until("the other services to go", async || {
            Ok((!browser.text().await?.contains("FreshBooks")).then_some(()))
        })
        .await?;
        let field =
            "return document.querySelector('[data-railhead]').shadowRoot.activeElement?.value";
        let field = browser.script(field, vec![]).await?;
        ensure!(field == "xe", "{field}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn options_that_change_nothing_about_the_step_leave_its_nodes() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        painted_list(stage).await?;
        browser.script(WATCH, vec![]).await?;
        let update =
            "window.handles[0].update({ theme: { primary: '#b3125c' }, successUrl: '/welcome' })";
        browser.script(update, vec![]).await?;
        arrives(stage).await?;
        is_taken_over(browser).await
    })
    .await;
}

#[tokio::test]
async fn the_page_behind_keeps_still_and_gets_its_focus_back() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        for ends in ["handles[0].close()", "handles[0].destroy()"] {
            painted_list(stage).await?;
            ensure!(scrolls(browser).await? == false, "the page scrolls");
            browser.script(&format!("window.{ends}"), vec![]).await?;
            ensure!(
                scrolls(browser).await? == true,
                "the page does not scroll after {ends}"
            );
            stage.taps()?.server.release();
        }
        painted_list(stage).await?;
        arrives(stage).await?;
        ensure!(scrolls(browser).await? == false, "the page scrolls");
        browser.click(Role::Button, "Close").await?;
        browser.event("exit").await?;
        ensure!(scrolls(browser).await? == true, "the page does not scroll");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_leaves_before_the_code_comes_goes_where_the_company_says() {
    scenario_with(tapped(), async |stage| {
        let left = format!("{}/welcome?left", stage.host.origin());
        let options = json!({ "closeUrl": "/welcome?left" });
        painted(stage, stage.sandbox_widget("Harbor Coffee Ltd", options)).await?;
        stage.browser.click(Role::Button, "Close").await?;
        stage.browser.arrives_at(&left).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_session_that_the_page_brings_before_the_code_comes_is_the_one() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        let origin = stage.host.origin();
        let lender = stage.management("sandbox").await?;
        let minted = lender
            .mint_session(&stage.widget.id, "Quayside Events LLP", &origin)
            .await?;
        let mut widget = stage.sandbox_widget("Harbor Coffee Ltd", json!({}));
        widget.business = None;
        painted(stage, widget).await?;
        let update = "window.handles[0].update({ sessionToken: arguments[0] })";
        browser
            .script(update, vec![minted.session_token.clone().into()])
            .await?;
        arrives(stage).await?;
        browser.find(Role::Heading, TITLE).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        let connect = browser.event("connect").await?;
        ensure!(
            connect["businessName"] == "Quayside Events LLP",
            "{connect}"
        );
        Ok(())
    })
    .await;
}
