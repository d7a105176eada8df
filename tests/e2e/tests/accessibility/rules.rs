//! Each step keeps the rules: axe-core finds nothing in light and dark; targets are large enough; nothing is cut off on
//! a small screen or when the text is enlarged.

use super::steps::at_each_step;
use anyhow::{Result, ensure};
use railhead_e2e::{Ability, Browser, Role, Setup, scenario_with};

/// WCAG 2.2, 2.5.8.
const SMALLEST_TARGET: f64 = 24.0;

/// What is wider than it may be, or cut off: in the page, in the frame, and in each line of text.
const CUT_OFF: &str = "
    const roots = [document];
    for (const root of roots) for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const root of roots.slice(1)) for (const element of root.querySelectorAll('*')) {
        if (!element.checkVisibility({ visibilityProperty: true }) || !element.innerText?.trim()) continue;
        const style = getComputedStyle(element);
        const unseen = style.clipPath !== 'none' || element.closest('.rh-unseen, [aria-hidden=true]');
        if (unseen || style.display.startsWith('inline') || element.matches('input, select, svg, svg *')) continue;
        const what = `${element.tagName.toLowerCase()}.${element.className} ${element.innerText?.slice(0, 40)}`;
        if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) found.push(`${what}: ${element.scrollWidth} in ${element.clientWidth}`);
        const hides = style.overflowY === 'hidden' || style.overflowY === 'clip';
        if (hides && element.scrollHeight > element.clientHeight + 2 && element.clientHeight > 0) found.push(`${what}: ${element.scrollHeight} high in ${element.clientHeight}`);
    }
    return found;";

/// Notes each animation that the widget starts and that takes long enough to be seen.
const NOTE_MOVES: &str = "
    window.moves = [];
    const root = document.querySelector('[data-railhead]').shadowRoot;
    root.addEventListener('animationstart', (event) => {
        if (parseFloat(getComputedStyle(event.target).animationDuration) > 0.02) window.moves.push(event.animationName);
    });";

#[tokio::test]
async fn breaks_no_rule_of_axe_on_any_step_in_light_and_dark() {
    at_each_step(Setup::DESK, async |stage, step| {
        let browser = &stage.browser;
        if !browser.engine().can(Ability::Media) {
            return browser.meets_the_rules(step).await;
        }
        for scheme in ["dark", "light"] {
            browser
                .set_media(&[("prefers-color-scheme", scheme)])
                .await?;
            browser
                .becomes(&format!(
                    "matchMedia('(prefers-color-scheme: {scheme})').matches"
                ))
                .await?;
            browser.comes_to_rest().await?;
            browser
                .meets_the_rules(&format!("{step}, {scheme}"))
                .await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn is_whole_on_a_narrow_screen_and_has_targets_that_a_finger_hits() {
    at_each_step(Setup::DESK, async |stage, step| {
        let browser = &stage.browser;
        // 320 is a phone's, or a desk's of 1280 enlarged to 400 %; 640 × 400 is a desk's enlarged to 200 %.
        for (width, height) in [(320, 640), (640, 400)] {
            browser.set_viewport(width, height).await?;
            nothing_is_cut_off(browser, &format!("{step} at {width} × {height}")).await?;
        }
        for target in browser.targets().await? {
            ensure!(
                target.width >= SMALLEST_TARGET && target.height >= SMALLEST_TARGET,
                "{step}: {target:?} is too small"
            );
        }
        browser.set_viewport(1280, 800).await
    })
    .await;
}

#[tokio::test]
async fn is_whole_when_the_text_alone_is_twice_as_large() {
    let setup = Setup {
        needs: &[Ability::TextZoom],
        ..Setup::DESK
    };
    at_each_step(setup, async |stage, step| {
        stage.browser.set_text_zoom(200).await?;
        nothing_is_cut_off(&stage.browser, &format!("{step} with large text")).await?;
        stage.browser.set_text_zoom(100).await
    })
    .await;
}

#[tokio::test]
async fn moves_nothing_for_who_asked_for_calm() {
    let setup = Setup {
        needs: &[Ability::Media],
        ..Setup::DESK
    };
    scenario_with(setup, async |stage| {
        let browser = &stage.browser;
        for (wish, moves) in [("no-preference", true), ("reduce", false)] {
            browser
                .set_media(&[("prefers-reduced-motion", wish)])
                .await?;
            stage.open_widget("Harbor Coffee Ltd").await?;
            browser.find(Role::Searchbox, "Search").await?;
            browser.comes_to_rest().await?;
            // What moves is noted as it starts: a slow machine would come too late to see it.
            browser.script(NOTE_MOVES, vec![]).await?;
            browser.choose_service("QuickBooks Online").await?;
            browser
                .find(Role::Button, "Continue to QuickBooks Online")
                .await?;
            let noted = browser.script("return window.moves", vec![]).await?;
            let moved = noted.as_array().is_some_and(|moves| !moves.is_empty());
            ensure!(moved == moves, "{wish}: {noted}");
        }
        Ok(())
    })
    .await;
}

async fn nothing_is_cut_off(browser: &Browser, when: &str) -> Result<()> {
    browser.comes_to_rest().await?;
    let found = browser.script(CUT_OFF, vec![]).await?;
    ensure!(
        found.as_array().is_some_and(Vec::is_empty),
        "{when} is cut off: {found:#}"
    );
    Ok(())
}
