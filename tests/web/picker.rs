//! Choosing a service.

use super::page::{Page, Place, holds, key};
use super::stub;
use wasm_bindgen_test::wasm_bindgen_test;

fn services(page: &Page) -> Vec<String> {
    page.all("option")
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

#[wasm_bindgen_test]
async fn services_are_listed_by_name_with_how_they_stand() {
    let page = Page::open("").await;
    assert_eq!(
        services(&page),
        ["Xero", "QuickBooks Online Connected", "Shopify", "Sandbox"]
    );
    assert!(
        page.text()
            .contains("Northwind Lending asks to read its data")
    );
    assert!(page.find("link", "Terms").is_some());
}

#[wasm_bindgen_test]
async fn searching_hides_what_is_not_found_and_escape_clears_it_first() {
    let page = Page::open("").await;
    page.fill("searchbox", "Search", "qbo");
    holds("one service", || services(&page).len() == 1).await;
    assert_eq!(services(&page), ["QuickBooks Online Connected"]);
    page.fill("searchbox", "Search", "zzz");
    holds("none is found", || {
        page.text().contains("Not listed? Tell Northwind Lending.")
    })
    .await;
    let search = page.find("searchbox", "Search").unwrap();
    assert!(
        !key(&search, "Escape"),
        "Escape must not close the dialog yet"
    );
    holds("all services", || services(&page).len() == 4).await;
    assert!(
        key(&search, "Escape"),
        "an empty search has nothing to clear"
    );
}

#[wasm_bindgen_test]
async fn the_host_page_narrows_the_offer() {
    let options = r#"{"services": {"include": ["xero", "shopify"]}, "kinds": ["commerce"]}"#;
    let page = Page::start(Place::Modal, 201, stub::SESSION, options);
    page.heading("Connect your online shop").await;
    assert_eq!(services(&page), ["Shopify"]);
}

#[wasm_bindgen_test]
async fn consent_names_company_service_and_who_may_decide() {
    let page = Page::open("").await;
    page.press("Xero").await;
    page.heading("Connect Xero").await;
    let text = page.text();
    assert!(
        text.contains("Northwind Lending asks for access to your Xero account."),
        "{text}"
    );
    assert!(text.contains("administrator or owner"), "{text}");
    assert!(page.find("button", "Continue to Xero").is_some());
    holds("it is said aloud", || page.said() == "Connect Xero").await;
    page.press("Back").await;
    page.heading("Connect your software").await;
    assert!(page.find("button", "Back").is_none());
}

#[wasm_bindgen_test]
async fn a_field_that_is_wrong_says_so_and_takes_the_focus() {
    let page = Page::open("").await;
    page.press("Shopify").await;
    page.press("Continue to Shopify").await;
    let shop = page.find("textbox", "Shop address").unwrap();
    holds("it is marked", || {
        shop.get_attribute("aria-invalid").as_deref() == Some("true")
    })
    .await;
    let complaint = page.all("alert").remove(0).1;
    assert_eq!(complaint.inner_text(), "Fill in “Shop address” to go on.");
    let described = shop.get_attribute("aria-describedby").unwrap();
    assert!(
        described.split(' ').any(|id| id == complaint.id()),
        "{described}"
    );
    assert!(
        page.root
            .active_element()
            .is_some_and(|active| *active == **shop)
    );
    page.fill("textbox", "Shop address", "Harbor Coffee!");
    page.press("Continue to Shopify").await;
    holds("it says how", || {
        complaint.inner_text().ends_with("harbor-coffee")
    })
    .await;
    assert!(stub::calls().is_empty());
}

#[wasm_bindgen_test]
async fn a_field_the_server_refuses_keeps_what_was_entered() {
    let page = Page::open("").await;
    page.press("Shopify").await;
    page.wait("textbox", "Shop address").await;
    page.fill("textbox", "Shop address", "harbor");
    stub::answer(
        stub::START,
        422,
        &stub::problem(422, "invalid_request", "\"fields.shop\""),
    );
    page.press("Continue to Shopify").await;
    holds("the form is back", || {
        page.all("alert")
            .iter()
            .any(|(_, alert)| alert.inner_text() == "Because.")
    })
    .await;
    let shop = page.find("textbox", "Shop address").unwrap();
    assert_eq!(shop.get_attribute("value").as_deref(), Some("harbor"));
    assert!(
        stub::calls()[0].contains(r#""fields":{"shop":"harbor"}"#),
        "{:?}",
        stub::calls()
    );
}

#[wasm_bindgen_test]
async fn inline_nothing_is_closed_and_the_first_heading_leaves_the_focus_alone() {
    let page = Page::start(Place::Inline, 201, stub::SESSION, "");
    page.heading("Connect your software").await;
    assert!(page.root.active_element().is_none());
    assert!(page.find("button", "Close").is_none());
    page.press("Xero").await;
    let heading = page.heading("Connect Xero").await;
    holds("the focus moves", || {
        page.root
            .active_element()
            .is_some_and(|active| *active == **heading)
    })
    .await;
}
