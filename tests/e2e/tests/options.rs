//! What the host page asks for is seen to act, and what it gets wrong is named on its console.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{Ability, Browser, Name, Role, Setup, scenario, scenario_with, until};
use serde_json::{Value, json};

#[tokio::test]
async fn paints_the_primary_button_in_the_hosts_colour() {
    scenario(async |stage| {
        let browser = &stage.browser;
        for (primary, painted) in [("#b3125c", [179, 18, 92]), ("#0a5c36", [10, 92, 54])] {
            let options =
                json!({ "theme": { "primary": primary, "radius": "3px" }, "colorScheme": "light" });
            stage
                .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
                .await?;
            browser.choose_service("QuickBooks Online").await?;
            let button = browser
                .find(Role::Button, "Continue to QuickBooks Online")
                .await?;
            until(&format!("a button painted {primary}"), async || {
                let colour = channels(&button.css_value("background-color").await?)?;
                ensure!(colour[..3] == painted[..], "{colour:?}");
                Ok(Some(()))
            })
            .await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn follows_the_colour_scheme_of_the_host_or_of_the_device() {
    let setup = Setup {
        needs: &[Ability::Media],
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let browser = &stage.browser;
        for (scheme, device, dark) in [
            ("light", "dark", false),
            ("dark", "light", true),
            ("system", "dark", true),
            ("system", "light", false),
        ] {
            browser
                .set_media(&[("prefers-color-scheme", device)])
                .await?;
            let options = json!({ "colorScheme": scheme });
            stage
                .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
                .await?;
            let heading = browser
                .find(Role::Heading, Name::Has("Connect your software"))
                .await?;
            let text = channels(&heading.css_value("color").await?)?;
            let light_text = text.iter().take(3).sum::<u32>() > 3 * 128;
            ensure!(
                light_text == dark,
                "{scheme} on a {device} device: text {text:?}"
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn puts_the_hosts_facts_into_the_connect_event() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let options = json!({ "metadata": { "application": "A-1047" } });
        stage
            .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
            .await?;
        browser.choose_service("Sandbox").await?;
        browser.click(Role::Button, "Connect Sandbox").await?;
        let connect = browser.event("connect").await?;
        ensure!(
            connect["metadata"] == json!({ "application": "A-1047" }),
            "{connect}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn names_each_malformed_option_on_the_console() {
    scenario(async |stage| {
        for named in [
            "theme",
            "colorScheme",
            "successUrl",
            "locale",
            "metadata",
            "servces",
            "container",
            "businessName",
        ] {
            stage.expect_console_error(named);
        }
        let browser = &stage.browser;
        for (named, options) in [
            ("theme", json!({ "theme": 7 })),
            ("theme", json!({ "theme": { "primary": 12 } })),
            ("colorScheme", json!({ "colorScheme": "dusk" })),
            ("successUrl", json!({ "successUrl": "javascript:alert(1)" })),
            ("successUrl", json!({ "successUrl": ["/welcome"] })),
            ("locale", json!({ "locale": 44 })),
            ("metadata", json!({ "metadata": ["A-1047"] })),
            (
                "metadata",
                json!({ "metadata": { "long": "x".repeat(2048) } }),
            ),
            ("servces", json!({ "servces": { "include": ["xero"] } })),
            ("container", json!({ "container": "#nowhere" })),
        ] {
            stage
                .open_page(vec![
                    stage.sandbox_widget("Harbor Coffee Ltd", options.clone()),
                ])
                .await?;
            said(browser, named)
                .await
                .with_context(|| format!("for {options}"))?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn suggests_the_option_that_was_meant() {
    scenario(async |stage| {
        stage.expect_console_error("servces");
        let browser = &stage.browser;
        let options = json!({ "servces": { "include": ["xero"] } });
        stage
            .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
            .await?;
        let text = said(browser, "servces").await?;
        ensure!(text.contains("services"), "no suggestion in {text}");
        browser.find(Role::Searchbox, "Search").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_to_send_the_person_to_an_origin_that_is_not_registered() {
    scenario(async |stage| {
        for text in ["/v1/connect/finish", "invalid_return_url", "successUrl"] {
            stage.expect_console_error(text);
        }
        let browser = &stage.browser;
        let elsewhere = format!("{}/welcome", stage.host.unregistered_origin());
        let options = json!({ "successUrl": elsewhere });
        stage
            .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
            .await?;
        browser.choose_service("Sandbox").await?;
        browser.click(Role::Button, "Connect Sandbox").await?;
        browser.event("connect").await?;
        browser.click(Role::Button, "Continue").await?;
        let error = browser.event("error").await?;
        ensure!(error["code"] == "invalid_return_url", "{error}");
        let address = browser.address().await?;
        ensure!(
            address.as_str().starts_with(&stage.host.origin()),
            "the browser is at {address}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_arguments_of_wrong_types_without_leaving_anything() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_page(vec![]).await?;
        for (arguments, named) in [
            (json!({ "widget": "" }), "widgetId"),
            (json!({ "widget": 7 }), "widgetId"),
            (
                json!({ "widget": stage.widget.id, "business": 7 }),
                "businessName",
            ),
            (
                json!({ "widget": stage.widget.id, "container": "[" }),
                "container",
            ),
        ] {
            let start = "window.failures = []; window.startWidget(arguments[0])";
            browser.script(start, vec![arguments.clone()]).await?;
            let failure = browser.becomes("window.failures[0]").await?;
            let message = failure["message"].as_str().unwrap_or_default();
            ensure!(message.contains(named), "{arguments}: {failure}");
            let left = browser
                .script(
                    "return document.querySelectorAll('[data-railhead]').length",
                    vec![],
                )
                .await?;
            ensure!(left == 0, "{arguments}: {left} left behind");
        }
        Ok(())
    })
    .await;
}

/// Waits until the console, or the refusal of `init`, names `option`, and returns what it says.
async fn said(browser: &Browser, option: &str) -> Result<String> {
    until(&format!("{option:?} on the console"), async || {
        let console = browser.console().await?;
        let failures: Value = browser
            .script("return window.failures ?? []", vec![])
            .await?;
        let refused = failures
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|failure| failure["message"].as_str());
        let lines = console
            .iter()
            .map(|entry| entry.text.as_str())
            .chain(refused);
        Ok(lines
            .filter(|text| text.contains(option))
            .map(ToOwned::to_owned)
            .next())
    })
    .await
}

/// The numbers in a computed colour: red, green, blue, and perhaps alpha.
fn channels(colour: &str) -> Result<Vec<u32>> {
    let inside = colour
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    let inside = inside.with_context(|| format!("{colour} is not a colour"))?;
    let numbers = inside
        .split([',', ' '])
        .filter(|part| !part.is_empty() && !part.contains('.'));
    numbers.map(|part| Ok(part.parse()?)).collect()
}
