//! Who decides how the widget looks, and what is said about a choice that cannot be used or read.

use super::clean;
use super::page::{Page, Place, document};
use super::stub;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

/// A page's own CSS, as far as it is a custom property of its root; gone when dropped.
struct PageCss(&'static str);

impl PageCss {
    fn new(property: &'static str, value: &str) -> Self {
        clean::begin();
        root().style().set_property(property, value).unwrap();
        Self(property)
    }
}

impl Drop for PageCss {
    fn drop(&mut self) {
        root().style().remove_property(self.0).unwrap();
    }
}

fn root() -> HtmlElement {
    document().document_element().unwrap().unchecked_into()
}

/// What a property of the search box comes to.
async fn seen(page: &Page, property: &str) -> String {
    let search = page.wait("searchbox", "Search").await;
    let window = web_sys::window().unwrap();
    let style = window.get_computed_style(&search).unwrap().unwrap();
    style.get_property_value(property).unwrap()
}

fn update(page: &Page, json: &str) {
    page.handle
        .update(&js_sys::JSON::parse(json).unwrap(), None);
}

/// A widget whose settings have this theme.
async fn with_setting(theme: &str, options: &str) -> Page {
    let session = stub::SESSION.replace(r#""theme": {"radius": "4px"}"#, theme);
    let page = Page::start(Place::Modal, 201, &session, options);
    page.heading("Connect your software").await;
    page
}

#[wasm_bindgen_test]
async fn option_stands_above_page_and_page_above_setting() {
    let page = Page::open("").await;
    let radius = async || seen(&page, "border-top-left-radius").await;
    assert_eq!(radius().await, "4px", "the setting's");
    let css = PageCss::new("--railhead-radius", "6px");
    assert_eq!(radius().await, "6px", "the page's");
    update(&page, r#"{"theme": {"radius": "8px"}}"#);
    assert_eq!(radius().await, "8px", "the option's");
    update(&page, r##"{"theme": {"primary": "#0f5c4d"}}"##);
    assert_eq!(
        radius().await,
        "6px",
        "a new theme takes the old one's place"
    );
    drop(css);
    assert_eq!(radius().await, "4px", "the setting's again");
    let plain = with_setting(r#""theme": {}"#, "").await;
    assert_eq!(seen(&plain, "border-top-left-radius").await, "10px");
}

#[wasm_bindgen_test]
async fn values_that_cannot_be_used_are_named_wherever_they_come_from() {
    let css = PageCss::new("--railhead-surface", "sea-ish");
    let page = with_setting(
        r#""theme": {"radius": "round"}"#,
        r#"{"theme": {"primary": "blurple", "fontSize": "big", "density": "tight", "shadow": "much"}, "colorScheme": "light"}"#,
    )
    .await;
    let lines = stub::console_lines();
    for line in [
        "Railhead: option `theme.primary` must be a CSS colour such as \"#0f5c4d\", but is \"blurple\". It is ignored.",
        "Railhead: option `theme.fontSize` must be a CSS length such as \"10px\", but is \"big\". It is ignored.",
        "Railhead: option `theme.density` must be \"comfortable\" or \"compact\", but is \"tight\". It is ignored.",
        "Railhead: option `theme.shadow` must be a CSS shadow or \"none\", but is \"much\". It is ignored.",
        "Railhead: the setting `theme.radius` must be a CSS length such as \"10px\". It is ignored.",
        "Railhead: `--railhead-surface` is no CSS colour. It is ignored.",
    ] {
        assert!(
            lines.iter().any(|found| found == line),
            "{line} in {lines:?}"
        );
    }
    assert_eq!(seen(&page, "border-top-left-radius").await, "10px");
    assert_eq!(seen(&page, "background-color").await, "rgb(255, 255, 255)");
    drop(css);
}

#[wasm_bindgen_test]
async fn a_compact_widget_is_lower_and_still_large_enough_to_touch() {
    let page = Page::open("").await;
    let height = async || page.wait("searchbox", "Search").await.offset_height();
    assert_eq!(height().await, 48);
    update(&page, r#"{"theme": {"density": "compact"}}"#);
    assert_eq!(height().await, 36);
    for (role, least) in [("option", 4), ("button", 1)] {
        let targets = page.all(role);
        assert!(targets.len() >= least, "{role}: {targets:?}");
        for (name, target) in targets {
            assert!(target.offset_height() >= 24, "{name}");
            assert!(target.offset_width() >= 24, "{name}");
        }
    }
}

#[wasm_bindgen_test]
async fn the_host_pages_font_is_inherited_when_asked_for() {
    clean::begin();
    let style = document().body().unwrap().style();
    style.set_property("font-family", "Georgia, serif").unwrap();
    let page = Page::open(r#"{"theme": {"fontFamily": "inherit"}}"#).await;
    assert_eq!(seen(&page, "font-family").await, "Georgia, serif");
    style.remove_property("font-family").unwrap();
}

#[wasm_bindgen_test]
async fn every_pair_that_can_hardly_be_read_is_named_once() {
    let theme = r##"{"theme": {"background": "#ffffff", "surface": "#eeeeee", "text": "#888888", "mutedText": "#999999"}, "colorScheme": "light"}"##;
    let page = Page::open(theme).await;
    update(&page, r#"{"locale": "en"}"#);
    let lines = stub::console_lines();
    for (pair, ratio) in [
        ("`--railhead-text` on `--railhead-background`", "3.54"),
        ("`--railhead-text` on `--railhead-surface`", "3.06"),
        ("`--railhead-muted-text` on `--railhead-background`", "2.85"),
    ] {
        let report = format!(
            "Railhead: the contrast of {pair} is {ratio}:1; WCAG AA asks for 4.50:1. Choose a stronger colour."
        );
        let told = lines.iter().filter(|line| **line == report).count();
        assert_eq!(told, 1, "{report} in {lines:?}");
    }
}

#[wasm_bindgen_test]
async fn text_on_a_pale_brand_colour_turns_dark() {
    let page = Page::open(r##"{"theme": {"primary": "#ffe600"}, "colorScheme": "light"}"##).await;
    let style = page.host.style();
    assert_eq!(
        style.get_property_value("--rh-on-primary").unwrap(),
        "rgb(0 0 0)"
    );
    assert!(!style.get_property_value("--rh-ring").unwrap().is_empty());
    assert!(
        stub::console_lines().is_empty(),
        "{:?}",
        stub::console_lines()
    );
}

#[wasm_bindgen_test]
async fn text_that_can_hardly_be_read_is_reported_with_its_ratio() {
    let theme =
        r##"{"theme": {"primary": "#ffe600", "onPrimary": "#ffffff"}, "colorScheme": "light"}"##;
    let _page = Page::open(theme).await;
    let lines = stub::console_lines();
    let report = lines
        .iter()
        .find(|line| line.contains("--railhead-on-primary"))
        .expect("a report");
    assert!(
        report.contains("is 1.27:1; WCAG AA asks for 4.50:1"),
        "{report}"
    );
}
