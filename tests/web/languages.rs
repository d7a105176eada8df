//! The widget in every language there is a pack of.

use super::page::{Page, Place, holds};
use super::stub;
use railhead_widget::text::{Form, Key};
use std::collections::BTreeMap;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// The packs that are kept whole; `fr-CA` is what differs from `fr`.
const PACKS: [(&str, &str); 12] = [
    ("ar", include_str!("../../src/text/packs/ar.json")),
    ("de", include_str!("../../src/text/packs/de.json")),
    ("es", include_str!("../../src/text/packs/es.json")),
    ("fr", include_str!("../../src/text/packs/fr.json")),
    ("he", include_str!("../../src/text/packs/he.json")),
    ("it", include_str!("../../src/text/packs/it.json")),
    ("ja", include_str!("../../src/text/packs/ja.json")),
    ("ko", include_str!("../../src/text/packs/ko.json")),
    ("nl", include_str!("../../src/text/packs/nl.json")),
    ("pt-BR", include_str!("../../src/text/packs/pt-BR.json")),
    ("sv", include_str!("../../src/text/packs/sv.json")),
    ("zh-Hans", include_str!("../../src/text/packs/zh-Hans.json")),
];

/// The options as the loader gives them.
fn spoken(language: &str, pack: &str) -> String {
    format!(r#"{{"language": "{language}", "locale": "{language}", "pack": {pack}}}"#)
}

fn words(pack: &str) -> BTreeMap<String, String> {
    let object = js_sys::JSON::parse(pack).unwrap();
    let entries = js_sys::Object::entries(&object.into());
    let text = |value: JsValue| value.as_string().unwrap();
    let pair = |entry: JsValue| {
        let pair = js_sys::Array::from(&entry);
        (text(pair.get(0)), text(pair.get(1)))
    };
    entries.iter().map(pair).collect()
}

/// The sentences of English that stand in what is shown and that the pack has other words for.
fn english_in(shown: &str, words: &BTreeMap<String, String>) -> Vec<&'static str> {
    let telling = Key::all().filter(|(_, english)| english.len() > 8 && !english.contains('{'));
    let others = telling.filter(|(name, english)| words[*name] != *english);
    let found = others.filter(|(_, english)| shown.contains(english));
    found.map(|(_, english)| english).collect()
}

#[wasm_bindgen_test]
async fn every_pack_speaks_for_the_list_and_the_consent_alone() {
    for (language, pack) in PACKS {
        let page = Page::start(Place::Modal, 201, stub::SESSION, &spoken(language, pack));
        let words = words(pack);
        page.heading(&words["picker.title"]).await;
        page.wait("searchbox", &words["search"]).await;
        page.wait("button", &words["close"]).await;
        let lead = words["picker.lead"].replace("{company}", "Northwind Lending");
        assert!(page.text().contains(&lead), "{language}: {}", page.text());
        assert_eq!(english_in(&page.text(), &words), [""; 0], "{language}");
        page.press("Xero").await;
        page.heading(&words["consent.title"].replace("{service}", "Xero"))
            .await;
        assert_eq!(english_in(&page.text(), &words), [""; 0], "{language}");
        assert_eq!(stub::console_lines(), [""; 0], "{language}");
        page.handle.destroy();
    }
}

#[wasm_bindgen_test]
async fn the_language_changes_while_the_widget_is_open() {
    let page = Page::open("").await;
    let (language, pack) = PACKS[1];
    let german = js_sys::JSON::parse(&spoken(language, pack)).unwrap();
    page.handle.update(&german, None);
    page.heading(&words(pack)["picker.title"]).await;
    let english = js_sys::JSON::parse(&spoken("en", "{}")).unwrap();
    page.handle.update(&english, None);
    page.heading("Connect your software").await;
}

#[wasm_bindgen_test]
async fn own_words_stand_above_the_pack_in_their_language() {
    let (_, pack) = PACKS[1];
    let options = format!(
        r#"{{"language": "de", "locale": "de", "pack": {pack},
            "messages": {{"picker.title": "All", "picker.title@de": "Alle", "picker.title@fr": "Toutes"}}}}"#
    );
    let page = Page::start(Place::Modal, 201, stub::SESSION, &options);
    page.heading("Alle").await;
    assert_eq!(stub::console_lines(), [""; 0]);
}

#[wasm_bindgen_test]
async fn what_is_wrong_with_own_words_is_named_once() {
    let page = Page::open(
        r#"{"messages": {"consent.title": "Link {sevice}", "consent.lead": "{company} asks.", "close@frr": "x",
            "search.found.few": "some", "choice.titel@fr": "x"}}"#,
    )
    .await;
    let expected = [
        "Railhead: unknown key of option `messages` `choice.titel`. Did you mean `choice.title`?",
        "Railhead: unknown language of a key of option `messages` `frr`. Did you mean `fr`?",
        "Railhead: option `messages`: `consent.lead` lacks the placeholder `{service}`.",
        "Railhead: option `messages`: `consent.title` has the placeholder `{sevice}`, which nothing fills.",
        "Railhead: option `messages`: `search.found.few` lacks the placeholder `{count}`.",
    ];
    assert_eq!(stub::console_lines(), expected);
    let again = r#"{"messages": {"consent.lead": "{company} asks."}}"#;
    page.handle
        .update(&js_sys::JSON::parse(again).unwrap(), None);
    assert_eq!(stub::console_lines().len(), expected.len());
}

#[wasm_bindgen_test]
async fn the_widgets_own_setting_is_checked_too() {
    let session = stub::SESSION.replacen(
        r#""companyName""#,
        r#""messages": {"picker.title": "Link it", "bakc": "x"}, "companyName""#,
        1,
    );
    let page = Page::start(Place::Modal, 201, &session, "");
    page.heading("Link it").await;
    let line =
        "Railhead: unknown key of setting `messages` of the widget `bakc`. Did you mean `back`?";
    holds("it is named", || stub::console_lines() == [line]).await;
}

#[wasm_bindgen_test]
fn browsers_and_the_server_choose_the_same_forms() {
    for (language, _) in PACKS {
        for count in (0..=120).chain([200, 1_000, 1_000_000]) {
            let (browser, rule) = (Form::of(language, count), Form::by_rule(language, count));
            assert_eq!(browser, rule, "{language}: {count}");
        }
    }
}
