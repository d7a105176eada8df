//! The browser's Back button, and what the page's own history sees of it.

use super::clean;
use super::page::{Page, Place, holds, next_frame};
use super::stub::{self, CANCEL, POLL, START, authorization, started};
use js_sys::{Function, JSON};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{History, Window};

fn window() -> Window {
    web_sys::window().unwrap()
}

fn history() -> History {
    window().history().unwrap()
}

fn address() -> String {
    window().location().href().unwrap()
}

/// The page's own part of the present entry's state, as JSON.
fn own_state() -> String {
    let only = Function::new_with_args("state", "return JSON.stringify(state && state.own)");
    let own = only.call1(&JsValue::NULL, &history().state().unwrap());
    own.unwrap().as_string().unwrap_or_default()
}

fn is_ours() -> bool {
    let state = history().state().unwrap();
    state.is_object() && js_sys::Reflect::has(&state, &"railhead".into()).unwrap()
}

/// How many entries of ours there are up to the present one, if that is ours.
fn level() -> Option<u32> {
    let state = history().state().unwrap();
    let mark = js_sys::Reflect::get(&state, &"railhead".into()).ok()?;
    mark.as_string()?.split(' ').next()?.parse().ok()
}

/// Waits until something holds, and goes on to hold for as long as anything may be under way.
async fn stays(what: &str, mut look: impl FnMut() -> bool) {
    let mut quiet = 0;
    holds(what, || {
        quiet = if look() { quiet + 1 } else { 0 };
        quiet > 50
    })
    .await;
}

/// The page makes an entry of its own, to stand on; not before the browser has come back from where the test before was.
async fn begin() -> String {
    clean::begin();
    for _ in 0..200 {
        if !is_ours() {
            break;
        }
        next_frame().await;
    }
    let state = JSON::parse(r#"{"own": 7}"#).unwrap();
    let here = address();
    let here = here.split('#').next().unwrap();
    let stand = format!("{here}#{}", history().length().unwrap());
    history()
        .push_state_with_url(&state, "", Some(&stand))
        .unwrap();
    stand
}

/// What the page's own router is told: where it is, and its own part of the state.
struct Router {
    heard: Rc<RefCell<Vec<(String, String)>>>,
    listener: Closure<dyn FnMut()>,
}

impl Router {
    fn new() -> Self {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let told = Rc::clone(&heard);
        let listener = Closure::<dyn FnMut()>::new(move || {
            told.borrow_mut().push((address(), own_state()));
        });
        window()
            .add_event_listener_with_callback("popstate", listener.as_ref().unchecked_ref())
            .unwrap();
        Self { heard, listener }
    }

    fn count(&self) -> usize {
        self.heard.borrow().len()
    }

    /// Was it ever told of anything but where it is already?
    fn was_misled(&self, stand: &str) -> bool {
        let here = (stand.to_owned(), "7".to_owned());
        self.heard.borrow().iter().any(|told| *told != here)
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        window()
            .remove_event_listener_with_callback("popstate", listener)
            .unwrap();
    }
}

#[wasm_bindgen_test]
async fn back_goes_one_step_back_and_the_page_stays_where_it_is() {
    let stand = begin().await;
    let router = Router::new();
    let page = Page::start(
        Place::Inline,
        201,
        stub::SESSION,
        r#"{"kinds": ["accounting", "commerce"]}"#,
    );
    page.press("Get started").await;
    page.heading("Connect your accounting software").await;
    page.press("Continue").await;
    page.heading("Connect your online shop").await;
    page.press("Shopify").await;
    page.heading("Connect Shopify").await;
    assert!(is_ours());
    assert_eq!((address(), own_state()), (stand.clone(), "7".into()));
    for heading in [
        "Connect your online shop",
        "Connect your accounting software",
        "Connect your business",
    ] {
        history().back().unwrap();
        page.heading(heading).await;
        assert_eq!((address(), own_state()), (stand.clone(), "7".into()));
    }
    holds("the page's own entry is reached", || !is_ours()).await;
    assert!(!router.was_misled(&stand));
    // And forward again leads nowhere.
    history().forward().unwrap();
    holds("it comes back", || !is_ours()).await;
    assert!(page.find("heading", "Connect your business").is_some());
}

#[wasm_bindgen_test]
async fn going_back_in_the_widget_and_closing_it_clean_up() {
    let stand = begin().await;
    let router = Router::new();
    let page = Page::open("").await;
    page.press("Xero").await;
    page.heading("Connect Xero").await;
    assert!(is_ours());
    page.press("Back").await;
    holds("its entry is gone", || !is_ours()).await;
    page.press("Shopify").await;
    page.heading("Connect Shopify").await;
    holds("there is one again", is_ours).await;
    page.press("Close").await;
    holds("it is gone", || !is_ours()).await;
    assert_eq!((address(), own_state()), (stand.clone(), "7".into()));
    assert!(!router.was_misled(&stand));
}

#[wasm_bindgen_test]
async fn back_while_waiting_gives_up_and_asks_for_consent_again() {
    begin().await;
    let page = Page::open("").await;
    page.press("Xero").await;
    stub::answer(START, 201, &started(&authorization(1, "pending", "")));
    page.press("Continue to Xero").await;
    holds("it is watched", || {
        stub::calls().iter().any(|call| call == POLL)
    })
    .await;
    history().back().unwrap();
    page.heading("Connect Xero").await;
    holds("it is said", || {
        stub::calls().iter().any(|call| call == CANCEL)
    })
    .await;
    history().back().unwrap();
    page.heading("Connect your software").await;
    page.handle.destroy();
    holds("nothing is left", || !is_ours()).await;
}

#[wasm_bindgen_test]
async fn two_widgets_go_back_in_the_order_they_went() {
    begin().await;
    let first = Page::start(Place::Inline, 201, stub::SESSION, "");
    let second = Page::start(Place::Inline, 201, stub::SESSION, "");
    first.press("Xero").await;
    second.press("Shopify").await;
    second.heading("Connect Shopify").await;
    first.heading("Connect Xero").await;
    history().back().unwrap();
    second.heading("Connect your software").await;
    assert!(first.find("heading", "Connect Xero").is_some());
    second.press("Xero").await;
    second.heading("Connect Xero").await;
    // The first goes back by itself, under the other's entry.
    first.press("Back").await;
    first.heading("Connect your software").await;
    assert!(is_ours());
    history().back().unwrap();
    second.heading("Connect your software").await;
    holds("both are at the beginning", || !is_ours()).await;
}

#[wasm_bindgen_test]
async fn a_router_that_moves_on_when_it_hears_of_the_exit_has_the_last_word() {
    begin().await;
    let page = Page::open("").await;
    page.press("Xero").await;
    page.heading("Connect Xero").await;
    let there = format!("{}-next", address());
    page.handle.close();
    history()
        .push_state_with_url(&JsValue::NULL, "", Some(&there))
        .unwrap();
    page.handle.destroy();
    stays("the page is where it went", || address() == there).await;
    history().back().unwrap();
    holds("the page's history is as it was", || address() != there).await;
}

#[wasm_bindgen_test]
async fn a_router_has_the_last_word_where_entries_lie_ahead_too() {
    begin().await;
    let kinds = r#"{"kinds": ["accounting", "commerce"]}"#;
    let page = Page::start(Place::Modal, 201, stub::SESSION, kinds);
    page.press("Get started").await;
    page.heading("Connect your accounting software").await;
    page.press("Continue").await;
    page.heading("Connect your online shop").await;
    page.press("Back").await;
    page.heading("Connect your accounting software").await;
    holds("the browser has come back too", || level() == Some(1)).await;
    let there = format!("{}-next", address());
    page.handle.close();
    history()
        .push_state_with_url(&JsValue::NULL, "", Some(&there))
        .unwrap();
    stays("the page is where it went", || address() == there).await;
}

#[wasm_bindgen_test]
async fn closing_right_after_two_steps_leaves_nothing() {
    let stand = begin().await;
    // From a place with entries ahead, so that the number of entries goes up and down.
    let page = Page::open("").await;
    page.press("Xero").await;
    page.heading("Connect Xero").await;
    page.press("Back").await;
    holds("its entry is gone", || !is_ours()).await;
    page.press("Xero").await;
    page.press("Continue to Xero").await;
    holds("there are two", || level() == Some(2)).await;
    page.handle.close();
    holds("they are gone", || !is_ours()).await;
    stays("the page is on its own entry", || {
        (address(), own_state()) == (stand.clone(), "7".into())
    })
    .await;
    page.handle.open();
    page.press("Xero").await;
    holds("there is one again", is_ours).await;
}

#[wasm_bindgen_test]
async fn a_fragment_navigated_to_on_the_way_back_does_not_end_going_back() {
    let stand = begin().await;
    let page = Page::open("").await;
    page.press("Xero").await;
    page.heading("Connect Xero").await;
    page.handle.close();
    let there = format!("{stand}-there");
    window().location().assign(&there).unwrap();
    stays("the browser has come to rest", || !is_ours()).await;
    page.handle.open();
    page.press("Shopify").await;
    page.heading("Connect Shopify").await;
    holds("it has an entry", is_ours).await;
    history().back().unwrap();
    page.heading("Connect your software").await;
}

/// The page navigates, in this way, while the widget is at a step that one can go back from.
async fn keeps_its_own_back(navigate: impl FnOnce(&str)) {
    let stand = begin().await;
    let page = Page::start(Place::Inline, 201, stub::SESSION, "");
    page.press("Xero").await;
    page.heading("Connect Xero").await;
    navigate(&stand);
    holds("the page has gone on", || address() != stand).await;
    let router = Router::new();
    history().back().unwrap();
    holds("the page is back", || address() == stand).await;
    holds("its router hears of it", || router.count() > 0).await;
    assert!(page.find("heading", "Connect Xero").is_some());
    history().back().unwrap();
    page.heading("Connect your software").await;
}

#[wasm_bindgen_test]
async fn a_page_that_has_navigated_keeps_its_own_back() {
    keeps_its_own_back(|stand| {
        let there = format!("{stand}-there");
        history()
            .push_state_with_url(&JsValue::NULL, "", Some(&there))
            .unwrap();
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_fragment_that_was_navigated_to_is_no_way_back() {
    keeps_its_own_back(|stand| {
        let there = format!("{stand}-there");
        window().location().assign(&there).unwrap();
    })
    .await;
}
