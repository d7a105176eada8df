//! The border to the host page: opening, closing, living beside others, leaving nothing behind.

use super::clean;
use super::page::{Page, Place, document, holds};
use super::stub::{self, POLL, START, authorization, started};
use js_sys::Object;
use railhead_widget::init;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, EventInit};

fn hosts() -> u32 {
    document()
        .query_selector_all("[data-railhead]")
        .unwrap()
        .length()
}

#[wasm_bindgen_test]
async fn escape_closes_and_exit_comes_once_and_last() {
    let page = Page::open("").await;
    let dialog = page.root.first_element_child().unwrap();
    let init = EventInit::new();
    init.set_cancelable(true);
    dialog
        .dispatch_event(&Event::new_with_event_init_dict("cancel", &init).unwrap())
        .unwrap();
    holds("it is closed", || !page.is_shown()).await;
    page.handle.close();
    assert_eq!(page.events(), ["open", "load", "exit"]);
    assert_eq!(
        page.detail("exit"),
        r#"{"reason":"closed","connections":[]}"#
    );
    page.handle.open();
    page.heading("Connect your software").await;
    assert_eq!(page.events(), ["open", "load", "exit", "open"]);
}

#[wasm_bindgen_test]
async fn destroying_in_the_middle_leaves_nothing() {
    clean::begin();
    let before = hosts();
    let page = Page::open("").await;
    page.press("Xero").await;
    stub::answer(START, 201, &started(&authorization(1, "pending", "")));
    page.press("Continue to Xero").await;
    holds("it is watched", || {
        stub::calls().iter().any(|call| call == POLL)
    })
    .await;
    let calls = stub::calls().len();
    page.handle.destroy();
    assert_eq!(hosts(), before);
    holds("no call waits", || stub::pending() == 0).await;
    assert_eq!(page.events().last().map(String::as_str), Some("exit"));
    page.handle.open();
    page.handle.close();
    page.handle.update(&Object::new(), None);
    page.handle.destroy();
    stub::close_window();
    holds("nothing asks again", || stub::calls().len() == calls).await;
    assert_eq!(
        page.events()
            .iter()
            .filter(|event| *event == "exit")
            .count(),
        1
    );
}

#[wasm_bindgen_test]
async fn closing_gives_up_what_was_under_way() {
    let page = Page::open("").await;
    page.press("Xero").await;
    stub::answer(START, 201, &started(&authorization(1, "pending", "")));
    page.press("Continue to Xero").await;
    holds("it is watched", || {
        stub::calls().iter().any(|call| call == POLL)
    })
    .await;
    page.press("Close").await;
    holds("it is said", || {
        stub::calls().iter().any(|call| call == stub::CANCEL)
    })
    .await;
    assert!(!page.is_shown());
}

#[wasm_bindgen_test]
async fn two_widgets_go_their_own_ways() {
    let first = Page::start(Place::Inline, 201, stub::SESSION, "");
    let second = Page::start(Place::Inline, 201, stub::SESSION, "");
    first.heading("Connect your software").await;
    second.heading("Connect your software").await;
    first.press("Xero").await;
    first.heading("Connect Xero").await;
    assert!(second.find("heading", "Connect your software").is_some());
    first.handle.destroy();
    second.press("Shopify").await;
    second.heading("Connect Shopify").await;
}

#[wasm_bindgen_test]
async fn init_twice_in_one_place_is_one_widget() {
    clean::begin();
    let container = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&container).unwrap();
    let options = Object::new();
    js_sys::Reflect::set(&options, &"container".into(), &container).unwrap();
    let start = || {
        init(
            &"wid_1".into(),
            &JsValue::NULL,
            &options,
            &JsValue::UNDEFINED,
        )
        .unwrap()
    };
    let first = start();
    let second = start();
    assert_eq!(container.child_element_count(), 1);
    second.destroy();
    assert_eq!(container.child_element_count(), 0);
    first.destroy();
    let third = start();
    assert_eq!(container.child_element_count(), 1);
    third.destroy();
    container.remove();
    stub::reset();
}

#[wasm_bindgen_test]
async fn the_host_page_changes_its_mind() {
    let page = Page::open("").await;
    let change = r##"{"messages": {"picker.title": "Link your books"}, "theme": {"primary": "#ffe600"}, "colorScheme": "dark"}"##;
    page.handle
        .update(&js_sys::JSON::parse(change).unwrap(), None);
    page.heading("Link your books").await;
    assert_eq!(
        page.host.get_attribute("data-scheme").as_deref(),
        Some("dark")
    );
    let style = page.host.style();
    assert_eq!(
        style.get_property_value("--railhead-primary").unwrap(),
        "#ffe600"
    );
}
