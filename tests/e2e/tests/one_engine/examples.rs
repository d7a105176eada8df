//! The examples and the README's embed, as a newcomer would run them.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{Lender, Role, SignedResult, Stage, http_client, scenario};
use std::fs;

#[tokio::test]
async fn takes_the_borrower_of_the_lenders_site_to_its_success_page() {
    scenario(async |stage| {
        let lender = Lender::start(stage).await?;
        let browser = &stage.browser;
        browser.goto(lender.site()).await?;
        browser.click(Role::Button, "Connect your software").await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        browser.click(Role::Button, "Continue").await?;
        let address = browser
            .arrives_at(&format!("{}/success?", lender.site()))
            .await?;
        browser
            .find(
                Role::Heading,
                "Harbor Coffee Ltd is connected to QuickBooks Online",
            )
            .await?;
        SignedResult::verify(&address, &lender.widget().signing_secret)?;

        // Somebody who makes the address up, or changes it, is not believed.
        let tampered = address.as_str().replacen("result=", "result=x", 1);
        for address in [format!("{}/success?result=a.b.c", lender.site()), tampered] {
            let answer = http_client()?.get(&address).send().await?;
            ensure!(answer.status() == 400, "{address} got {}", answer.status());
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn shows_the_widget_inside_the_lenders_inline_page() {
    scenario(async |stage| {
        let lender = Lender::start(stage).await?;
        let browser = &stage.browser;
        browser.goto(&format!("{}/inline", lender.site())).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        browser.click(Role::Button, "Continue").await?;
        browser
            .arrives_at(&format!("{}/success?", lender.site()))
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn connects_both_companies_of_the_lenders_page_for_two() {
    scenario(async |stage| {
        let lender = Lender::start(stage).await?;
        let browser = &stage.browser;
        browser.goto(&format!("{}/two", lender.site())).await?;
        for (part, state) in [("#first", "#first-state"), ("#second", "#second-state")] {
            browser.look_in(Some(part));
            browser.choose_service("Xero").await?;
            browser.click(Role::Button, "Continue to Xero").await?;
            browser.look_in(None);
            browser.switch_to_popup().await?;
            browser.approve_as("alice").await?;
            let connected =
                format!("document.querySelector('{state}').textContent.includes('is connected')");
            browser.becomes(&connected).await?;
            browser.popup_closes().await?;
        }
        let api = stage.management("sandbox").await?;
        for business in ["Harbor Coffee Ltd", "Harbor Roastery Ltd"] {
            let connections = api.connections_of(business).await?;
            ensure!(connections.len() == 1, "{business}: {connections:?}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn runs_the_embed_of_the_readme() {
    scenario(async |stage| {
        let embed = embed_of_the_readme(stage)?;
        let path = stage.host.put_html(format!(
            "<!doctype html><link rel=icon href=\"data:,\">\n{embed}"
        ));
        let browser = &stage.browser;
        browser
            .goto(&format!("{}{path}", stage.host.origin()))
            .await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.connect_as("alice").await?;
        browser.click(Role::Button, "Continue").await?;
        browser
            .arrives_at(&format!("{}?", stage.host.success_url()))
            .await?;
        Ok(())
    })
    .await;
}

/// The README's first HTML, with the addresses and the widget of this stage in place of the made-up ones.
fn embed_of_the_readme(stage: &Stage) -> Result<String> {
    let readme = fs::read_to_string(stage.parts.root.join("README.md"))?;
    let block = readme
        .split_once("```html\n")
        .and_then(|(_, rest)| rest.split_once("```"));
    let (embed, _) = block.context("the README has no HTML")?;
    let replaced = embed
        .replace("https://connect.example.com", stage.railhead.url())
        .replace(
            "https://app.example.com/connected",
            &stage.host.success_url(),
        )
        .replace("wid_…", &stage.widget.id);
    ensure!(
        !replaced.contains("example.com") && replaced.contains(&stage.widget.id),
        "{replaced}"
    );
    Ok(replaced)
}
