//! Through several kinds of service: overview, one list each, summary.

use super::page::{Page, Place, holds};
use super::stub::{self, CONNECTION, START, authorization, started};
use wasm_bindgen_test::wasm_bindgen_test;

/// The progress bar's steps as they are read out; the current one with a `*`.
fn progress(page: &Page) -> Vec<String> {
    let items = page.root.query_selector_all(".rh-progress li").unwrap();
    let name = |index| {
        let item: web_sys::Element =
            wasm_bindgen::JsCast::unchecked_into(items.get(index).unwrap());
        let name = item.text_content().unwrap();
        match item.get_attribute("aria-current").as_deref() {
            Some("step") => [&name, "*"].concat(),
            _ => name,
        }
    };
    (0..items.length()).map(name).collect()
}

fn services(page: &Page) -> Vec<String> {
    page.all("option")
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

/// With nothing connected.
fn fresh() -> String {
    let (before, _) = stub::SESSION.split_once(r#""connections": ["#).unwrap();
    format!(r#"{before}"connections": []}}"#)
}

async fn connects_at_once(page: &Page) {
    page.press("Sandbox").await;
    let state = authorization(
        1,
        "succeeded",
        &CONNECTION.replace("\"xero\"", "\"sandbox\""),
    );
    stub::answer(START, 201, &started(&state));
    page.press("Connect Sandbox").await;
    page.heading("Harbor Coffee Ltd is connected").await;
}

#[wasm_bindgen_test]
async fn several_kinds_are_gone_through_to_the_summary_and_out() {
    let options = r#"{"kinds": ["commerce", "accounting", "payroll"]}"#;
    let page = Page::start(Place::Modal, 201, &fresh(), options);
    page.heading("Connect your business").await;
    assert_eq!(
        progress(&page),
        ["Overview*", "Commerce", "Accounting", "Done"]
    );
    assert!(page.text().contains("Commerce · Accounting"));
    assert!(page.text().contains("after 12 months"));
    assert!(page.find("button", "Back").is_none());
    page.press("Get started").await;
    page.heading("Connect your online shop").await;
    assert_eq!(services(&page), ["Shopify"]);
    page.press("Skip this step").await;
    page.heading("Connect your accounting software").await;
    assert_eq!(
        progress(&page),
        ["Overview, done", "Commerce, skipped", "Accounting*", "Done"]
    );
    connects_at_once(&page).await;
    page.press("Connect another").await;
    page.heading("Connect your accounting software").await;
    assert_eq!(
        services(&page),
        ["Xero", "QuickBooks Online", "Sandbox Connected"]
    );
    page.press("Continue").await;
    page.heading("All set").await;
    let text = page.text();
    assert!(text.contains("Harbor Coffee Ltd, Sandbox"), "{text}");
    assert!(text.contains("Skipped"), "{text}");
    assert_eq!(
        progress(&page),
        [
            "Overview, done",
            "Commerce, skipped",
            "Accounting, done",
            "Done*"
        ]
    );
    page.press("Connect Commerce").await;
    page.heading("Connect your online shop").await;
    page.press("Skip this step").await;
    page.heading("Connect your accounting software").await;
    page.press("Continue").await;
    page.press("Done").await;
    holds("it leaves", || !page.is_shown()).await;
    assert_eq!(
        page.detail("exit"),
        r#"{"reason":"done","connections":["con_1"]}"#
    );
}

#[wasm_bindgen_test]
async fn a_required_kind_says_so_and_is_passed_once_connected() {
    let options = r#"{"kinds": ["accounting", "commerce"], "requiredKinds": ["accounting"], "overview": false}"#;
    let page = Page::start(Place::Modal, 201, &fresh(), options);
    page.heading("Connect your accounting software").await;
    assert!(
        page.text()
            .contains("Northwind Lending needs at least one of these.")
    );
    assert!(page.find("button", "Skip").is_none());
    assert!(page.find("button", "Continue").is_none());
    connects_at_once(&page).await;
    page.press("Continue").await;
    page.heading("Connect your online shop").await;
    page.fill("searchbox", "Search", "shop");
    page.press("Back").await;
    page.heading("Connect your accounting software").await;
    assert!(!page.text().contains("needs at least one"));
    assert_eq!(
        services(&page).len(),
        3,
        "what was searched there is no matter here"
    );
    assert!(page.find("button", "Continue").is_some());
}

#[wasm_bindgen_test]
async fn the_widgets_own_settings_count_and_options_stand_above_them() {
    let settings = r#""widget": {"kinds": ["accounting", "commerce"], "skippable": false, "#;
    let session = fresh().replace(r#""widget": {"#, settings);
    let page = Page::start(Place::Modal, 201, &session, "");
    page.press("Get started").await;
    page.heading("Connect your accounting software").await;
    assert!(page.find("button", "Skip").is_none());
    drop(page);
    let page = Page::start(
        Place::Modal,
        201,
        &session,
        r#"{"skippable": true, "overview": false}"#,
    );
    page.heading("Connect your accounting software").await;
    assert!(page.find("button", "Skip").is_some());
}

#[wasm_bindgen_test]
async fn inline_without_a_success_page_it_ends_calmly_and_can_be_opened_again() {
    let page = Page::start(Place::Inline, 201, &fresh(), "");
    page.heading("Connect your software").await;
    connects_at_once(&page).await;
    page.press("Done").await;
    page.heading("You’re done").await;
    assert!(page.is_shown());
    assert_eq!(page.events().last().map(String::as_str), Some("exit"));
    page.press("Connect more").await;
    page.heading("Connect your software").await;
    assert_eq!(page.events().last().map(String::as_str), Some("open"));
    let exits = |page: &Page| {
        let events = page.events().into_iter();
        events.filter(|event| event == "exit").count()
    };
    assert_eq!(exits(&page), 1);
    page.press("Done").await;
    page.heading("All set").await;
    page.press("Done").await;
    page.heading("You’re done").await;
    assert_eq!(exits(&page), 2);
}
