//! The theme gallery: one page, one server, eight brands made of tokens, each of which can be read.

use super::screenshots::publish;
use anyhow::{Context, Result, ensure};
use railhead_e2e::{Process, Setup, Stage, free_port, http_client, scenario_with, until};
use serde_json::Value;
use std::process::Command;
use std::time::Duration;

#[tokio::test]
async fn eight_brands_look_like_themselves_and_can_be_read() {
    let setup = Setup {
        limit: Duration::from_mins(4),
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let site = start(stage).await?;
        let browser = &stage.browser;
        browser.set_viewport(1280, 1200).await?;
        let media = [
            ("prefers-color-scheme", "light"),
            ("prefers-reduced-motion", "reduce"),
        ];
        browser.set_media(&media).await?;
        browser.goto(&site).await?;
        browser.becomes(EIGHT_READY).await?;
        let looks = browser.script(LOOKS, vec![]).await?;
        let looks = looks.as_array().context("a list of looks")?;
        // The option, the setting and the page's CSS each reached their widget, and no two are alike.
        for (brand, radius, font) in [
            ("aldermere", "3px", "Palatino Linotype"),
            ("meadow", "12px", "Segoe UI"),
            ("popsicle", "20px", "Nunito"),
        ] {
            let look = looks.iter().find(|look| look["brand"] == brand);
            let look = look.with_context(|| format!("{brand} is not shown"))?;
            ensure!(look["radius"] == radius, "{look}");
            ensure!(
                look["font"]
                    .as_str()
                    .is_some_and(|found| found.contains(font)),
                "{look}"
            );
        }
        let mut colours: Vec<String> = looks
            .iter()
            .map(|look| look["primary"].to_string())
            .collect();
        colours.sort();
        colours.dedup();
        ensure!(colours.len() == 8, "{colours:?}");
        let poor: Vec<String> = browser
            .console()
            .await?
            .into_iter()
            .map(|entry| entry.text)
            .filter(|text| text.contains("Railhead"))
            .collect();
        ensure!(poor.is_empty(), "{poor:?}");
        let end = browser
            .script("return document.documentElement.scrollHeight", vec![])
            .await?;
        let end = u32::try_from(end.as_u64().context("a height")?)?;
        browser.set_viewport(1280, end).await?;
        browser.becomes(MARKS).await?;
        let png = browser.client().screenshot().await?;
        publish(&stage.parts.root, "themes.png", &png)
    })
    .await;
}

/// Starts the gallery's server, which makes its widgets by itself.
async fn start(stage: &mut Stage) -> Result<String> {
    let port = free_port()?;
    let site = format!("http://localhost:{port}");
    let key = stage.railhead.create_key("sandbox").await?;
    let mut command = Command::new("node");
    command
        .arg(stage.parts.root.join("examples/theme-gallery/server.mjs"))
        .env("PORT", port.to_string())
        .env("RAILHEAD_URL", stage.railhead.url())
        .env("RAILHEAD_API_KEY", &key);
    let mut process = Process::start("themes", &mut command, &stage.folder)?;
    let brands: Value = until("the theme gallery to answer", async || {
        process.expect_running()?;
        let answer = http_client()?
            .get(format!("{site}/brands.json"))
            .send()
            .await?;
        Ok(Some(answer.error_for_status()?.json().await?))
    })
    .await?;
    ensure!(brands.as_array().is_some_and(|brands| brands.len() == 8));
    stage.keep_running(process);
    Ok(site)
}

const EIGHT_READY: &str = "(() => {
    const hosts = [...document.querySelectorAll('.widget > [data-railhead]')];
    return hosts.length === 8 && hosts.every((host) => host.shadowRoot.querySelector('h2.rh-title')?.checkVisibility());
})()";

const LOOKS: &str = "return [...document.querySelectorAll('.brand')].map((brand) => {
    const host = brand.querySelector('[data-railhead]');
    const frame = host.shadowRoot.querySelector('.rh-frame');
    const style = getComputedStyle(frame);
    return {
        brand: brand.id,
        font: style.fontFamily,
        radius: style.getPropertyValue('--rh-radius').trim(),
        primary: style.getPropertyValue('--rh-primary').trim(),
    };
});";

/// All marks are there.
const MARKS: &str = "[...document.querySelectorAll('.widget > [data-railhead]')].every((host) =>
    [...host.shadowRoot.querySelectorAll('img')].every((image) => image.complete || !image.checkVisibility()))";
