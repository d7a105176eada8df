//! From the service to a connection, and every way out.

use super::page::{Page, Place, holds};
use super::stub::{self, CANCEL, CONNECTION, POLL, START, authorization, problem, started};
use wasm_bindgen_test::wasm_bindgen_test;

const SESSIONS: &str = "POST /v1/connect/sessions";

/// On the way at Xero, the authorization started.
async fn at_xero() -> Page {
    let page = Page::open("").await;
    page.press("Xero").await;
    stub::answer(START, 201, &started(&authorization(1, "pending", "")));
    page.press("Continue to Xero").await;
    page.heading("Continue in the other window").await;
    holds("it is watched", || {
        stub::calls().iter().any(|call| call == POLL)
    })
    .await;
    page
}

#[wasm_bindgen_test]
async fn the_window_is_told_its_authorization_and_the_poll_brings_success() {
    let page = at_xero().await;
    holds("the window is told", || {
        stub::heard_by_window().contains("nonce_1")
    })
    .await;
    assert_eq!(
        stub::heard_by_window(),
        r#"[{"type":"railhead:start","authorizationId":"ath_1","nonce":"nonce_1"}]"#
    );
    stub::answer(POLL, 200, &authorization(2, "pending", ""));
    stub::answer(POLL, 200, &authorization(3, "succeeded", CONNECTION));
    page.heading("Harbor Coffee Ltd is connected").await;
    assert!(page.text().contains("until 22 Nov 2027"), "{}", page.text());
    assert_eq!(
        page.detail("connect"),
        r#"{"connectionId":"con_1","serviceName":"xero","businessName":"Harbor Coffee","businessUuid":"biz_1","account":{"accountId":"a1","name":"Harbor Coffee Ltd"}}"#
    );
    page.press("Done").await;
    holds("it leaves", || !page.is_shown()).await;
    assert_eq!(
        page.events(),
        ["open", "load", "select", "authorization", "connect", "exit"]
    );
    assert_eq!(
        page.detail("exit"),
        r#"{"reason":"done","connections":["con_1"]}"#
    );
}

#[wasm_bindgen_test]
async fn a_blocked_window_has_a_step_of_its_own_and_opens_with_the_next_click() {
    let page = Page::open("").await;
    stub::block_windows(true);
    page.press("Xero").await;
    page.press("Continue to Xero").await;
    page.heading("Your browser blocked the window").await;
    assert!(page.detail("error").contains(r#""code":"popup_blocked""#));
    assert!(stub::calls().is_empty());
    stub::block_windows(false);
    page.press("Open the window").await;
    page.heading("Continue in the other window").await;
}

#[wasm_bindgen_test]
async fn a_closed_window_is_a_hint_and_can_be_opened_again() {
    let page = at_xero().await;
    stub::close_window();
    holds("it is said", || {
        page.text().contains("The window was closed")
    })
    .await;
    holds("it is said aloud", || {
        page.said() == "The window was closed"
    })
    .await;
    stub::answer(
        "POST /v1/connect/authorizations/ath_1/nonce",
        200,
        r#"{"nonce": "nonce_2"}"#,
    );
    page.press("Open the window again").await;
    holds("the new window is told", || {
        stub::heard_by_window().contains("nonce_2")
    })
    .await;
    assert!(!page.text().contains("The window was closed"));
    stub::answer(POLL, 200, &authorization(2, "succeeded", CONNECTION));
    page.heading("Harbor Coffee Ltd is connected").await;
}

#[wasm_bindgen_test]
async fn cancelling_goes_back_and_late_success_is_shown() {
    let page = at_xero().await;
    page.press("Cancel").await;
    page.heading("Connect your software").await;
    stub::answer(CANCEL, 200, &authorization(2, "succeeded", CONNECTION));
    page.heading("Harbor Coffee Ltd is connected").await;
    assert_eq!(stub::pending(), 0);
}

#[wasm_bindgen_test]
async fn a_server_that_goes_away_and_comes_back_costs_nothing() {
    let page = at_xero().await;
    stub::lose(POLL);
    stub::lose(POLL);
    stub::answer(POLL, 503, "<html>");
    holds("it is said", || page.text().contains("Reconnecting")).await;
    stub::answer(POLL, 200, &authorization(1, "pending", ""));
    holds("it is over", || !page.text().contains("Reconnecting")).await;
    stub::answer(POLL, 200, &authorization(2, "succeeded", CONNECTION));
    page.heading("Harbor Coffee Ltd is connected").await;
}

#[wasm_bindgen_test]
async fn one_of_several_accounts_is_chosen_and_none_is_complained_about() {
    let page = at_xero().await;
    let accounts = r#", "accounts": [{"accountId": "a1", "name": "Harbor Coffee Ltd"}, {"accountId": "a2", "name": "Harbor Roasters"}]"#;
    stub::answer(POLL, 200, &authorization(2, "choose_account", accounts));
    page.heading("Which company?").await;
    page.press("Connect").await;
    holds("it complains", || {
        page.text().contains("Choose a company to go on.")
    })
    .await;
    page.find("radio", "Harbor Roasters").unwrap().click();
    stub::answer(
        "POST /v1/connect/authorizations/ath_1/account",
        200,
        &authorization(3, "succeeded", CONNECTION),
    );
    page.press("Connect").await;
    page.heading("Harbor Coffee Ltd is connected").await;
    assert!(
        stub::calls()
            .iter()
            .any(|call| call.ends_with(r#"{"accountId":"a2"}"#))
    );
}

#[wasm_bindgen_test]
async fn a_service_without_a_window_connects_at_once_with_its_default() {
    let page = Page::open("").await;
    page.press("Sandbox").await;
    stub::answer(
        START,
        201,
        &started(&authorization(1, "succeeded", CONNECTION)),
    );
    page.press("Connect Sandbox").await;
    page.heading("Harbor Coffee Ltd is connected").await;
    assert!(
        stub::calls()[0].contains(r#""useCase":"data_empty""#),
        "{:?}",
        stub::calls()
    );
}

#[wasm_bindgen_test]
async fn a_denial_says_what_happened_and_can_be_tried_again() {
    let page = at_xero().await;
    let failure = r#", "failure": {"code": "denied", "message": "No.", "recoverable": true}"#;
    stub::answer(POLL, 200, &authorization(2, "failed", failure));
    page.heading("You declined access at Xero").await;
    assert!(page.text().contains("Nothing was connected."));
    page.press("Try again").await;
    page.heading("Connect Xero").await;
}

#[wasm_bindgen_test]
async fn what_another_try_cannot_mend_offers_only_another_service() {
    let page = at_xero().await;
    let failure =
        r#", "failure": {"code": "unauthorized_client", "message": "No.", "recoverable": false}"#;
    stub::answer(POLL, 200, &authorization(2, "failed", failure));
    page.heading("Xero isn’t ready here yet").await;
    assert!(page.find("button", "Try again").is_none());
    page.press("Choose another").await;
    page.heading("Connect your software").await;
}

#[wasm_bindgen_test]
async fn a_session_that_ended_is_begun_anew() {
    let page = at_xero().await;
    stub::answer(POLL, 401, &problem(401, "session_expired", "null"));
    // It is asked whether anything was connected meanwhile: nothing was.
    stub::answer(SESSIONS, 201, stub::SESSION);
    page.heading("You were away for a while").await;
    stub::answer(SESSIONS, 201, stub::SESSION);
    page.press("Try again").await;
    page.heading("Connect Xero").await;
}

#[wasm_bindgen_test]
async fn what_was_connected_meanwhile_is_shown_when_the_session_has_ended() {
    let page = at_xero().await;
    stub::answer(POLL, 401, &problem(401, "session_expired", "null"));
    let connected = stub::SESSION.replace(
        r#""connections": ["#,
        r#""connections": [{"connectionId": "con_1", "serviceName": "xero",
            "businessName": "Harbor Coffee", "businessUuid": "biz_1", "status": "active",
            "createdAt": "2026-11-22T10:00:00Z", "authorizedAt": "2026-11-22T10:00:00Z",
            "expiresAt": "2027-11-22T10:00:00Z"},"#,
    );
    stub::answer(SESSIONS, 201, &connected);
    page.heading("Xero is connected").await;
}

#[wasm_bindgen_test]
async fn a_widget_removed_while_its_session_is_renewed_is_not_asked_any_more() {
    let page = at_xero().await;
    stub::answer(POLL, 401, &problem(401, "session_expired", "null"));
    holds("it asks for another session", || {
        stub::calls().iter().any(|call| call.starts_with(SESSIONS))
    })
    .await;
    drop(page);
    // Nothing panics by the time that another is there.
    Page::open("").await;
}

#[wasm_bindgen_test]
async fn the_success_page_is_asked_for_and_announced() {
    let page = Page::open(r#"{"successUrl": "/done"}"#).await;
    page.press("Sandbox").await;
    stub::answer(
        START,
        201,
        &started(&authorization(1, "succeeded", CONNECTION)),
    );
    page.press("Connect Sandbox").await;
    // Within the page, so that the tests are not left behind.
    let here = web_sys::window().unwrap().location().href().unwrap();
    let there = format!("{}#done", here.split('#').next().unwrap());
    let finished = format!(r#"{{"redirectUrl": "{there}"}}"#);
    stub::answer("POST /v1/connect/finish", 200, &finished);
    page.press("Continue").await;
    holds("it leaves", || page.events().contains(&"exit".to_owned())).await;
    assert_eq!(page.events()[4..], ["connect", "redirect", "exit"]);
    assert_eq!(
        page.detail("exit"),
        r#"{"reason":"redirected","connections":["con_1"]}"#
    );
    assert_eq!(
        web_sys::window().unwrap().location().hash().unwrap(),
        "#done"
    );
    let body = r#"POST /v1/connect/finish {"successUrl":"/done","connectionIds":["con_1"]}"#;
    assert!(
        stub::calls().iter().any(|call| call == body),
        "{:?}",
        stub::calls()
    );
}

#[wasm_bindgen_test]
async fn a_widget_nobody_knows_says_whose_problem_it_is() {
    let refusal = problem(404, "unknown_widget", "null");
    let page = Page::start(Place::Modal, 404, &refusal, "");
    page.heading("This connection page isn’t set up correctly")
        .await;
    assert!(page.find("button", "Try again").is_none());
    assert_eq!(page.events(), ["open", "error"]);
    page.press("Close").await;
    holds("it leaves", || !page.is_shown()).await;
}
