//! A host page whose CSS undoes and overrides everything: the widget looks, to the pixel and to the last property, as it does
//! on a page without any.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{Role, Setup, Stage, scenario, scenario_with, until};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Some room for the widget and no rules at all.
const POLICY: &str = "default-src 'none'; script-src 'self' {api} 'wasm-unsafe-eval'; style-src 'self'; img-src {api} data:; \
    connect-src {api}";

/// Where every element of the widget is, the properties of its style that people see first, and a digest of every property as
/// the browser computed it. Animations are put to their end first.
const LOOKS: &str = "
    const SHOWN = ['display', 'position', 'color', 'background-color', 'font-family', 'font-size', 'font-weight', 'font-style',
        'line-height', 'letter-spacing', 'text-transform', 'text-align', 'direction', 'writing-mode', 'opacity', 'visibility',
        'transform', 'filter', 'cursor', 'pointer-events', 'border-top-width', 'padding-top', 'margin-top', 'z-index'];
    const { shadowRoot } = document.querySelector('[data-railhead]');
    for (const animation of shadowRoot.getAnimations()) {
        if (animation.effect.getComputedTiming().iterations === Infinity) animation.cancel();
        else animation.finish();
    }
    const looks = {};
    const note = (path, element, pseudo) => {
        const style = getComputedStyle(element, pseudo);
        if (pseudo && style.content === 'none') return;
        let digest = 0;
        for (const name of style) {
            for (const letter of `${name}:${style.getPropertyValue(name)};`) digest = (digest * 31 + letter.codePointAt(0)) >>> 0;
        }
        const { x, y, width, height } = element.getBoundingClientRect();
        const shown = Object.fromEntries(SHOWN.map((name) => [name, style.getPropertyValue(name)]));
        looks[path + (pseudo ?? '')] = { ...shown, box: [x, y, width, height].join(' '), 'any property': digest };
    };
    const walk = (parent, path) => [...parent.children].forEach((element, at) => {
        const here = `${path}/${at}${element.localName}.${element.getAttribute('class') ?? ''}`;
        note(here, element);
        note(here, element, '::before');
        note(here, element, '::after');
        walk(element, here);
    });
    walk(shadowRoot, '');
    return looks;";

#[tokio::test]
async fn looks_the_same_on_a_page_that_overrides_everything() {
    let setup = Setup {
        limit: Duration::from_mins(5),
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let browser = &stage.browser;
        let clean = include_str!("../../pages/host.html");
        let hostile = include_str!("../../pages/hostile.html");
        let mut looks = vec![];
        // Two that have connected nothing; the names are not shown.
        for (template, business) in [(clean, "Harbor Coffee Ltd"), (hostile, "Harbor Coffee Inc")] {
            let options = json!({ "colorScheme": "light" });
            let widgets = vec![stage.sandbox_widget(business, options)];
            stage.open_as(template, POLICY, widgets, true).await?;
            let mut steps = vec![];
            browser.find(Role::Searchbox, "Search").await?;
            steps.push(settled(stage).await?);
            browser.choose_service("QuickBooks Online").await?;
            steps.push(settled(stage).await?);
            browser
                .click(Role::Button, "Continue to QuickBooks Online")
                .await?;
            browser.switch_to_popup().await?;
            browser.switch_to_host().await?;
            browser.find(Role::Button, "Cancel").await?;
            steps.push(settled(stage).await?);
            browser.switch_to_popup().await?;
            browser.connect_as("alice").await?;
            browser.popup_closes().await?;
            steps.push(settled(stage).await?);
            looks.push(steps);
        }
        for (step, (clean, hostile)) in looks[0].iter().zip(&looks[1]).enumerate() {
            ensure!(
                clean.len() > 20,
                "step {step} has only {} elements",
                clean.len()
            );
            let differences = differences(clean, hostile);
            ensure!(differences.is_empty(), "step {step}: {differences:#?}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn stays_above_whatever_the_page_puts_on_top_of_itself() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let hostile = include_str!("../../pages/hostile.html");
        let widgets = vec![stage.sandbox_widget("Harbor Coffee Ltd", json!({}))];
        stage.open_as(hostile, POLICY, widgets, true).await?;
        browser.find(Role::Searchbox, "Search").await?;
        let on_top = "
            const box = document.querySelector('[data-railhead]').shadowRoot.querySelector('dialog').getBoundingClientRect();
            const at = document.elementFromPoint(box.x + box.width / 2, box.y + 20);
            return at?.dataset.railhead ?? at?.outerHTML ?? null;";
        ensure!(browser.script(on_top, vec![]).await? == "modal", "something lies above the dialog");
        Ok(())
    })
    .await;
}

/// How the widget looks once it does not change any more.
async fn settled(stage: &Stage) -> Result<Map<String, Value>> {
    let mut before = Value::Null;
    let looks = until("the widget to stand still", async || {
        let ready = "return [...document.querySelector('[data-railhead]').shadowRoot.querySelectorAll('img')]
            .every(({ complete, loading }) => complete || loading === 'lazy')";
        ensure!(stage.browser.script(ready, vec![]).await? == true, "an image is still loading");
        let now = stage.browser.script(LOOKS, vec![]).await?;
        let still = now == before;
        before = now;
        Ok(still.then(|| before.clone()))
    })
    .await?;
    Ok(looks.as_object().context("no looks")?.clone())
}

/// What differs, element by element: at most ten lines, which is enough to know.
fn differences(clean: &Map<String, Value>, hostile: &Map<String, Value>) -> Vec<String> {
    let missing = clean.keys().filter(|path| !hostile.contains_key(*path));
    let missing = missing.map(|path| format!("{path} is missing"));
    let mut found: Vec<String> = missing.take(4).collect();
    for (path, hostile) in hostile {
        let Some(clean) = clean.get(path) else {
            found.push(format!("{path} is new"));
            continue;
        };
        for (name, value) in hostile.as_object().into_iter().flatten() {
            if clean[name] != *value {
                found.push(format!("{path} {name}: {} became {value}", clean[name]));
            }
        }
    }
    found.truncate(10);
    found
}
