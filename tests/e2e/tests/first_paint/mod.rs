//! The first step is on the page before the widget's code, and becomes the widget's own when that comes.

mod ahead;
mod early;

use anyhow::{Context as _, Result, ensure};
use railhead_e2e::{
    Browser, HostPage, HostWidget, Name, NewWidget, Role, Setup, Stage, scenario_with, until,
};
use railhead_protocol::Language;
use serde_json::{Value, json};
use std::time::Duration;

const CODE: &str = ".wasm";
const TITLE: &str = "Connect your software";
const NAUGHTY: &str = "<img src=x onerror=window.pwned=1>";

/// Remembers every node of the painted step, and watches for any that goes, comes or moves.
const WATCH: &str = r"
    const view = document.querySelector('[data-railhead]').shadowRoot.querySelector('.rh-view');
    const nodes = [];
    const walk = (node) => { nodes.push(node); node.childNodes.forEach(walk); };
    view.childNodes.forEach(walk);
    const watch = (window.watch = { nodes, removed: 0, shift: 0, focus: view.getRootNode().activeElement });
    new MutationObserver((records) => {
        for (const record of records) watch.removed += record.removedNodes.length;
    }).observe(view, { childList: true, subtree: true });
    if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) {
        new PerformanceObserver((list) => {
            for (const shift of list.getEntries()) watch.shift += shift.value;
        }).observe({ type: 'layout-shift' });
    }
    return nodes.length;
";

/// What has become of them.
const WATCHED: &str = r"
    const { nodes, removed, shift, focus } = window.watch;
    const root = document.querySelector('[data-railhead]').shadowRoot;
    return {
        lost: nodes.filter((node) => !node.isConnected).map((node) => node.outerHTML ?? String(node.data)),
        removed,
        shift,
        focusKept: root.activeElement === focus,
    };
";

fn tapped() -> Setup {
    Setup {
        tapped: true,
        limit: Duration::from_mins(10),
        ..Setup::DESK
    }
}

/// Opens a page with the widget, whose code is held back; the first step is there, and nothing of the widget has run.
async fn painted(stage: &Stage, widget: HostWidget) -> Result<()> {
    stage.taps()?.server.hold_files(CODE);
    stage.open_page(vec![widget]).await?;
    let browser = &stage.browser;
    browser
        .becomes("document.querySelector('[data-railhead]').shadowRoot.querySelector('.rh-stage h2')?.textContent")
        .await?;
    let names = browser.event_names().await?;
    ensure!(
        !names.iter().any(|name| name == "load"),
        "the widget has run: {names:?}"
    );
    Ok(())
}

/// The same with the sandbox widget, as a dialog that begins with its list.
async fn painted_list(stage: &Stage) -> Result<()> {
    painted(stage, stage.sandbox_widget("Harbor Coffee Ltd", json!({}))).await
}

/// Lets the code come, and waits until it runs.
async fn arrives(stage: &Stage) -> Result<()> {
    stage.taps()?.server.release();
    stage.browser.event("load").await?;
    Ok(())
}

/// The same nodes stand where they stood, and nothing has moved.
async fn is_taken_over(browser: &Browser) -> Result<()> {
    let watched = browser.script(WATCHED, vec![]).await?;
    ensure!(
        watched["lost"] == json!([]) && watched["removed"] == 0 && watched["shift"] == 0,
        "{watched}"
    );
    ensure!(
        watched["focusKept"] == true,
        "the focus went elsewhere: {watched}"
    );
    Ok(())
}

#[tokio::test]
async fn is_seen_before_the_code_and_taken_over_node_by_node() {
    scenario_with(tapped(), async |stage| {
        for options in [
            json!({}),
            json!({ "colorScheme": "dark" }),
            json!({ "theme": { "primary": "#b3125c", "radius": "0" }, "colorScheme": "light" }),
            json!({ "services": { "include": ["xero", "sandbox"] }, "messages": { "search.hint": "Type" } }),
            json!({ "logo": "/logo.svg", "links": { "terms": "/terms" }, "kinds": ["accounting"] }),
            json!({ "closeUrl": "/", "successUrl": "/welcome", "metadata": { "a": 1 }, "locale": "en-GB" }),
        ] {
            for container in [None, Some("#first".to_owned())] {
                let widget = HostWidget {
                    container,
                    ..stage.sandbox_widget("Harbor Coffee Ltd", options.clone())
                };
                painted(stage, widget).await?;
                let browser = &stage.browser;
                let count = browser.script(WATCH, vec![]).await?;
                ensure!(count.as_u64() > Some(50), "only {count} nodes were painted");
                arrives(stage).await?;
                is_taken_over(browser).await?;
                // It is alive: the list follows what is typed.
                browser.fill(Role::Searchbox, "Search", "zzz").await?;
                browser.reads("Nothing found").await?;
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn is_taken_over_in_every_language() {
    scenario_with(tapped(), async |stage| {
        for language in Language::ALL {
            let options = json!({ "locale": language.id() });
            painted(stage, stage.sandbox_widget("Harbor Coffee Ltd", options)).await?;
            let browser = &stage.browser;
            let title = "return document.querySelector('[data-railhead]').shadowRoot.querySelector('h2').textContent";
            let title = browser.script(title, vec![]).await?;
            ensure!(
                (title == TITLE) == (language == Language::English),
                "{language:?} is headed {title}"
            );
            browser.script(WATCH, vec![]).await?;
            arrives(stage).await?;
            is_taken_over(browser).await.with_context(|| format!("{language:?}"))?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_typed_before_the_code_comes_is_searched_for_then() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        painted_list(stage).await?;
        let search = browser.find(Role::Searchbox, "Search").await?;
        search.send_keys("xe").await?;
        let caret =
            "const field = document.querySelector('[data-railhead]').shadowRoot.activeElement;
            field.setSelectionRange(1, 1);";
        browser.script(caret, vec![]).await?;
        arrives(stage).await?;
        until("the other services to go", async || {
            Ok((!browser.text().await?.contains("FreshBooks")).then_some(()))
        })
        .await?;
        let field =
            "const field = document.querySelector('[data-railhead]').shadowRoot.activeElement;
            return [field.value, field.selectionStart];";
        let field = browser.script(field, vec![]).await?;
        ensure!(field == json!(["xe", 1]), "{field}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_overview_is_painted_as_well_and_left_when_the_code_is_there() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        let options = json!({ "kinds": ["accounting", "commerce"] });
        painted(stage, stage.sandbox_widget("Harbor Coffee Ltd", options)).await?;
        browser.script(WATCH, vec![]).await?;
        browser.click(Role::Button, "Get started").await?;
        browser.find(Role::Heading, "Connect your business").await?;
        arrives(stage).await?;
        browser
            .find(Role::Heading, "Connect your accounting software")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn it_can_be_closed_before_the_code_comes() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        painted_list(stage).await?;
        browser.choose_service("Xero").await?;
        browser.click(Role::Button, "Close").await?;
        let exit = browser.event("exit").await?;
        ensure!(exit["reason"] == "closed", "{exit}");
        browser.loses(Role::Dialog, Name::Any).await?;
        arrives(stage).await?;
        let names = browser.event_names().await?;
        ensure!(names == ["open", "exit", "load"], "{names:?}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn options_changed_before_the_code_comes_count_when_it_is_there() {
    scenario_with(tapped(), async |stage| {
        let browser = &stage.browser;
        painted_list(stage).await?;
        let update =
            "window.handles[0].update({ messages: { 'picker.title': 'Link your books' } })";
        browser.script(update, vec![]).await?;
        arrives(stage).await?;
        browser.find(Role::Heading, "Link your books").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn names_are_shown_as_they_are_written() {
    scenario_with(tapped(), async |stage| {
        let company = format!("Evil {NAUGHTY}");
        let widget = stage
            .railhead
            .create_widget(NewWidget {
                environment: "sandbox",
                company: &company,
                origins: &[&stage.host.origin()],
                success_url: None,
            })
            .await?;
        let file = std::fs::read_to_string(stage.parts.root.join("services/xero.toml"))?
            .replace("service_name = \"xero\"", "service_name = \"naughty\"")
            .replace(
                "display_name = \"Xero\"",
                &format!("display_name = {NAUGHTY:?}"),
            );
        stage.railhead.add_service("naughty", &file)?;
        let options = json!({ "messages": { "search.hint": NAUGHTY } });
        let widget = HostWidget {
            widget: widget.id,
            ..stage.sandbox_widget("Harbor Coffee Ltd", options)
        };
        // The catalogue has taken the file up when its service is offered.
        let browser = &stage.browser;
        until("the service to be painted", async || {
            painted(stage, widget.clone()).await?;
            let offered = browser.has(Role::Option, Name::Is(NAUGHTY)).await?;
            Ok(offered.then_some(()))
        })
        .await?;
        for held in [true, false] {
            if !held {
                arrives(stage).await?;
            }
            browser.reads(&company).await?;
            if held {
                // One step further it is a name as well.
                browser.press_service(NAUGHTY).await?;
                let title = format!("Connect {NAUGHTY}");
                browser.find(Role::Heading, Name::Is(&title)).await?;
                browser.click(Role::Button, "Back").await?;
            }
            let harm = "const root = document.querySelector('[data-railhead]').shadowRoot;
                return [window.pwned ?? null, root.querySelectorAll('[onerror], script').length,
                    root.querySelector('input').placeholder];";
            let harm = browser.script(harm, vec![]).await?;
            ensure!(harm == json!([null, 0, NAUGHTY]), "{harm}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_page_that_requires_trusted_types_is_painted_as_well() {
    scenario_with(tapped(), async |stage| {
        let page = HostPage {
            widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", json!({}))],
            starts_by_itself: true,
            more_policy: "require-trusted-types-for 'script'; trusted-types 'none'",
            headers: vec![],
        };
        stage.taps()?.server.hold_files(CODE);
        let address = format!("{}{}", stage.host.origin(), stage.host.put(&page)?);
        stage.browser.goto(&address).await?;
        stage.browser.find(Role::Heading, Name::Has(TITLE)).await?;
        stage.browser.reads("FreshBooks").await
    })
    .await;
}

#[tokio::test]
async fn begins_from_nothing_where_the_server_cannot_know_the_first_step() {
    scenario_with(tapped(), async |stage| {
        stage.expect_console_error("ofAnotherVersion");
        let browser = &stage.browser;
        for options in [json!({ "ofAnotherVersion": true }), json!({ "kinds": [] })] {
            let widget = stage.sandbox_widget("Harbor Coffee Ltd", options.clone());
            stage.open_page(vec![widget]).await?;
            browser.event("load").await?;
            browser.find(Role::Heading, Name::Has("onnect")).await?;
        }
        let answers = stage.taps()?.server.answers();
        let sessions: Vec<Value> = answers
            .iter()
            .filter(|answer| answer.path == "/v1/connect/sessions" && answer.method == "POST")
            .map(|answer| serde_json::from_str(&answer.body))
            .collect::<Result<_, _>>()?;
        let painted: Vec<bool> = sessions
            .iter()
            .map(|answer| answer.get("firstPaint").is_some())
            .collect();
        ensure!(painted == [false, true], "{painted:?}");
        Ok(())
    })
    .await;
}
