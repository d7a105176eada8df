//! A visit to a server that may be another process by the next request.

use super::HOST;
use super::browser::Browser;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

/// The visit.
pub(crate) struct Visit {
    pub(crate) base: Url,
    pub(crate) browser: Browser,
    pub(crate) token: String,
}

impl Visit {
    pub(crate) async fn begin(port: u16) -> Self {
        let base = Url::parse(&format!("http://localhost:{port}")).unwrap();
        let (browser, token) = (Browser::new(), String::new());
        let stranger = Self {
            base,
            browser,
            token,
        };
        let body = json!({ "widgetId": "wid_sandbox", "businessName": "Harbor Coffee" });
        let session = stranger.post("/v1/connect/sessions", HOST, body).await;
        let token = session["sessionToken"].as_str().unwrap().to_owned();
        Self { token, ..stranger }
    }

    async fn post(&self, path: &str, origin: &str, body: Value) -> Value {
        let origin = origin.to_owned();
        let build =
            |request: RequestBuilder| request.header("origin", origin).body(body.to_string());
        self.call(Method::POST, path, build).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        build: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Value {
        let url = self.base.join(path).unwrap();
        let build = |request: RequestBuilder| build(request.bearer_auth(&self.token));
        let text = self
            .browser
            .send(&url, build, method)
            .await
            .text()
            .await
            .unwrap();
        self.browser.remember(&text);
        serde_json::from_str(&text).unwrap()
    }

    /// Up to the address of the callback; with the id and the nonce of the authorization.
    pub(crate) async fn window(&self, user: &str) -> (String, String, Url) {
        let pick = json!({ "serviceName": "xero" });
        let started = self.post("/v1/connect/authorizations", HOST, pick).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let id = text(&started["authorization"]["authorizationId"]);
        let shown = json!({ "authorizationId": id, "nonce": started["nonce"] });
        let own = self.base.origin().ascii_serialization();
        let sent = self.post("/v1/connect/start", &own, shown).await;
        let authorize = text(&sent["location"]).parse().unwrap();
        let callback = self.browser.consent(&authorize, user, "allow").await;
        (id, text(&started["nonce"]), callback)
    }

    /// Up to the address of the callback; with the id of the authorization.
    pub(crate) async fn up_to_callback(&self, user: &str) -> (String, Url) {
        let (id, _, callback) = self.window(user).await;
        (id, callback)
    }

    pub(crate) async fn poll(&self, id: &str) -> Value {
        let path = format!("/v1/connect/authorizations/{id}?wait=25&after=1");
        self.call(Method::GET, &path, |request| request.header("origin", HOST))
            .await
    }
}
