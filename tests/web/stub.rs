//! What the tests put around the widget; see `stub.js`.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/web/stub.js")]
extern "C" {
    /// The next call of `route` gets this answer.
    pub(crate) fn answer(route: &str, status: u16, body: &str);
    /// The next call of `route` does not reach the server.
    pub(crate) fn lose(route: &str);
    /// The calls made, in order.
    pub(crate) fn calls() -> Vec<String>;
    /// How many calls wait for an answer.
    pub(crate) fn pending() -> u32;
    /// Do windows open from now on?
    #[wasm_bindgen(js_name = blockWindows)]
    pub(crate) fn block_windows(block: bool);
    /// The person closes the window.
    #[wasm_bindgen(js_name = closeWindow)]
    pub(crate) fn close_window();
    /// What the start pages have heard, as JSON.
    #[wasm_bindgen(js_name = heardByWindow)]
    pub(crate) fn heard_by_window() -> String;
    /// What was written to the console as a warning or an error.
    #[wasm_bindgen(js_name = consoleLines)]
    pub(crate) fn console_lines() -> Vec<String>;
    /// An answer that the loader has asked for.
    pub(crate) fn response(status: u16, body: &str) -> js_sys::Promise;
    /// Forgets everything.
    pub(crate) fn reset();
    /// Does what may panic.
    pub(crate) fn attempt(act: &mut dyn FnMut());
    /// Takes off the page what a test that failed has left there.
    pub(crate) fn sweep();
}

/// The session of most tests: three services, one of them connected.
pub(crate) const SESSION: &str = r##"{
  "sessionToken": "ses_1", "expiresAt": "2026-11-22T12:00:00Z",
  "widget": {
    "widgetId": "wid_1", "environment": "sandbox", "companyName": "Northwind Lending",
    "links": {"terms": "https://northwind.example/terms"}, "theme": {"radius": "4px"}
  },
  "business": {
    "businessName": "Harbor Coffee", "businessUuid": "biz_1", "status": "new",
    "createdAt": "2026-11-22T10:00:00Z"
  },
  "services": [
    {"serviceName": "xero", "displayName": "Xero", "kind": "accounting", "authorization": "popup"},
    {"serviceName": "quickbooks_online", "displayName": "QuickBooks Online", "kind": "accounting",
     "aliases": ["qbo", "intuit"], "color": "#2CA01C", "authorization": "popup"},
    {"serviceName": "shopify", "displayName": "Shopify", "kind": "commerce", "authorization": "popup",
     "fields": [{"name": "shop", "label": "Shop address", "kind": "text", "required": true,
       "pattern": "[a-z0-9][a-z0-9\\-]*", "suffix": ".myshopify.com", "example": "harbor-coffee"}]},
    {"serviceName": "sandbox", "displayName": "Sandbox", "kind": "accounting", "authorization": "instant",
     "fields": [{"name": "useCase", "label": "Use case", "kind": "select", "required": true,
       "default": "data_empty",
       "options": [{"value": "good", "label": "Good"}, {"value": "data_empty", "label": "Empty"}]}]}
  ],
  "connections": [
    {"connectionId": "con_0", "serviceName": "quickbooks_online", "businessName": "Harbor Coffee",
     "businessUuid": "biz_1", "status": "active", "createdAt": "2026-11-22T10:00:00Z",
     "authorizedAt": "2026-11-22T10:00:00Z", "expiresAt": "2027-11-22T10:00:00Z"}
  ]
}"##;

/// The state of an authorization; `more` are further members, each with a comma before it.
pub(crate) fn authorization(version: u32, status: &str, more: &str) -> String {
    format!(
        r#"{{"authorizationId": "ath_1", "serviceName": "xero", "version": {version}, "status": "{status}",
        "expiresAt": "2026-11-22T12:00:00Z"{more}}}"#
    )
}

/// The connection in a state that succeeded.
pub(crate) const CONNECTION: &str = r#", "connection": {"connectionId": "con_1", "serviceName": "xero",
  "businessName": "Harbor Coffee", "businessUuid": "biz_1", "status": "active",
  "account": {"accountId": "a1", "name": "Harbor Coffee Ltd"}, "createdAt": "2026-11-22T10:00:00Z",
  "authorizedAt": "2026-11-22T10:00:00Z", "expiresAt": "2027-11-22T10:00:00Z"}"#;

/// The answer to a start, with a nonce.
pub(crate) fn started(state: &str) -> String {
    format!(r#"{{"authorization": {state}, "kind": "popup", "nonce": "nonce_1"}}"#)
}

/// A refusal.
pub(crate) fn problem(status: u16, code: &str, field: &str) -> String {
    format!(
        r#"{{"type": "/problems/{code}", "title": "No", "status": {status}, "code": "{code}",
        "detail": "Because.", "field": {field}}}"#
    )
}

/// Starts an authorization.
pub(crate) const START: &str = "POST /v1/connect/authorizations";
/// Polls it.
pub(crate) const POLL: &str = "GET /v1/connect/authorizations/ath_1";
/// Gives it up.
pub(crate) const CANCEL: &str = "POST /v1/connect/authorizations/ath_1/cancel";
