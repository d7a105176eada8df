//! What the first step does not need is a part of its own: it comes by itself, and whoever is faster waits for it.

use anyhow::{Context, ensure};
use railhead_e2e::{Role, Setup, scenario_with};

const TAPPED: Setup = Setup {
    tapped: true,
    ..Setup::DESK
};
/// How the part's address begins.
const PART: &str = "/railhead-later-";

#[tokio::test]
async fn comes_by_itself_once_the_services_are_there() {
    scenario_with(TAPPED, async |stage| {
        stage.open_widget("Harbor Coffee Ltd").await?;
        let taps = stage.taps.as_ref().context("no taps")?;
        stage
            .browser
            .becomes("performance.getEntriesByType('resource').some(({ name, responseEnd }) => responseEnd && name.includes('/railhead-later-'))")
            .await?;
        let asked = |what: &str| {
            let answers = taps.server.answers();
            answers.iter().position(|answer| answer.path.starts_with(what))
        };
        let session = asked("/v1/connect/sessions").context("no session")?;
        let part = asked(PART).context("the part was not asked for")?;
        ensure!(session < part, "the part came before the services");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_is_faster_waits_for_it_and_goes_on_when_it_comes() {
    scenario_with(TAPPED, async |stage| {
        stage.expect_console_error("Failed to load resource");
        stage.expect_console_error("Railhead:");
        stage.expect_console_error("Access to fetch");
        let taps = stage.taps.take().context("no taps")?;
        taps.server.refuse(Some(PART));
        stage.open_widget("Harbor Coffee Ltd").await?;
        stage.browser.find(Role::Searchbox, "Search").await?;
        // What happens on the page by itself moves nobody away from the list.
        let shown_again = "dispatchEvent(new Event('pageshow')); dispatchEvent(new Event('focus'))";
        stage.browser.script(shown_again, vec![]).await?;
        ensure!(
            stage.browser.has(Role::Searchbox, "Search").await?,
            "the list has gone"
        );
        stage.browser.press_service("QuickBooks Online").await?;
        stage.browser.loses(Role::Searchbox, "Search").await?;
        taps.server.refuse(None);
        stage
            .browser
            .find(Role::Button, "Continue to QuickBooks Online")
            .await?;
        stage.taps = Some(taps);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn who_waits_in_vain_is_told_and_may_try_again() {
    scenario_with(TAPPED, async |stage| {
        stage.expect_console_error("Failed to load resource");
        stage.expect_console_error("Railhead:");
        stage.expect_console_error("Access to fetch");
        let taps = stage.taps.take().context("no taps")?;
        taps.server.refuse(Some(PART));
        stage.open_widget("Harbor Coffee Ltd").await?;
        stage.browser.press_service("QuickBooks Online").await?;
        stage.browser.find(Role::Button, "Try again").await?;
        let error = stage.browser.event("error").await?;
        ensure!(error["code"] == "request_timeout", "{error}");
        taps.server.refuse(None);
        stage.browser.click(Role::Button, "Try again").await?;
        stage.browser.choose_service("QuickBooks Online").await?;
        stage.taps = Some(taps);
        Ok(())
    })
    .await;
}
