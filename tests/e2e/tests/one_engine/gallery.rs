//! The gallery: every step in every state, on a desk, on a phone, in the smallest window and in twice the text. Nothing sticks out,
//! the action is in reach, and the outline has the shape of the list. The contact sheets of the documents are taken here.

use super::screenshots::{keep, publish};
use anyhow::{Context, Result, ensure};
use railhead_e2e::{Browser, Setup, Stage, scenario, scenario_with};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Names a way of looking: what the address says, and the window.
type View = (&'static str, &'static str, (u32, u32));

const DESK: View = ("desk-light", "scheme=light", (1280, 800));
const PHONE: View = ("phone-dark", "scheme=dark", (390, 844));
const VIEWS: [View; 6] = [
    DESK,
    PHONE,
    ("phone-rtl", "scheme=light&dir=rtl", (390, 844)),
    ("narrow", "scheme=light", (320, 640)),
    ("zoomed", "scheme=light", (320, 256)),
    ("large-text", "scheme=light&fontSize=30px", (390, 844)),
];

#[tokio::test]
async fn no_state_of_no_step_sticks_out_or_hides_its_action() {
    let setup = Setup {
        limit: Duration::from_mins(8),
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let pages = pages(&stage.parts.gallery)?;
        ensure!(pages.len() > 30, "the gallery has only {pages:?}");
        for (view, query, (width, height)) in VIEWS {
            stage.browser.set_viewport(width, height).await?;
            still(&stage.browser, "light").await?;
            for page in &pages {
                open(stage, page, query).await?;
                let found = stage.browser.script(MEASURE, vec![]).await?;
                check(&found, height).with_context(|| format!("{page}, {view}"))?;
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_outline_has_the_shape_of_the_list() {
    scenario(async |stage| {
        for (_, _, (width, height)) in [DESK, PHONE] {
            stage.browser.set_viewport(width, height).await?;
            still(&stage.browser, "light").await?;
            for query in [
                "scheme=light",
                "density=0.75",
                "fontSize=18px&spacing=5px",
                "place=inline",
            ] {
                open(stage, "loading", query).await?;
                let outline = stage.browser.script(SHAPE, vec![]).await?;
                open(stage, "picker-fresh", query).await?;
                let list = stage.browser.script(SHAPE, vec![]).await?;
                let pairs = numbers(&outline).into_iter().zip(numbers(&list));
                let moved = pairs.map(|(before, after)| (before - after).abs());
                let moved = moved.fold(0.0, f64::max);
                ensure!(
                    moved <= 1.5,
                    "{query} at {width} px: {outline} became {list}"
                );
            }
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn high_contrast_keeps_what_matters_visible() {
    scenario(async |stage| {
        let browser = &stage.browser;
        browser.set_viewport(1280, 800).await?;
        let media = [
            ("forced-colors", "active"),
            ("prefers-reduced-motion", "reduce"),
        ];
        browser.set_media(&media).await?;
        for page in ["picker", "consent", "account-choice", "waiting", "success"] {
            open(stage, page, "").await?;
            let found = browser.script(HIGH_CONTRAST, vec![]).await?;
            ensure!(found == "", "{page}: {found}");
            let png = browser.client().screenshot().await?;
            let name = format!("target/screenshots/gallery/{page}-high-contrast.png");
            keep(&stage.parts.root.join(name), &png)?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn shows_the_documents_contact_sheets() {
    let setup = Setup {
        limit: Duration::from_mins(5),
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        // Pages from files are foreign to one another, so those in frames take no focus.
        stage.expect_console_error("Blocked autofocusing");
        let browser = &stage.browser;
        for (device, scheme, dir, height) in [
            ("phone", "light", "ltr", 3000),
            ("phone", "dark", "ltr", 3000),
            ("phone", "light", "rtl", 3000),
            ("desk", "light", "ltr", 5000),
        ] {
            browser.set_viewport(1640, height).await?;
            still(browser, scheme).await?;
            let query = format!("device={device}&scheme={scheme}&dir={dir}");
            browser.goto(&address(stage, "index", &query)?).await?;
            browser.becomes(ALL_SHOWN).await?;
            let end = browser.script(END, vec![]).await?;
            let end = u32::try_from(end.as_u64().context("a height")?)?;
            browser.set_viewport(1640, end).await?;
            browser.becomes(ALL_SHOWN).await?;
            // What is far down is drawn for the first picture, and may be missing in it.
            browser.client().screenshot().await?;
            let png = browser.client().screenshot().await?;
            let direction = if dir == "rtl" { "-rtl" } else { "" };
            let name = format!("gallery-{device}-{scheme}{direction}.png");
            publish(&stage.parts.root, &name, &png)?;
        }
        for scheme in ["light", "dark"] {
            browser.set_viewport(1000, 1000).await?;
            still(browser, scheme).await?;
            open(stage, "components", &format!("scheme={scheme}")).await?;
            let end = browser.script(END, vec![]).await?;
            let end = u32::try_from(end.as_u64().context("a height")?)?;
            browser.set_viewport(1000, end).await?;
            browser.becomes(LOADED).await?;
            let png = browser.client().screenshot().await?;
            publish(
                &stage.parts.root,
                &format!("gallery-components-{scheme}.png"),
                &png,
            )?;
        }
        Ok(())
    })
    .await;
}

/// Nothing moves, so that pictures are the same each time.
async fn still(browser: &Browser, scheme: &str) -> Result<()> {
    let media = [
        ("prefers-color-scheme", scheme),
        ("prefers-reduced-motion", "reduce"),
    ];
    browser.set_media(&media).await
}

fn address(stage: &Stage, page: &str, query: &str) -> Result<String> {
    let file = stage.parts.gallery.join(format!("{page}.html"));
    ensure!(
        file.exists(),
        "{} is missing: run `cargo xtask gallery` first",
        file.display()
    );
    Ok(format!("file://{}?{query}", file.display()))
}

async fn open(stage: &Stage, page: &str, query: &str) -> Result<()> {
    stage.browser.goto(&address(stage, page, query)?).await?;
    stage.browser.becomes(LOADED).await?;
    Ok(())
}

/// The pages that show a state: all but the index and the components.
fn pages(folder: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    let entries = fs::read_dir(folder).context("run `cargo xtask gallery` first")?;
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(page) = name.strip_suffix(".html")
            && !["index", "components"].contains(&page)
        {
            pages.push(page.to_owned());
        }
    }
    pages.sort();
    Ok(pages)
}

fn check(found: &Value, height: u32) -> Result<()> {
    ensure!(found["outside"] == "", "{} sticks out", found["outside"]);
    // In a very low window the frame scrolls as a whole.
    let action = found["action"].as_f64();
    ensure!(
        height < 500 || action.is_none_or(|bottom| bottom <= f64::from(height)),
        "its action ends at {action:?}"
    );
    Ok(())
}

fn numbers(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().into_iter().flatten();
    numbers.filter_map(Value::as_f64).collect()
}

const LOADED: &str = "(() => {
    const root = document.querySelector('[data-railhead]')?.shadowRoot;
    const sheet = root?.querySelector('link')?.sheet;
    const images = [...(root?.querySelectorAll('img') ?? [])];
    // Browsers leave pictures alone that are scrolled out of sight.
    const end = (image) => Math.min(innerHeight, image.closest('.rh-body')?.getBoundingClientRect().bottom ?? innerHeight);
    const seen = (image) => image.checkVisibility() && image.getBoundingClientRect().top < end(image);
    const ends = (animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
    const moving = root?.getAnimations().some((animation) => animation.playState === 'running' && ends(animation));
    return document.readyState === 'complete' && sheet && !moving && images.every((image) => image.complete || !seen(image));
})()";

/// What sticks out of the frame sideways, and where the actions end.
const MEASURE: &str = "
    const frame = document.querySelector('[data-railhead]').shadowRoot.querySelector('.rh-frame');
    const { left, right } = frame.getBoundingClientRect();
    const outside = [...frame.querySelectorAll('*')].filter((element) => {
        if (element.closest('.rh-unseen') || !element.checkVisibility()) return false;
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.right > right + 0.5 || box.left < left - 0.5);
    });
    const scrolls = [...frame.querySelectorAll('.rh-body')].filter((body) => body.scrollWidth > body.clientWidth);
    return {
        outside: [...outside, ...scrolls].map((element) => element.className || element.localName).join(' '),
        action: frame.querySelector('.rh-actions')?.getBoundingClientRect().bottom ?? null,
    };";

/// Where the heading ends, and where search and first tile are.
const SHAPE: &str = "
    const root = document.querySelector('[data-railhead]').shadowRoot;
    const box = (...selectors) => root.querySelector(selectors.join()).getBoundingClientRect();
    const search = box('.rh-bone-search', '.rh-search input');
    const tile = box('.rh-bone-tile', '.rh-tile');
    return [search.left, search.top, search.right, search.bottom, tile.left, tile.top, tile.right, tile.bottom];";

/// In forced colours: the primary action is filled, every control has a border, the focused one an outline.
const HIGH_CONTRAST: &str = "
    const root = document.querySelector('[data-railhead]').shadowRoot;
    const wrong = [];
    const canvas = getComputedStyle(root.querySelector('.rh-frame')).backgroundColor;
    for (const button of root.querySelectorAll('.is-primary')) {
        if (getComputedStyle(button).backgroundColor === canvas) wrong.push('the primary action is not filled');
    }
    for (const control of root.querySelectorAll('.rh-button, .rh-tile, .rh-search input, .rh-option')) {
        if (getComputedStyle(control).borderTopWidth === '0px') wrong.push(`${control.className} has no border`);
        control.focus({ focusVisible: true });
        const focused = control.matches(':focus') || control.querySelector(':focus');
        if (focused && getComputedStyle(control).outlineStyle === 'none') wrong.push(`focus on ${control.className} is not seen`);
    }
    for (const done of root.querySelectorAll('.rh-progress .is-done')) {
        if (getComputedStyle(done).backgroundColor === canvas) wrong.push('progress is not seen');
    }
    return [...new Set(wrong)].join('; ');";

/// Every frame of the index has its page.
const ALL_SHOWN: &str =
    "[...document.querySelectorAll('iframe')].every((frame) => frame.dataset.shown)";

const END: &str =
    "return Math.ceil(document.querySelector('main').getBoundingClientRect().bottom + scrollY)";
