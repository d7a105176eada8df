//! What is read out by itself: each step, what happens while one waits, what is wrong with a form.

use anyhow::ensure;
use railhead_e2e::{Name, Role, scenario};

#[tokio::test]
async fn reads_out_each_step_and_what_happens_in_it() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.find(Role::Searchbox, "Search").await?;
        browser.listen().await?;
        browser.choose_service("QuickBooks Online").await?;
        browser.hears("Connect QuickBooks Online").await?;
        browser
            .click(Role::Button, "Continue to QuickBooks Online")
            .await?;
        browser.switch_to_popup().await?;
        browser.find(Role::Textbox, "User name").await?;
        browser.switch_to_host().await?;
        browser.hears("Continue in the other window").await?;
        browser.switch_to_popup().await?;
        browser.close_popup().await?;
        browser.hears("The window was closed").await?;
        browser.click(Role::Button, "Open the window again").await?;
        browser.switch_to_popup().await?;
        browser.approve_as("alice").await?;
        browser.hears("is connected").await
    })
    .await;
}

#[tokio::test]
async fn reads_out_why_it_failed() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.find(Role::Searchbox, "Search").await?;
        browser.listen().await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.sign_in("alice").await?;
        browser.click(Role::Button, "Deny").await?;
        browser.switch_to_host().await?;
        browser
            .hears("You declined access at QuickBooks Online")
            .await
    })
    .await;
}

#[tokio::test]
async fn links_what_is_wrong_to_its_field_and_goes_there() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("Oracle NetSuite").await?;
        browser.listen().await?;
        browser.click(Role::Button, "Continue to Oracle NetSuite").await?;
        browser.hears("Fill in “NetSuite address” to go on.").await?;
        let focus = browser.focus_comes_to("textbox \"NetSuite address\"").await?;
        ensure!(focus.visible, "one does not see where the focus is");
        let field = browser.find(Role::Textbox, "NetSuite address").await?;
        ensure!(
            field.attr("aria-invalid").await?.as_deref() == Some("true"),
            "the field is not marked"
        );
        let described = "const [field] = arguments; return field.getAttribute('aria-describedby').split(' ') \
                         .map((id) => field.getRootNode().getElementById(id).innerText).join(' ')";
        let described = browser
            .script(described, vec![serde_json::json!(field)])
            .await?;
        let text = described.as_str().unwrap_or_default();
        ensure!(
            text.contains("Fill in “NetSuite address”") && text.contains("1234567-sb1"),
            "the field is described by {text:?}"
        );
        ensure!(browser.window_count().await? == 1, "a window was opened");
        browser
            .fill(Role::Textbox, "NetSuite address", "1234567-sb1")
            .await?;
        browser.click(Role::Button, "Continue to Oracle NetSuite").await?;
        browser.switch_to_popup().await?;
        browser.close_popup().await?;
        browser
            .find(Role::Heading, Name::Is("Continue in the other window"))
            .await?;
        Ok(())
    })
    .await;
}
