//! The keyboard alone: from the host's button to the connection and back to it.

use anyhow::{Context, Result, ensure};
use fantoccini::key::Key;
use railhead_e2e::{HostPage, Name, Role, Stage, scenario};
use serde_json::json;

#[tokio::test]
async fn takes_the_whole_way_with_the_keyboard_alone() {
    scenario(async |stage| {
        let browser = &stage.browser;
        start_with_the_keyboard(stage).await?;

        let way = browser.tab_to(false, "searchbox \"Search\"").await?;
        ensure!(
            way.len() == 1,
            "the search is not next after the heading: {way:?}"
        );
        browser.type_text("quickbooks o").await?;
        browser.loses(Role::Option, Name::Starts("Xero")).await?;
        browser
            .tab_to(false, "option \"QuickBooks Online\"")
            .await?;
        browser.press(Key::Enter).await?;
        browser
            .focus_comes_to("heading \"Connect QuickBooks Online\"")
            .await?;

        browser
            .tab_to(false, "button \"Continue to QuickBooks Online\"")
            .await?;
        browser.press(Key::Enter).await?;
        browser.switch_to_popup().await?;
        sign_in_with_the_keyboard(stage).await?;
        browser.switch_to_host().await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        browser.popup_closes().await?;
        browser
            .focus_comes_to("heading \"Harbor Coffee Ltd is connected\"")
            .await?;
        browser.tab_to(false, "button \"Done\"").await?;
        browser.press(Key::Enter).await?;
        browser.loses(Role::Dialog, Name::Any).await?;
        browser
            .focus_comes_to("button \"Connect your accounts\"")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn moves_among_the_services_with_the_arrows() {
    scenario(async |stage| {
        let browser = &stage.browser;
        start_with_the_keyboard(stage).await?;
        browser.tab_to(false, "searchbox \"Search\"").await?;
        browser.press(Key::Tab).await?;
        let first = focus(stage).await?;
        ensure!(first.starts_with("option "), "Tab comes to {first}");
        browser.press(Key::Right).await?;
        let second = focus(stage).await?;
        ensure!(
            second.starts_with("option ") && second != first,
            "from {first} the arrow leads to {second}"
        );
        browser.press(Key::Left).await?;
        ensure!(focus(stage).await? == first, "and not back");
        browser.press(Key::Down).await?;
        let below = focus(stage).await?;
        ensure!(
            below.starts_with("option ") && below != first && below != second,
            "from {first} down leads to {below}"
        );
        browser.press(Key::End).await?;
        let last = focus(stage).await?;
        browser.press(Key::Home).await?;
        ensure!(focus(stage).await? == first && last != first, "not home");
        // The list is one stop on the way: the next Tab leaves it.
        browser.press(Key::Tab).await?;
        let next = browser.focus().await?;
        ensure!(
            next.as_ref().is_none_or(|next| next.role != "option"),
            "Tab stays in the list: {next:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn keeps_the_focus_in_the_dialog_and_in_the_order_that_one_sees() {
    scenario(async |stage| {
        let browser = &stage.browser;
        start_with_the_keyboard(stage).await?;
        browser.tab_to(false, "searchbox \"Search\"").await?;
        browser.type_text("xero").await?;
        browser.tab_to(false, "option \"Xero\"").await?;
        browser.press(Key::Enter).await?;
        browser.focus_comes_to("heading \"Connect Xero\"").await?;
        // Round the dialog, and perhaps by the browser's own buttons, but never to the page behind it.
        for _ in 0..8 {
            browser.press(Key::Tab).await?;
            if let Some(stop) = browser.focus().await? {
                ensure!(stop.name != "Connect your accounts", "it leaves the dialog");
            }
        }
        browser.tab_to(false, "button \"Continue to Xero\"").await?;
        let back = browser.tab_to(true, "button \"Close\"").await?;
        ensure!(
            !back
                .iter()
                .any(|stop| stop.contains("Connect your accounts")),
            "it leaves the dialog: {back:?}"
        );
        let back = browser.tab_to(true, "button \"Back\"").await?;
        ensure!(back.len() == 1, "Back is not beside Close: {back:?}");
        browser.press(Key::Enter).await?;
        browser.find(Role::Searchbox, "Search").await?;
        browser
            .focus_comes_to("heading \"Connect your software\"")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn clears_the_search_with_escape_before_it_closes() {
    scenario(async |stage| {
        let browser = &stage.browser;
        start_with_the_keyboard(stage).await?;
        browser.tab_to(false, "searchbox \"Search\"").await?;
        browser.type_text("xero").await?;
        browser
            .loses(Role::Option, Name::Starts("QuickBooks Online"))
            .await?;
        browser.press(Key::Escape).await?;
        browser
            .find(Role::Option, Name::Starts("QuickBooks Online"))
            .await?;
        browser.focus_comes_to("searchbox \"Search\"").await?;
        browser.press(Key::Escape).await?;
        browser.loses(Role::Dialog, Name::Any).await?;
        browser
            .focus_comes_to("button \"Connect your accounts\"")
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn chooses_among_companies_with_the_arrows() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.go_to_service("Xero").await?;
        browser.approve_as("olga").await?;
        browser.find(Role::Heading, "Which company?").await?;
        browser.popup_closes().await?;
        browser.focus_comes_to("heading \"Which company?\"").await?;
        browser.press(Key::Tab).await?;
        let first = focus(stage).await?;
        browser.press(Key::Down).await?;
        let second = focus(stage).await?;
        ensure!(
            first.starts_with("radio ") && second.starts_with("radio ") && first != second,
            "from {first} to {second}"
        );
        let name = second
            .trim_start_matches("radio ")
            .trim_matches('"')
            .to_owned();
        browser.press(Key::Enter).await?;
        browser
            .find(Role::Heading, Name::Is(&format!("{name} is connected")))
            .await?;
        Ok(())
    })
    .await;
}

/// Opens a page of the host and presses its button; the focus is on the first heading then.
async fn start_with_the_keyboard(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    let page = HostPage {
        widgets: vec![stage.sandbox_widget("Harbor Coffee Ltd", json!({}))],
        starts_by_itself: false,
        more_policy: "",
        headers: vec![],
    };
    let path = stage.host.put(&page)?;
    browser
        .goto(&format!("{}{path}", stage.host.origin()))
        .await?;
    browser
        .tab_to(false, "button \"Connect your accounts\"")
        .await?;
    browser.press(Key::Enter).await?;
    // Arrows are the widget's to understand.
    browser.event("load").await?;
    browser.find(Role::Searchbox, "Search").await?;
    let focus = browser
        .focus_comes_to("heading \"Connect your software\"")
        .await?;
    ensure!(focus.role == "heading", "{focus}");
    Ok(())
}

/// On the demo provider's pages.
async fn sign_in_with_the_keyboard(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    let field = browser.find(Role::Textbox, "User name").await?;
    field.send_keys("alice").await?;
    browser.press(Key::Tab).await?;
    browser.type_text("correct horse").await?;
    browser.press(Key::Enter).await?;
    browser.find(Role::Button, "Allow").await?;
    browser.tab_to(false, "button \"Allow\"").await?;
    browser.press(Key::Enter).await
}

async fn focus(stage: &Stage) -> Result<String> {
    let focus = stage.browser.shown_focus().await?;
    Ok(focus.context("nothing has the focus")?.to_string())
}
