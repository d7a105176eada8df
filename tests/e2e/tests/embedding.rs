//! On the host's page: inline and modal, one and several, started twice, taken away in the middle.

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use railhead_e2e::{HostWidget, Name, Role, Stage, scenario, until};
use serde_json::{Value, json};

/// What a host page can see of Railhead on itself.
const REMAINS: &str = "return {
    hosts: document.querySelectorAll('[data-railhead]').length,
    dialogs: document.querySelectorAll('dialog').length,
    body: document.body.getAttribute('style') || '',
    root: document.documentElement.getAttribute('style') || '',
    overflow: getComputedStyle(document.documentElement).overflow + ' ' + getComputedStyle(document.body).overflow,
    sheets: document.adoptedStyleSheets.length + document.styleSheets.length,
    nodes: document.body.children.length,
    inside: document.getElementById('first').childNodes.length,
}";

#[tokio::test]
async fn keeps_two_widgets_on_one_page_apart() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let inline = |container: &str, business: &str| HostWidget {
            container: Some(container.to_owned()),
            ..stage.sandbox_widget(business, json!({}))
        };
        let widgets = vec![
            inline("#first", "Harbor Coffee Ltd"),
            inline("#second", "Quayside Events LLP"),
        ];
        stage.open_page(widgets).await?;

        browser.look_in(Some("#first"));
        browser.choose_service("QuickBooks Online").await?;
        browser.look_in(Some("#second"));
        browser.find(Role::Searchbox, "Search").await?;
        for (part, service) in [("#second", "Xero"), ("#first", "QuickBooks Online")] {
            browser.look_in(Some(part));
            if part == "#second" {
                browser.choose_service(service).await?;
            }
            browser
                .click(Role::Button, Name::Is(&format!("Continue to {service}")))
                .await?;
            browser.look_in(None);
            browser.switch_to_popup().await?;
            browser.approve_as("alice").await?;
            browser.look_in(Some(part));
            browser
                .find(Role::Heading, Name::Has("is connected"))
                .await?;
            browser.look_in(None);
            browser.popup_closes().await?;
        }
        let lender = stage.management("sandbox").await?;
        for (business, service) in [
            ("Harbor Coffee Ltd", "quickbooks_online"),
            ("Quayside Events LLP", "xero"),
        ] {
            let connections = lender.connections_of(business).await?;
            let services: Vec<_> = connections
                .iter()
                .map(|found| found.service_name.as_str())
                .collect();
            ensure!(services == [service], "{business}: {services:?}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn is_one_widget_when_started_twice_in_one_container() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let inline = HostWidget {
            container: Some("#first".into()),
            ..stage.sandbox_widget("Harbor Coffee Ltd", json!({}))
        };
        stage
            .open_page(vec![inline.clone(), inline.clone()])
            .await?;
        browser.find(Role::Searchbox, "Search").await?;
        browser.becomes("window.handles.length === 2").await?;
        let remains = browser.script(REMAINS, vec![]).await?;
        ensure!(remains["hosts"] == 1, "{remains}");
        let same = browser
            .script("return window.handles[0] === window.handles[1]", vec![])
            .await?;
        ensure!(same == true, "two handles for one widget");
        // The list is there before the widget is.
        browser.event("load").await?;
        let loads = browser
            .script(
                "return window.seen.filter((event) => event.name === 'load').length",
                vec![],
            )
            .await?;
        ensure!(loads == 1, "{loads} load events");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn is_one_dialog_when_the_hosts_button_is_pressed_twice() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_button_page(stage, json!({})).await?;
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.find(Role::Searchbox, "Search").await?;
        browser.click(Role::Button, "Close").await?;
        browser.loses(Role::Dialog, Name::Any).await?;
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.find(Role::Searchbox, "Search").await?;
        let remains = browser.script(REMAINS, vec![]).await?;
        ensure!(remains["hosts"] == 1, "{remains}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn leaves_nothing_behind_when_taken_away_in_the_middle() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_button_page(stage, json!({})).await?;
        let before = browser.script(REMAINS, vec![]).await?;
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.find(Role::Textbox, "User name").await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, "Continue in the other window")
            .await?;
        browser
            .script("window.handles[0].destroy()", vec![])
            .await?;
        browser.popup_closes().await?;
        let after = browser.script(REMAINS, vec![]).await?;
        ensure!(before == after, "before {before}, after {after}");
        let exit = browser.event("exit").await?;
        ensure!(exit["reason"] == "closed", "{exit}");
        // It may be started again at once, and works.
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn leaves_nothing_behind_when_taken_away_before_it_has_loaded() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_button_page(stage, json!({})).await?;
        let before = browser.script(REMAINS, vec![]).await?;
        let hasty = "const [widget] = JSON.parse(document.getElementById('config').textContent).widgets; \
                     window.startWidget(widget).then(() => window.handles[0].destroy())";
        browser.script(hasty, vec![]).await?;
        browser.becomes("window.handles.length === 1").await?;
        until("the page as it was", async || {
            let after = browser.script(REMAINS, vec![]).await?;
            ensure!(before == after, "before {before}, after {after}");
            Ok(Some(()))
        })
        .await?;
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.find(Role::Searchbox, "Search").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn gives_the_focus_back_when_closed_with_escape() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_button_page(stage, json!({})).await?;
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.find(Role::Searchbox, "Search").await?;
        browser.press(Key::Escape).await?;
        browser.loses(Role::Dialog, Name::Any).await?;
        let exit = browser.event("exit").await?;
        ensure!(
            exit == json!({ "reason": "closed", "connections": [] }),
            "{exit}"
        );
        browser
            .becomes("document.activeElement.id === 'start'")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn stays_open_when_it_is_opened_right_after_it_was_closed() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let policy = "script-src 'self' {api} 'wasm-unsafe-eval'; style-src 'self'; connect-src {api}";
        for isolation in ["shadow", "frame"] {
            stage
                .open_under(policy, json!({ "isolation": isolation }))
                .await?;
            browser.event("load").await?;
            // Browsers tell late that a dialog was closed, here when it is open again.
            let at_once = "
                const dialog = document.querySelector('[data-railhead]').shadowRoot.querySelector('dialog');
                const told = new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
                handles[0].close();
                handles[0].open();
                return told.then(() => new Promise((resolve) => setTimeout(resolve)));";
            browser.script(at_once, vec![]).await?;
            // A frame hears of it by message, so a moment later.
            browser
                .becomes("document.querySelector('[data-railhead]').shadowRoot.querySelector('dialog').open")
                .await?;
            until("each thing to be told once", async || {
                let names = browser.event_names().await?;
                ensure!(
                    names == ["open", "load", "exit", "open"],
                    "{isolation}: {names:?}"
                );
                Ok(Some(()))
            })
            .await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn starts_from_a_script_tag_alone() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let path = stage
            .host
            .put_script_tag(&stage.widget.id, "Harbor Coffee Ltd");
        browser
            .goto(&format!("{}{path}", stage.host.origin()))
            .await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        browser.click(Role::Button, "Continue").await?;
        browser
            .arrives_at(&format!("{}?", stage.host.success_url()))
            .await?;
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
async fn works_where_the_page_requires_trusted_types() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let page = railhead_e2e::HostPage {
            widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", json!({}))],
            starts_by_itself: true,
            more_policy: "require-trusted-types-for 'script'",
            headers: vec![],
        };
        let path = stage.host.put(&page)?;
        browser
            .goto(&format!("{}{path}", stage.host.origin()))
            .await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        Ok(())
    })
    .await;
}

/// A page whose button starts the sandbox widget as a modal dialog.
async fn open_button_page(stage: &Stage, options: Value) -> Result<()> {
    let page = railhead_e2e::HostPage {
        widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", options)],
        starts_by_itself: false,
        more_policy: "",
        headers: vec![],
    };
    let path = stage.host.put(&page)?;
    stage
        .browser
        .goto(&format!("{}{path}", stage.host.origin()))
        .await
}
