//! What the host page's developer is told about options.

use super::page::{Page, holds};
use super::stub;
use railhead_widget::init;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

async fn told(options: &str) -> (Page, Vec<String>) {
    let page = Page::open(options).await;
    let lines = stub::console_lines();
    (page, lines)
}

#[wasm_bindgen_test]
async fn an_unknown_option_is_named_with_what_was_meant_once() {
    let (page, lines) = told(r#"{"succesUrl": "https://a.example", "banana": 1}"#).await;
    assert_eq!(
        lines,
        [
            "Railhead: unknown option `succesUrl`. Did you mean `successUrl`?",
            "Railhead: unknown option `banana`.",
        ]
    );
    page.handle
        .update(&js_sys::JSON::parse(r#"{"banana": 2}"#).unwrap(), None);
    assert_eq!(stub::console_lines().len(), 2);
}

#[wasm_bindgen_test]
async fn a_wrong_type_is_named_and_the_other_options_still_count() {
    let wrong = r#"{"open": "yes", "locale": 7, "theme": "dark", "colorScheme": "blue",
        "kinds": ["accounting", "bananas"], "logo": ["a"], "messages": {"picker.title": "Link"}}"#;
    let page = Page::start(super::page::Place::Modal, 201, stub::SESSION, wrong);
    page.heading("Link").await;
    let lines = stub::console_lines();
    for line in [
        "Railhead: option `open` must be true or false, but is \"yes\". It is ignored.",
        "Railhead: option `locale` must be a string, but is a number. It is ignored.",
        "Railhead: option `theme` must be an object, but is \"dark\". It is ignored.",
        "Railhead: option `colorScheme` must be \"light\", \"dark\" or \"system\", but is \"blue\". It is ignored.",
        "Railhead: option `kinds` must be a list of kinds of service, but is a list. It is ignored.",
        "Railhead: option `logo` must be a string, but is a list. It is ignored.",
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "{line} in {lines:?}"
        );
    }
}

#[wasm_bindgen_test]
async fn keys_inside_options_are_checked_too() {
    let (_page, lines) = told(
        r##"{"theme": {"primry": "#123456", "radius": 4}, "links": {"term": "/a"},
        "services": {"exlude": []}, "messages": {"picker.tilte": "x"}}"##,
    )
    .await;
    for line in [
        "Railhead: unknown token of `theme` `primry`. Did you mean `primary`?",
        "Railhead: option `theme.radius` must be a CSS length such as \"10px\", but is a number. It is ignored.",
        "Railhead: unknown option `links.term`. Did you mean `links.terms`?",
        "Railhead: unknown option `services.exlude`. Did you mean `services.exclude`?",
        "Railhead: unknown key of option `messages` `picker.tilte`. Did you mean `picker.title`?",
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "{line} in {lines:?}"
        );
    }
}

#[wasm_bindgen_test]
async fn an_option_without_effect_says_so() {
    let (_page, lines) = told(r#"{"nonce": "abc", "isolation": "frame"}"#).await;
    assert_eq!(
        lines,
        ["Railhead: option `nonce` has no effect in this version."]
    );
}

#[wasm_bindgen_test]
async fn a_close_address_elsewhere_is_refused() {
    let page = Page::open(r#"{"closeUrl": "https://elsewhere.example/"}"#).await;
    page.press("Close").await;
    holds("it is said", || {
        let line = "Railhead: option `closeUrl` must be an address of this page's own origin. It is ignored.";
        stub::console_lines().iter().any(|found| found == line)
    })
    .await;
}

#[wasm_bindgen_test]
fn without_a_widget_id_there_is_no_widget() {
    for id in [JsValue::UNDEFINED, JsValue::from(7), JsValue::from("  ")] {
        let error = init(
            &id,
            &JsValue::NULL,
            &JsValue::UNDEFINED,
            &JsValue::UNDEFINED,
        )
        .unwrap_err();
        let message = js_sys::Error::from(error).message();
        assert!(String::from(message).contains("`widgetId`"));
    }
}
