//! What a widget leaves on its page when it is destroyed: nothing.

use anyhow::{Result, ensure};
use railhead_e2e::{Browser, HostWidget, Role, Stage, scenario, scenario_with, until};
use serde_json::{Value, json};
use std::time::Duration;

const POLICY: &str = "script-src 'self' {api} 'wasm-unsafe-eval'; style-src 'self'; connect-src {api}; frame-src {api}";
const PAGE: &str = include_str!("../../pages/remains.html");
const CYCLES: u32 = 20;
/// What the heap may grow by in all cycles together, in bytes: what engines themselves keep of compiled code and caches.
const SLACK: f64 = 400_000.0;

/// Where a person is when the widget is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Loading,
    Picker,
    Search,
    Consent,
    Waiting,
    AccountChoice,
    Success,
    Failure,
}

impl Place {
    const ALL: [Self; 8] = [
        Self::Loading,
        Self::Picker,
        Self::Search,
        Self::Consent,
        Self::Waiting,
        Self::AccountChoice,
        Self::Success,
        Self::Failure,
    ];

    /// Goes there from the list of services.
    async fn reach(self, browser: &Browser) -> Result<()> {
        match self {
            Self::Loading => {
                browser.becomes("window.handles.length === 1").await?;
            }
            Self::Picker => {
                browser.find(Role::Searchbox, "Search").await?;
            }
            Self::Search => browser.fill(Role::Searchbox, "Search", "zzz").await?,
            Self::Consent => browser.choose_service("QuickBooks Online").await?,
            Self::Waiting => {
                browser.go_to_service("QuickBooks Online").await?;
                browser.find(Role::Textbox, "User name").await?;
                browser.switch_to_host().await?;
                browser.find(Role::Button, "Cancel").await?;
            }
            Self::AccountChoice => {
                browser.go_to_service("QuickBooks Online").await?;
                browser.approve_as("olga").await?;
                browser.find(Role::Radio, "Harbor Roastery Ltd").await?;
            }
            Self::Success => {
                browser.go_to_service("QuickBooks Online").await?;
                browser.connect_as("alice").await?;
            }
            Self::Failure => {
                browser.go_to_service("QuickBooks Online").await?;
                browser.sign_in("alice").await?;
                browser.click(Role::Button, "Deny").await?;
                browser.switch_to_host().await?;
                browser.event("error").await?;
            }
        }
        Ok(())
    }
}

#[tokio::test]
async fn leaves_nothing_behind_whatever_step_it_is_taken_away_in() {
    let setup = railhead_e2e::Setup {
        limit: Duration::from_mins(5),
        ..Default::default()
    };
    scenario_with(setup, async |stage| {
        for place in Place::ALL {
            taken_away(stage, "shadow", place).await?;
        }
        // In the frame it is the same widget; what is the host page's own is the same at every step.
        for place in [Place::Loading, Place::Picker] {
            taken_away(stage, "frame", place).await?;
        }
        Ok(())
    })
    .await;
}

/// Starts the widget, goes to `place`, destroys it and compares the page with what it was.
async fn taken_away(stage: &Stage, isolation: &str, place: Place) -> Result<()> {
    let browser = &stage.browser;
    // Each visit is a new one, of a business that has connected nothing.
    open(stage, isolation, &format!("Harbor {isolation} {place:?}")).await?;
    let before = page(browser).await?;
    browser.click(Role::Button, "Connect your accounts").await?;
    if isolation == "frame" && place != Place::Loading {
        browser.enter_widget(None).await?;
    }
    place.reach(browser).await?;
    browser.switch_to_host().await?;
    browser
        .script("window.handles[0].destroy()", vec![])
        .await?;
    until(
        &format!("nothing left of {isolation}, {place:?}"),
        async || {
            let after = page(browser).await?;
            ensure!(before == after, "before {before:#}\nafter {after:#}");
            Ok(Some(()))
        },
    )
    .await
}

#[tokio::test]
async fn adds_one_name_to_the_page_and_changes_nothing_else_of_it() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open(stage, "auto", "Harbor Coffee Ltd").await?;
        // Chromium's driver has names of its own.
        let globals = "
            const own = ['watched', 'config', 'seen', 'handles', 'failures', 'startWidget', 'startAll', 'globalsBefore'];
            return watched.globals().filter((name) => !own.includes(name) && !/^([$]?cdc_|ret_nodes$)/.test(name));";
        let added = browser.script(globals, vec![]).await?;
        ensure!(added == json!(["Railhead"]), "after the script: {added}");
        browser.click(Role::Button, "Connect your accounts").await?;
        browser.find(Role::Searchbox, "Search").await?;
        let added = browser.script(globals, vec![]).await?;
        ensure!(added == json!(["Railhead"]), "after the start: {added}");
        let members = browser.script("return Object.keys(Railhead).sort()", vec![]).await?;
        ensure!(members == json!(["init", "started", "version"]), "{members}");
        // While it is open: one element more, and the page behind it holds still.
        let added = "return [...document.body.children].filter((child) => child.dataset.railhead).length";
        ensure!(browser.script(added, vec![]).await? == 1, "more than one element");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn does_not_grow_when_it_is_opened_and_destroyed_twenty_times() {
    let setup = railhead_e2e::Setup {
        limit: Duration::from_mins(5),
        ..Default::default()
    };
    scenario_with(setup, async |stage| {
        let browser = &stage.browser;
        for isolation in ["shadow", "frame"] {
            open(stage, isolation, "Harbor Coffee Ltd").await?;
            // The first rounds fill caches: compiled code, style sheets, the glue's own tables.
            for _ in 0..3 {
                cycle(browser, isolation).await?;
            }
            let before = browser.measure().await?;
            for _ in 0..CYCLES {
                cycle(browser, isolation).await?;
            }
            let story = until("no growth", async || {
                let after = browser.measure().await?;
                let story =
                    format!("{isolation}: before {before:?}, after {CYCLES} cycles {after:?}");
                ensure!(
                    after.nodes <= before.nodes
                        && after.listeners <= before.listeners
                        && after.documents <= before.documents
                        && after.heap <= before.heap + SLACK,
                    "{story}"
                );
                Ok(Some(story))
            })
            .await?;
            println!("{story}");
        }
        Ok(())
    })
    .await;
}

/// Opens the widget, waits until it can be used, and destroys it. No element is asked for: a driver keeps what it hands out.
async fn cycle(browser: &Browser, isolation: &str) -> Result<()> {
    browser
        .script("window.seen = []; window.handles = []; startAll()", vec![])
        .await?;
    browser
        .becomes("window.handles.length === 1 && window.seen.some(({ name }) => name === 'load')")
        .await?;
    let shown = match isolation {
        "frame" => "iframe.is-there",
        _ => "[role=searchbox]",
    };
    browser
        .becomes(&format!(
            "Boolean(document.querySelector('[data-railhead]').shadowRoot.querySelector('{shown}'))"
        ))
        .await?;
    // The page lets go of what it was given as well.
    let destroy =
        "for (const handle of window.handles.splice(0)) handle.destroy(); window.seen = []";
    browser.script(destroy, vec![]).await?;
    browser
        .becomes("!document.querySelector('[data-railhead]')")
        .await?;
    Ok(())
}

async fn open(stage: &Stage, isolation: &str, business: &str) -> Result<()> {
    let widget: HostWidget = stage.sandbox_widget(business, json!({ "isolation": isolation }));
    stage.open_as(PAGE, POLICY, vec![widget], false).await
}

/// The page as it is written, and all that is counted on it.
async fn page(browser: &Browser) -> Result<Value> {
    browser
        .script(
            "return { page: watched.page(), remains: watched.remains() }",
            vec![],
        )
        .await
}
