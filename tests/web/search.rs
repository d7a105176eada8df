//! Searching the list, and choosing with the keyboard.

use super::page::{Page, Place, holds, key};
use super::stub;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

fn services(page: &Page) -> Vec<String> {
    page.all("option")
        .into_iter()
        .map(|(name, _)| name)
        .collect()
}

fn focused(page: &Page) -> HtmlElement {
    page.root.active_element().unwrap().unchecked_into()
}

/// The service that has the focus, or `""`.
fn at(page: &Page) -> String {
    let Some(active) = page.root.active_element() else {
        return String::new();
    };
    let all = page.all("option").into_iter();
    all.filter(|(_, tile)| tile.is_same_node(Some(&active)))
        .map(|(name, _)| name)
        .next()
        .unwrap_or_default()
}

/// A session with services of these names.
fn session(names: &[String]) -> String {
    let card = |(index, name): (usize, &String)| {
        format!(
            r#"{{"serviceName": "s{index}", "displayName": "{name}", "kind": "accounting",
            "authorization": "popup"}}"#
        )
    };
    let cards: Vec<String> = names.iter().enumerate().map(card).collect();
    let (before, rest) = stub::SESSION.split_once(r#""services": ["#).unwrap();
    let (_, after) = rest.split_once(r#""connections""#).unwrap();
    format!(
        r#"{before}"services": [{}], "connections"{after}"#,
        cards.join(",")
    )
}

fn letters(count: u8) -> Vec<String> {
    let letter = |place| char::from(b'A' + place).to_string();
    (0..count).map(letter).collect()
}

async fn with(names: &[String]) -> Page {
    let page = Page::start(Place::Modal, 201, &session(names), "");
    page.heading("Connect your software").await;
    holds("all are listed", || services(&page).len() == names.len()).await;
    page
}

#[wasm_bindgen_test]
async fn the_best_come_first_and_the_order_of_the_list_comes_back() {
    let names = ["Zoho Books", "FreshBooks", "Bookwise", "Wave"].map(str::to_owned);
    let page = with(&names).await;
    let before: Vec<_> = page
        .all("option")
        .into_iter()
        .map(|(_, tile)| tile)
        .collect();
    page.fill("searchbox", "Search", "book");
    holds("three are found", || {
        services(&page) == ["Bookwise", "Zoho Books", "FreshBooks"]
    })
    .await;
    page.fill("searchbox", "Search", "");
    holds("all are back", || services(&page) == names).await;
    let after: Vec<_> = page
        .all("option")
        .into_iter()
        .map(|(_, tile)| tile)
        .collect();
    assert!(before == after, "no tile was made anew");
}

#[wasm_bindgen_test]
async fn slips_are_forgiven_and_the_number_found_is_said() {
    let page = Page::open("").await;
    page.fill("searchbox", "Search", "qickboks");
    holds("it is found", || {
        services(&page) == ["QuickBooks Online Connected"]
    })
    .await;
    holds("it is said", || page.said().starts_with('1')).await;
    page.fill("searchbox", "Search", "zzzz");
    holds("nothing is found", || {
        page.said() == "Nothing found" && page.text().contains("Not listed?")
    })
    .await;
    page.fill("searchbox", "Search", "");
    holds("the step is said again", || {
        page.said() == "Connect your software"
    })
    .await;
}

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|place| format!("Service {place}")).collect()
}

/// The list of very many, of which a first screenful is on the page.
async fn with_very_many(names: &[String]) -> Page {
    let page = Page::start(Place::Modal, 201, &session(names), "");
    page.wait("searchbox", "Search").await;
    holds("a first screenful is there", || {
        let there = services(&page);
        there.len() >= 16 && names.starts_with(&there)
    })
    .await;
    page
}

#[wasm_bindgen_test]
async fn what_is_far_down_is_found_and_no_more_is_on_the_page_than_can_be_seen() {
    let names = numbered(500);
    let page = with_very_many(&names).await;
    page.fill("searchbox", "Search", "498");
    holds("it is found", || services(&page) == ["Service 498"]).await;
    holds("all that fit are counted", || page.said().starts_with('1')).await;
    page.fill("searchbox", "Search", "service");
    holds("all that fit are counted", || {
        page.said().starts_with("500")
    })
    .await;
    let there = services(&page);
    assert!(there.len() < 100 && names.starts_with(&there), "{there:?}");
    page.fill("searchbox", "Search", "");
    holds("the beginning is back", || {
        page.said() == "Connect your software" && names.starts_with(&services(&page))
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_long_list_grows_when_somebody_comes_near_its_end() {
    let names = numbered(200);
    let page = with_very_many(&names).await;
    holds("all are there, once and in order", || {
        if let Some((_, last)) = page.all("option").pop() {
            last.scroll_into_view();
        }
        services(&page) == names
    })
    .await;
    let counted = |name: &str| {
        let tile = page.find("option", name).unwrap();
        ["aria-posinset", "aria-setsize"].map(|name| tile.get_attribute(name).unwrap_or_default())
    };
    assert_eq!(counted("Service 0"), ["1", "200"]);
    assert_eq!(counted("Service 199"), ["200", "200"]);
}

#[wasm_bindgen_test]
async fn the_end_of_a_long_list_is_one_key_away() {
    let names = numbered(200);
    let page = with_very_many(&names).await;
    page.find("option", "Service 0").unwrap().focus().unwrap();
    for (pressed, expected) in [("End", 199), ("Home", 0), ("End", 199)] {
        key(&focused(&page), pressed);
        assert_eq!(at(&page), names[expected]);
    }
    assert_eq!(services(&page), names);
}

#[wasm_bindgen_test]
async fn only_one_tile_is_a_stop_of_the_tab_key() {
    let page = with(&letters(7)).await;
    let stops = || {
        let tiles = page.all("option").into_iter();
        tiles
            .filter(|(_, tile)| tile.tab_index() == 0)
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
    };
    assert_eq!(stops(), ["A"]);
    page.find("option", "C").unwrap().focus().unwrap();
    assert_eq!(stops(), ["C"]);
    page.fill("searchbox", "Search", "g");
    holds("the one that is left", || stops() == ["G"]).await;
    let list = page.find("listbox", "Connect your software");
    assert!(list.is_some(), "the list has a name");
}

/// Walks through seven tiles in two columns: the keys, and where each leads.
async fn walk(direction: &str, keys: &[(&str, &str)]) {
    let page = with(&letters(7)).await;
    let frame: HtmlElement = page.root.first_element_child().unwrap().unchecked_into();
    frame.set_attribute("dir", direction).unwrap();
    frame.style().set_property("inline-size", "440px").unwrap();
    let search = page.find("searchbox", "Search").unwrap();
    search.focus().unwrap();
    for (pressed, expected) in keys {
        key(&focused(&page), pressed);
        let now = at(&page);
        if expected.is_empty() {
            assert!(focused(&page) == search, "{pressed} leads to {now:?}");
        } else {
            assert_eq!(&now, expected, "{direction}, {pressed}");
        }
    }
}

#[wasm_bindgen_test]
async fn arrows_go_through_the_grid_from_left_to_right() {
    walk(
        "ltr",
        &[
            ("ArrowDown", "A"),
            ("ArrowRight", "B"),
            ("ArrowRight", "C"),
            ("ArrowLeft", "B"),
            ("ArrowDown", "D"),
            ("ArrowDown", "F"),
            ("ArrowDown", "G"),
            ("ArrowDown", "G"),
            ("ArrowUp", "E"),
            ("Home", "A"),
            ("ArrowLeft", "A"),
            ("End", "G"),
            ("ArrowRight", "G"),
            ("Home", "A"),
            ("ArrowUp", ""),
        ],
    )
    .await;
}

#[wasm_bindgen_test]
async fn arrows_go_through_the_grid_from_right_to_left() {
    walk(
        "rtl",
        &[
            ("ArrowDown", "A"),
            ("ArrowLeft", "B"),
            ("ArrowLeft", "C"),
            ("ArrowRight", "B"),
            ("ArrowDown", "D"),
            ("Home", "A"),
            ("ArrowRight", "A"),
            ("ArrowUp", ""),
        ],
    )
    .await;
}

#[wasm_bindgen_test]
async fn in_one_column_only_up_and_down_lead_on() {
    let page = with(&letters(3)).await;
    let frame: HtmlElement = page.root.first_element_child().unwrap().unchecked_into();
    frame.style().set_property("inline-size", "320px").unwrap();
    page.find("searchbox", "Search").unwrap().focus().unwrap();
    for (pressed, expected) in [
        ("ArrowDown", "A"),
        ("ArrowRight", "A"),
        ("ArrowDown", "B"),
        ("ArrowLeft", "B"),
        ("ArrowUp", "A"),
    ] {
        key(&focused(&page), pressed);
        assert_eq!(at(&page), expected, "{pressed}");
    }
}

#[wasm_bindgen_test]
async fn typing_in_the_grid_goes_on_in_the_search_box() {
    let page = with(&letters(3)).await;
    let search = page.find("searchbox", "Search").unwrap();
    for pressed in ["x", "é", "Backspace"] {
        page.find("option", "B").unwrap().focus().unwrap();
        assert!(key(&focused(&page), pressed), "the browser types {pressed}");
        assert!(focused(&page) == search, "{pressed}");
    }
    page.find("option", "B").unwrap().focus().unwrap();
    for pressed in ["Tab", " ", "Enter", "Shift", "F1"] {
        assert!(key(&focused(&page), pressed), "{pressed}");
        assert_eq!(at(&page), "B", "{pressed}");
    }
}

#[wasm_bindgen_test]
async fn enter_in_the_search_box_chooses_the_first_that_was_found() {
    let page = Page::open("").await;
    let search = page.find("searchbox", "Search").unwrap();
    assert!(key(&search, "Enter"), "nothing is typed, nothing is chosen");
    page.fill("searchbox", "Search", "xreo");
    holds("it is found", || services(&page) == ["Xero"]).await;
    key(&search, "Enter");
    page.heading("Connect Xero").await;
    page.press("Back").await;
    page.heading("Connect your software").await;
    holds("what was typed is still there", || {
        services(&page) == ["Xero"]
    })
    .await;
}
