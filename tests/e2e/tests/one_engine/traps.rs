//! Host pages that hold on to the focus: a modal library of their own, a `<dialog>`, a popover, an inert page.

use anyhow::{Result, ensure};
use railhead_e2e::{Browser, HostWidget, Name, Role, Stage, scenario};
use serde_json::json;

const POLICY: &str = "script-src 'self' {api} 'wasm-unsafe-eval'; style-src 'self'; connect-src {api}; frame-src {api}";
const TAB: &str = "\u{e004}";
const ESCAPE: &str = "\u{e00c}";

/// What has the focus, in shadow roots too.
const FOCUSED: &str = "
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return [document.activeElement?.dataset?.railhead ?? '', at?.getAttribute('aria-label') ?? at?.textContent ?? ''].join(' ')";

#[tokio::test]
async fn keeps_the_focus_from_a_modal_library_that_pulls_it_back() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open(stage, include_str!("../../pages/trap.html"), None).await?;
        browser
            .becomes("document.activeElement.id === 'start'")
            .await?;
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.find(Role::Searchbox, "Search").await?;
        stays_inside(browser).await?;
        // What is typed arrives, and the whole flow can be walked.
        browser.fill(Role::Searchbox, "Search", "quick").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        browser.popup_closes().await?;
        stays_inside(browser).await?;
        browser.script("window.handles[0].close()", vec![]).await?;
        browser
            .loses(Role::Dialog, Name::Has("Connect your software"))
            .await?;
        // Afterwards the focus is the library's again, and at the button that opened the widget.
        browser
            .becomes("document.activeElement.id === 'start'")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn opens_from_within_another_dialog_and_gives_the_focus_back_to_it() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let page = include_str!("../../pages/in-dialog.html");
        for (container, service) in [(None, "QuickBooks Online"), (Some("#first"), "Xero")] {
            open(stage, page, container).await?;
            browser
                .script("document.getElementById('outer').showModal()", vec![])
                .await?;
            browser.click(Role::Button, "Connect your accounts").await?;
            browser.go_to_service(service).await?;
            browser.connect_as("alice").await?;
            browser.popup_closes().await?;
            if container.is_none() {
                stays_inside(browser).await?;
                browser.type_keys(ESCAPE).await?;
                browser
                    .becomes("window.seen.some(({ name }) => name === 'exit')")
                    .await?;
                browser
                    .becomes("document.activeElement.id === 'start'")
                    .await?;
                // Escape was the widget's: the dialog below it is still there.
                browser
                    .becomes("document.getElementById('outer').open")
                    .await?;
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn opens_above_a_popover_and_on_a_page_that_is_inert() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open(stage, include_str!("../../pages/in-dialog.html"), None).await?;
        let prepare = "document.getElementById('bubble').showPopover(); document.body.inert = true; startWidget(config.widgets[0])";
        browser.script(prepare, vec![]).await?;
        browser.becomes("window.handles.length === 1").await?;
        browser.becomes("document.querySelector('[data-railhead]').shadowRoot.querySelector('[role=searchbox]')").await?;
        stays_inside(browser).await?;
        let typed = "return document.querySelector('[data-railhead]').shadowRoot.querySelector('[role=searchbox]')";
        let field = browser.script(typed, vec![]).await?;
        browser
            .script("arguments[0].focus()", vec![field.clone()])
            .await?;
        browser.type_keys("xero").await?;
        let value = browser.script("return arguments[0].value", vec![field]).await?;
        ensure!(value == "xero", "{value} was typed");
        Ok(())
    })
    .await;
}

/// The host page whose button starts the widget.
async fn open(stage: &Stage, template: &str, container: Option<&str>) -> Result<()> {
    let widget = HostWidget {
        container: container.map(str::to_owned),
        ..stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
    };
    stage.open_as(template, POLICY, vec![widget], false).await
}

/// Twelve steps with the Tab key, and the focus has not left the widget but for the browser's own controls.
async fn stays_inside(browser: &Browser) -> Result<()> {
    let mut stops = vec![];
    for _ in 0..12 {
        browser.type_keys(TAB).await?;
        let focused = browser.script(FOCUSED, vec![]).await?;
        let focused = focused.as_str().unwrap_or_default().to_owned();
        let on_page = browser
            .script(
                "return document.activeElement === document.body || !document.hasFocus()",
                vec![],
            )
            .await?;
        ensure!(
            focused.starts_with("modal") || on_page == true,
            "the focus is at {focused:?}"
        );
        stops.push(focused);
    }
    stops.sort();
    stops.dedup();
    ensure!(stops.len() > 2, "the focus goes nowhere: {stops:?}");
    Ok(())
}
