//! On a phone: a small page, a finger, and the browsers inside of apps, which know no second window.

use anyhow::ensure;
use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, PointerAction, TouchActions};
use railhead_e2e::{Ability, Device, Name, Role, Setup, Stage, scenario, scenario_with, until};

const PHONE: Setup = Setup {
    device: Device::Phone,
    ..Setup::DESK
};

#[tokio::test]
async fn connects_on_a_phone_with_the_next_action_in_reach() {
    scenario_with(PHONE, async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.find(Role::Searchbox, "Search").await?;
        // A sheet that fills the screen from the bottom edge, once it has risen.
        let sheet = browser.find(Role::Dialog, Name::Any).await?;
        until("the sheet to rest at the bottom edge", async || {
            let (_, top, width, height) = sheet.rectangle().await?;
            let rests = (width - 390.0).abs() < 1.0 && (top + height - 844.0).abs() < 2.0;
            Ok(rests.then_some(()))
        })
        .await?;
        browser.choose_service("QuickBooks Online").await?;
        in_reach(stage, "Continue to QuickBooks Online").await?;
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser.switch_to_popup().await?;
        browser.connect_as("alice").await?;
        browser.popup_closes().await?;
        in_reach(stage, "Done").await?;
        let sideways = "return document.documentElement.scrollWidth";
        ensure!(
            browser.script(sideways, vec![]).await? == 390,
            "it scrolls sideways"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn connects_with_a_finger() {
    let setup = Setup {
        needs: &[Ability::Touch],
        ..PHONE
    };
    scenario_with(setup, async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        let taps = "window.taps = 0; addEventListener('touchend', () => window.taps++, true)";
        browser.script(taps, vec![]).await?;
        tap(stage, Role::Option, Name::Starts("QuickBooks Online")).await?;
        browser
            .find(Role::Heading, "Connect QuickBooks Online")
            .await?;
        tap(stage, Role::Button, "Continue to QuickBooks Online".into()).await?;
        browser.switch_to_popup().await?;
        browser.approve_as("alice").await?;
        tap(stage, Role::Button, "Done".into()).await?;
        browser.event("exit").await?;
        ensure!(
            browser.script("return window.taps", vec![]).await? == 3,
            "those were no fingers"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn never_lets_the_phone_zoom_into_a_field() {
    scenario_with(PHONE, async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        let search = browser.find(Role::Searchbox, "Search").await?;
        let sizes = [search.css_value("font-size").await?, {
            browser.choose_service("Oracle NetSuite").await?;
            let field = browser.find(Role::Textbox, "NetSuite address").await?;
            field.css_value("font-size").await?
        }];
        for size in sizes {
            // Safari on a phone zooms into whatever is below 16 pixels.
            ensure!(
                size.trim_end_matches("px").parse::<f64>()? >= 16.0,
                "a field's text is {size}"
            );
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn goes_on_where_an_app_shows_the_page_and_knows_no_windows() {
    for (app, without_windows) in [
        ("returns null", "window.open = () => null"),
        (
            "is missing",
            "delete window.open; Window.prototype.open = undefined; window.open = undefined",
        ),
        (
            "fails",
            "window.open = () => { throw new Error('not supported') }",
        ),
    ] {
        scenario(async |stage| {
            let browser = &stage.browser;
            stage.open_widget("Harbor Coffee Ltd").await?;
            browser.script(without_windows, vec![]).await?;
            browser.choose_service("QuickBooks Online").await?;
            browser
                .click(Role::Button, "Continue to QuickBooks Online")
                .await?;
            browser
                .find(Role::Heading, "Your browser blocked the window")
                .await?;
            let error = browser.event("error").await?;
            ensure!(
                error["code"] == "popup_blocked" && error["recoverable"] == true,
                "window.open {app}: {error}"
            );
            Ok(())
        })
        .await;
    }
}

/// The button is on the screen without scrolling.
async fn in_reach(stage: &Stage, button: &str) -> anyhow::Result<()> {
    let (_, top, _, height) = stage
        .browser
        .find(Role::Button, button)
        .await?
        .rectangle()
        .await?;
    ensure!(
        top >= 0.0 && top + height <= 844.0,
        "{button} is at {top} to {}",
        top + height
    );
    Ok(())
}

/// Touches the middle of it with one finger.
async fn tap(stage: &Stage, role: Role, name: Name<'_>) -> anyhow::Result<()> {
    let browser = &stage.browser;
    let element = browser.find(role, name).await?;
    until("it to stand still", async || {
        let before = element.rectangle().await?;
        Ok((element.rectangle().await? == before).then_some(()))
    })
    .await?;
    let touch = TouchActions::new("finger".into())
        .then(PointerAction::MoveToElement {
            element,
            duration: None,
            x: 0.0,
            y: 0.0,
        })
        .then(PointerAction::Down {
            button: MOUSE_BUTTON_LEFT,
        })
        .then(PointerAction::Up {
            button: MOUSE_BUTTON_LEFT,
        });
    Ok(browser.client().perform_actions(touch).await?)
}
