//! Who is faster than the widget's code reads on: what choosing a service leads to came with the first step.

use super::{TITLE, arrives, painted, painted_list, tapped};
use anyhow::ensure;
use railhead_e2e::{HostWidget, Role, scenario_with};
use serde_json::json;

/// Notes the heading that each frame shows: sizes are told of once everything else has been done for a frame.
const DRAWN: &str = r"
    const headings = (window.headings = []);
    const { shadowRoot } = document.querySelector('[data-railhead]');
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.cssText = 'position: absolute; block-size: 1px';
    new ResizeObserver(() => headings.push(shadowRoot.querySelector('h2')?.textContent ?? '')).observe(probe);
    let size = 1;
    const frame = () => {
        probe.style.inlineSize = `${(size = 3 - size)}px`;
        requestAnimationFrame(frame);
    };
    frame();
";

#[tokio::test]
async fn a_service_pressed_before_the_code_comes_is_read_about_at_once() {
    scenario_with(tapped(), async |stage| {
        for container in [None, Some("#first".to_owned())] {
            let widget = HostWidget {
                container,
                ..stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
            };
            painted(stage, widget).await?;
            let browser = &stage.browser;
            browser.choose_service("FreshBooks").await?;
            browser.focus_comes_to("heading \"Connect FreshBooks\"").await?;
            browser.click(Role::Button, "Back").await?;
            browser.focus_comes_to("option \"FreshBooks\"").await?;
            browser.choose_service("Xero").await?;
            browser.reads("You sign in at Xero").await?;
            let mark = "return document.querySelector('[data-railhead]').shadowRoot.querySelector('.rh-mark:last-child img').src";
            let mark = browser.script(mark, vec![]).await?;
            ensure!(mark.as_str().is_some_and(|mark| mark.ends_with("/xero.svg")), "{mark}");
            browser.script(DRAWN, vec![]).await?;
            arrives(stage).await?;
            // The step is the widget's own by now, and nothing else was to be seen meanwhile.
            let selected = browser.event("select").await?;
            ensure!(selected["serviceName"] == "xero", "{selected}");
            browser.focus_comes_to("heading \"Connect Xero\"").await?;
            let headings = browser.script("return [...new Set(window.headings)]", vec![]).await?;
            ensure!(headings == json!(["Connect Xero"]), "{headings}");
            browser.click(Role::Button, "Back").await?;
            browser.find(Role::Heading, TITLE).await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_waits_to_agree_keeps_the_focus_and_may_when_the_code_is_there() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        painted_list(stage).await?;
        browser.choose_service("Xero").await?;
        browser.find(Role::Button, "Continue to Xero").await?;
        // A window opens within the press alone, and what would open it is not there.
        let press = "const agree = document.querySelector('[data-railhead]').shadowRoot.querySelector('.is-primary');
            agree.focus();
            agree.click();
            return ['aria-disabled', 'aria-busy'].map((name) => agree.getAttribute(name));";
        let state = browser.script(press, vec![]).await?;
        ensure!(state == json!(["true", "true"]), "{state}");
        browser.script(DRAWN, vec![]).await?;
        arrives(stage).await?;
        browser
            .focus_comes_to("button \"Continue to Xero\"")
            .await?;
        browser.event("select").await?;
        let headings = browser
            .script("return [...new Set(window.headings)]", vec![])
            .await?;
        ensure!(headings == json!(["Connect Xero"]), "{headings}");
        ensure!(browser.window_count().await? == 1, "a window has opened");
        browser.click(Role::Button, "Continue to Xero").await?;
        browser.switch_to_popup().await?;
        browser.connect_as("alice").await
    })
    .await;
}

#[tokio::test]
async fn a_service_that_asks_for_something_first_opens_when_the_code_is_there() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        painted_list(stage).await?;
        for service in ["Sandbox", "Shopify"] {
            browser.press_service(service).await?;
            let busy = "return [...document.querySelector('[data-railhead]').shadowRoot.querySelectorAll('[aria-busy=true] .rh-tile-name')].map(({ textContent }) => textContent)";
            let busy = browser.script(busy, vec![]).await?;
            ensure!(busy == json!([service]), "{busy}");
        }
        arrives(stage).await?;
        // The last press is what the person wants.
        browser.find(Role::Button, "Continue to Shopify").await?;
        let selected = browser.event("select").await?;
        ensure!(selected["serviceName"] == "shopify", "{selected}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_leaves_a_step_ahead_before_the_code_comes_agrees_to_nothing() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        let left = format!("{}/welcome?left", stage.host.origin());
        let widget = HostWidget {
            container: Some("#first".to_owned()),
            ..stage.sandbox_widget("Harbor Coffee Ltd", json!({ "closeUrl": left }))
        };
        painted(stage, widget).await?;
        browser.choose_service("Xero").await?;
        browser.click(Role::Button, "Close").await?;
        browser.find(Role::Heading, TITLE).await?;
        stage.taps()?.server.release();
        browser.arrives_at(&left).await?;
        ensure!(
            browser.window_count().await? == 1,
            "a window has been opened"
        );
        Ok(())
    })
    .await;
}
