//! The harness itself: it finds what a person finds, nothing else, and notices what it has to notice.

use anyhow::{Result, ensure};
use railhead_e2e::{Ability, Browser, Engine, Name, Role, until_within};
use std::time::Duration;

const PAGE: &str = r#"<!doctype html><title>Harness</title><link rel=icon href="data:,">
<h1>Outside</h1><button hidden>Hidden</button><button style="visibility:hidden">Unseen</button>
<div aria-hidden=true><button>Decoration</button></div><div id=host></div>
<script>
  const root = document.getElementById('host').attachShadow({ mode: 'open' });
  root.innerHTML = `<h2>Which <b>company</b>?</h2><label for=q>Search</label><input id=q type=search>
    <button aria-label="Close"><svg></svg></button><div id=nested></div>`;
  const nested = root.getElementById('nested').attachShadow({ mode: 'open' });
  nested.innerHTML = '<button><span aria-hidden=true>→</span> QuickBooks  Online <i>Connected</i></button>';
  nested.querySelector('button').onclick = () => console.error('pressed');
</script>"#;

#[tokio::test]
async fn finds_by_role_and_name_in_shadow_roots_and_skips_what_nobody_sees() {
    let folder = tempfile::tempdir().expect("a folder");
    let browser = Browser::start(
        Engine::from_environment().expect("an engine"),
        "browser",
        folder.path(),
    )
    .await;
    let browser = browser.expect("a browser");
    let outcome = look_around(&browser).await;
    browser.close().await.expect("the browser closes");
    outcome.expect("the page is as a person sees it");
}

async fn look_around(browser: &Browser) -> Result<()> {
    browser
        .goto(&format!(
            "data:text/html;charset=utf-8,{}",
            PAGE.replace('#', "%23").replace('\n', " ")
        ))
        .await?;
    browser.find(Role::Heading, "Outside").await?;
    browser.find(Role::Heading, "Which company?").await?;
    browser.find(Role::Button, "Close").await?;
    browser.fill(Role::Searchbox, "Search", "qbo").await?;
    browser
        .click(Role::Button, Name::Starts("QuickBooks Online"))
        .await?;
    for unseen in ["Hidden", "Unseen", "Decoration"] {
        ensure!(
            !browser.has(Role::Button, Name::Has(unseen)).await?,
            "{unseen} was found"
        );
        ensure!(
            !browser.text().await?.contains(unseen) || unseen == "Decoration",
            "{unseen} can be read"
        );
    }
    browser.reads("Which company?").await?;
    let console = browser.console().await?;
    ensure!(
        !browser.engine().can(Ability::Console)
            || console
                .iter()
                .any(|entry| entry.is_error() && entry.text.contains("pressed")),
        "{console:?}"
    );
    let absent = browser
        .find_within(Duration::from_millis(200), Role::Button, "Nowhere")
        .await;
    ensure!(absent.is_err(), "found what is not there");
    let late = until_within(Duration::from_millis(200), "never", async || Ok(None::<()>)).await;
    ensure!(late.is_err(), "time did not run out");
    Ok(())
}
