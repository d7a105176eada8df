//! One end user with one widget on the host page: what the widget's script would ask of the server.

use super::browser::{Browser, Landing};
use super::{HOST, World};
use railhead_protocol::{AuthorizationState, SessionState, StartedAuthorization};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

/// A visit.
pub(crate) struct Visit<'w> {
    pub(crate) world: &'w World,
    pub(crate) browser: Browser,
    pub(crate) session: SessionState,
}

impl<'w> Visit<'w> {
    /// Loads the widget.
    pub(crate) async fn begin(world: &'w World, widget: &str, business: Option<&str>) -> Self {
        Self::at(
            world,
            &world.server.public_url,
            Browser::new(),
            widget,
            business,
        )
        .await
    }

    pub(crate) async fn at(
        world: &'w World,
        base: &Url,
        browser: Browser,
        widget: &str,
        business: Option<&str>,
    ) -> Self {
        let body = json!({ "widgetId": widget, "businessName": business }).to_string();
        let url = base.join("/v1/connect/sessions").unwrap();
        let response = browser
            .send(
                &url,
                |request| request.header("origin", HOST).body(body),
                Method::POST,
            )
            .await;
        assert_eq!(response.status(), 201, "{}", response.text().await.unwrap());
        let session = response.json().await.unwrap();
        Self {
            world,
            browser,
            session,
        }
    }

    pub(crate) fn token(&self) -> &str {
        self.session.session_token.as_deref().unwrap()
    }

    /// Calls the Connect API.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = Url::parse(&self.world.url(path)).unwrap();
        let build = |request: reqwest::RequestBuilder| {
            let request = request.header("origin", HOST).bearer_auth(self.token());
            match body {
                Some(body) => request.body(body.to_string()),
                None => request,
            }
        };
        let response = self.browser.send(&url, build, method).await;
        let status = response.status().as_u16();
        let headers = format!("{:?}", response.headers());
        let text = response.text().await.unwrap();
        self.browser.remember(&headers);
        self.browser.remember(&text);
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    /// Picks a service.
    pub(crate) async fn start(&self, body: Value) -> StartedAuthorization {
        let (status, answer) = self
            .call(Method::POST, "/v1/connect/authorizations", Some(body))
            .await;
        assert_eq!(status, 201, "{answer}");
        serde_json::from_value(answer).unwrap()
    }

    /// The start page's part: shows the nonce, gets the cookie and the service's address.
    pub(crate) async fn hand_over(&self, started: &StartedAuthorization) -> Url {
        let (status, answer) = self
            .show_nonce(
                &started.authorization.authorization_id,
                started.nonce.as_deref().unwrap(),
            )
            .await;
        assert_eq!(status, 200, "{answer}");
        Url::parse(answer["location"].as_str().unwrap()).unwrap()
    }

    pub(crate) async fn show_nonce(&self, id: &str, nonce: &str) -> (u16, Value) {
        show_nonce(self.world, &self.browser, id, nonce).await
    }

    /// Lets the widget's own tab leave for the service, from `page`; answers where it goes.
    pub(crate) async fn leave(&self, started: &StartedAuthorization, page: &str) -> (u16, Value) {
        let path = format!(
            "/v1/connect/authorizations/{}/leave",
            started.authorization.authorization_id
        );
        self.call(Method::POST, &path, Some(json!({ "returnUrl": page })))
            .await
    }

    /// Shows what the browser brought back.
    pub(crate) async fn claim(&self, started: &StartedAuthorization, claim: &str) -> (u16, Value) {
        let path = format!(
            "/v1/connect/authorizations/{}/claim",
            started.authorization.authorization_id
        );
        self.call(Method::POST, &path, Some(json!({ "claim": claim })))
            .await
    }

    /// From the pick to the address of the callback, as `user`.
    pub(crate) async fn up_to_callback(
        &self,
        body: Value,
        user: &str,
        decision: &str,
    ) -> (StartedAuthorization, Url) {
        let started = self.start(body).await;
        let authorize = self.hand_over(&started).await;
        let callback = self.browser.consent(&authorize, user, decision).await;
        (started, callback)
    }

    /// From the pick of `service` to the address of the callback, as `user`, who allows it.
    pub(crate) async fn window(&self, service: &str, user: &str) -> (StartedAuthorization, Url) {
        self.up_to_callback(json!({ "serviceName": service }), user, "allow")
            .await
    }

    /// Chooses one of several accounts.
    pub(crate) async fn choose(
        &self,
        started: &StartedAuthorization,
        account: &str,
    ) -> (u16, Value) {
        let path = format!(
            "/v1/connect/authorizations/{}/account",
            started.authorization.authorization_id
        );
        self.call(Method::POST, &path, Some(json!({ "accountId": account })))
            .await
    }

    /// The whole way through the window, as `user`; answers how it stands then, and the last page.
    pub(crate) async fn connect(
        &self,
        body: Value,
        user: &str,
        decision: &str,
    ) -> (AuthorizationState, Landing) {
        let (started, callback) = self.up_to_callback(body, user, decision).await;
        let landing = self.browser.open(&callback).await;
        (self.state(&started).await, landing)
    }

    /// Connects `service` as `user`, who allows it; it must succeed.
    pub(crate) async fn connected(
        &self,
        service: &str,
        user: &str,
    ) -> railhead_protocol::Connection {
        let (state, _) = self
            .connect(json!({ "serviceName": service }), user, "allow")
            .await;
        state
            .connection
            .unwrap_or_else(|| panic!("{:?}", state.failure))
    }

    /// How an authorization stands.
    pub(crate) async fn state(&self, started: &StartedAuthorization) -> AuthorizationState {
        self.poll(started, "").await
    }

    /// Asks with a query such as `?wait=25&after=1`.
    pub(crate) async fn poll(
        &self,
        started: &StartedAuthorization,
        query: &str,
    ) -> AuthorizationState {
        let path = format!(
            "/v1/connect/authorizations/{}{query}",
            started.authorization.authorization_id
        );
        let (status, answer) = self.call(Method::GET, &path, None).await;
        assert_eq!(status, 200, "{answer}");
        serde_json::from_value(answer).unwrap()
    }
}

/// The start page's part in any browser: shows the nonce.
pub(crate) async fn show_nonce(
    world: &World,
    browser: &Browser,
    id: &str,
    nonce: &str,
) -> (u16, Value) {
    let url = Url::parse(&world.url("/v1/connect/start")).unwrap();
    let own = world.server.public_url.origin().ascii_serialization();
    let body = json!({ "authorizationId": id, "nonce": nonce }).to_string();
    let build = |request: reqwest::RequestBuilder| request.header("origin", own).body(body);
    super::answered(browser.send(&url, build, Method::POST).await).await
}
