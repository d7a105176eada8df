//! Seeing to what is connected.

use super::page::{Page, Place, holds};
use super::stub::{self, START, problem};
use wasm_bindgen_test::wasm_bindgen_test;

const END: &str = "DELETE /v1/connect/connections/con_0";

/// At QuickBooks Online, which is connected; the person may disconnect.
async fn details() -> Page {
    let session = stub::SESSION.replace(r#""widget": {"#, r#""widget": {"mayDisconnect": true, "#);
    let page = Page::start(Place::Modal, 201, &session, "");
    page.press("QuickBooks Online Connected").await;
    page.heading("QuickBooks Online is connected").await;
    page
}

#[wasm_bindgen_test]
async fn a_connected_service_shows_until_when_and_is_renewed() {
    let page = Page::open("").await;
    page.press("QuickBooks Online Connected").await;
    page.heading("QuickBooks Online is connected").await;
    assert!(page.text().contains("Access until 22 Nov 2027"));
    assert!(page.find("button", "Disconnect").is_none());
    page.press("Renew access: QuickBooks Online").await;
    page.press("Continue to QuickBooks Online").await;
    let started = || {
        let calls = stub::calls().into_iter();
        calls
            .filter(|call| call.starts_with(START))
            .collect::<Vec<_>>()
    };
    holds("it starts", || !started().is_empty()).await;
    assert!(started()[0].contains(r#""connectionId":"con_0""#));
}

#[wasm_bindgen_test]
async fn another_account_is_a_connection_of_its_own() {
    let page = details().await;
    page.press("Connect another account").await;
    page.press("Continue to QuickBooks Online").await;
    holds("it starts", || !stub::calls().is_empty()).await;
    assert!(!stub::calls()[0].contains("connectionId"));
}

#[wasm_bindgen_test]
async fn disconnecting_says_what_happens_first_and_the_list_says_so_afterwards() {
    let page = details().await;
    page.press("Disconnect: QuickBooks Online").await;
    page.heading("Disconnect QuickBooks Online?").await;
    assert!(page.text().contains("Northwind Lending can read no more"));
    page.press("Keep it connected").await;
    page.press("Disconnect: QuickBooks Online").await;
    page.heading("Disconnect QuickBooks Online?").await;
    assert!(stub::calls().is_empty());
    let ended = r#"{"connection": {"connectionId": "con_0", "serviceName": "quickbooks_online",
        "businessName": "Harbor Coffee", "businessUuid": "biz_1", "status": "disconnected",
        "disconnectReason": "disconnected_by_customer", "createdAt": "2026-11-22T10:00:00Z",
        "authorizedAt": "2026-11-22T10:00:00Z", "expiresAt": "2027-11-22T10:00:00Z"},
        "revocation": "done"}"#;
    stub::answer(END, 200, ended);
    page.press("Disconnect").await;
    page.heading("Connect your software").await;
    page.wait("option", "QuickBooks Online Reconnect").await;
    holds("it is said", || {
        page.said() == "QuickBooks Online is disconnected"
    })
    .await;
    assert_eq!(stub::calls(), [END]);
}

#[wasm_bindgen_test]
async fn a_disconnection_that_fails_says_so_and_can_be_tried_again() {
    let page = details().await;
    page.press("Disconnect: QuickBooks Online").await;
    page.heading("Disconnect QuickBooks Online?").await;
    stub::answer(END, 409, &problem(409, "connection_not_active", "null"));
    page.press("Disconnect").await;
    holds("the host page hears of it", || {
        page.events().contains(&"error".to_owned())
    })
    .await;
    page.heading("Disconnect QuickBooks Online?").await;
    assert!(page.find("button", "Keep it connected").is_some());
    page.press("Disconnect").await;
    holds("it is asked again", || stub::calls().len() == 2).await;
}
