//! Calls of the Connect API, from wire types to wire types. The browser decodes the JSON; `app` is the only caller.

use crate::decode::decode;
use gloo_net::http::{Method, Request, RequestBuilder};
use railhead_protocol::{
    AccountChoice, AuthorizationState, ClaimRequest, Connection, ErrorCode, FinishRequest,
    Finished, LeaveRequest, Leaving, MAX_WAIT_SECONDS, Problem, SessionRequest, SessionState,
    StartAuthorization, StartedAuthorization,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Response};

/// The Connect API of one server, with this visit's token.
#[derive(Debug)]
pub(crate) struct Client {
    base: String,
    embedder: Option<String>,
    token: RefCell<Option<String>>,
}

/// Why a call has no answer to use.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// It was given up here.
    #[error("the call was given up")]
    Aborted,
    /// The session is over, and the widget can't begin another one by itself.
    #[error("the session is over; give another one with `update({{ sessionToken }})`")]
    SessionOver,
    /// The server could not be reached: offline, down, or hidden by CORS.
    #[error("the server could not be reached")]
    Unreachable,
    /// The server refused, and said why.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The answer with this HTTP status makes no sense.
    #[error("the answer, HTTP {0}, could not be understood")]
    Unreadable(u16),
}

impl Error {
    /// Is it worth asking again by oneself?
    #[must_use]
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Problem(problem) => problem.status >= 500 || problem.status == 429,
            Self::Unreadable(status) => *status >= 500 || *status == 429,
            Self::Aborted | Self::SessionOver => false,
        }
    }

    /// What to branch on.
    #[must_use]
    pub(crate) fn code(&self) -> ErrorCode {
        match self {
            Self::Problem(problem) => problem.code,
            Self::Unreachable => ErrorCode::Offline,
            Self::SessionOver => ErrorCode::SessionExpired,
            Self::Aborted | Self::Unreadable(_) => ErrorCode::Internal,
        }
    }

    /// The request field the server complained about.
    #[must_use]
    pub(crate) fn field(&self) -> Option<String> {
        match self {
            Self::Problem(problem) => problem.field.clone(),
            _ => None,
        }
    }
}

/// A nonce to introduce a window with.
#[derive(serde::Deserialize)]
struct Nonce {
    nonce: String,
}

/// A connection that was ended. What became of its grant is of no concern here.
#[derive(serde::Deserialize)]
struct Ended {
    connection: Connection,
}

impl Client {
    /// A client of the server at `base`, an address without a slash at its end. In a frame of that server's it asks
    /// for the page of origin `embedder`.
    #[must_use]
    pub(crate) fn new(base: String, embedder: Option<String>) -> Self {
        Self {
            base,
            embedder,
            token: RefCell::new(None),
        }
    }

    /// This visit's token.
    pub(crate) fn token(&self) -> String {
        self.token.borrow().clone().unwrap_or_default()
    }

    /// Goes on with the token of an earlier life of this visit.
    pub(crate) fn use_token(&self, token: String) {
        self.token.replace(Some(token));
    }

    /// `POST /v1/connect/sessions`. Sent as `text/plain`, so that the browser asks for no permission first.
    pub(crate) async fn open_session(
        &self,
        request: &SessionRequest,
        signal: &AbortSignal,
    ) -> Result<SessionState, Error> {
        let call = Request::post(&[&self.base, "/v1/connect/sessions"].concat());
        let call = self.addressed(call.header("content-type", "text/plain"));
        self.enter(send(call, Some(json(request)), signal).await?)
    }

    /// The session from an answer that somebody else asked for.
    pub(crate) async fn take_session(
        &self,
        answer: js_sys::Promise,
        signal: &AbortSignal,
    ) -> Result<SessionState, Error> {
        let given_up = js_sys::Promise::new(&mut |_, refuse| {
            signal.set_onabort(Some(&refuse));
        });
        let answer = JsFuture::from(js_sys::Promise::race(&js_sys::Array::of2(
            &answer, &given_up,
        )))
        .await;
        signal.set_onabort(None);
        if signal.aborted() {
            return Err(Error::Aborted);
        }
        let response: Response = answer
            .ok()
            .and_then(|answer| answer.dyn_into().ok())
            .ok_or(Error::Unreachable)?;
        self.enter(read(response, signal).await?)
    }

    /// `POST /v1/connect/authorizations`
    pub(crate) async fn start(
        &self,
        request: &StartAuthorization,
        signal: &AbortSignal,
    ) -> Result<StartedAuthorization, Error> {
        understand(
            self.call(Method::POST, "authorizations", Some(json(request)), signal)
                .await?,
        )
    }

    /// Waits at the server until the authorization is past `after`.
    pub(crate) async fn poll(
        &self,
        authorization_id: &str,
        after: u32,
        signal: &AbortSignal,
    ) -> Result<AuthorizationState, Error> {
        let path =
            format!("authorizations/{authorization_id}?wait={MAX_WAIT_SECONDS}&after={after}");
        understand(self.call(Method::GET, &path, None, signal).await?)
    }

    /// Where the authorization stands now.
    pub(crate) async fn look(
        &self,
        authorization_id: &str,
        signal: &AbortSignal,
    ) -> Result<AuthorizationState, Error> {
        let path = ["authorizations/", authorization_id].concat();
        understand(self.call(Method::GET, &path, None, signal).await?)
    }

    /// `POST …/{id}/leave`
    pub(crate) async fn leave(
        &self,
        authorization_id: &str,
        return_url: String,
        signal: &AbortSignal,
    ) -> Result<String, Error> {
        let path = of(authorization_id, "leave");
        let body = json(&LeaveRequest { return_url });
        let answer = self.call(Method::POST, &path, Some(body), signal).await?;
        let Leaving { start_url } = understand(answer)?;
        Ok(start_url)
    }

    /// `POST …/{id}/claim`
    pub(crate) async fn claim(
        &self,
        authorization_id: &str,
        claim: String,
        signal: &AbortSignal,
    ) -> Result<AuthorizationState, Error> {
        let path = of(authorization_id, "claim");
        let body = json(&ClaimRequest { claim });
        understand(self.call(Method::POST, &path, Some(body), signal).await?)
    }

    /// `POST …/{id}/extend`
    pub(crate) async fn extend(
        &self,
        authorization_id: &str,
        signal: &AbortSignal,
    ) -> Result<AuthorizationState, Error> {
        let path = of(authorization_id, "extend");
        understand(self.call(Method::POST, &path, None, signal).await?)
    }

    /// `POST …/{id}/nonce`
    pub(crate) async fn renew_nonce(
        &self,
        authorization_id: &str,
        signal: &AbortSignal,
    ) -> Result<String, Error> {
        let path = of(authorization_id, "nonce");
        let Nonce { nonce } = understand(self.call(Method::POST, &path, None, signal).await?)?;
        Ok(nonce)
    }

    /// `POST …/{id}/account`
    pub(crate) async fn choose(
        &self,
        authorization_id: &str,
        account_id: String,
        signal: &AbortSignal,
    ) -> Result<AuthorizationState, Error> {
        let path = of(authorization_id, "account");
        understand(
            self.call(
                Method::POST,
                &path,
                Some(json(&AccountChoice { account_id })),
                signal,
            )
            .await?,
        )
    }

    /// `POST …/{id}/cancel`
    pub(crate) async fn cancel(
        &self,
        authorization_id: &str,
        signal: &AbortSignal,
    ) -> Result<AuthorizationState, Error> {
        understand(
            self.call(Method::POST, &of(authorization_id, "cancel"), None, signal)
                .await?,
        )
    }

    /// `DELETE /v1/connect/connections/{id}`
    pub(crate) async fn disconnect(
        &self,
        connection_id: &str,
        signal: &AbortSignal,
    ) -> Result<Connection, Error> {
        let path = ["connections/", connection_id].concat();
        let Ended { connection } =
            understand(self.call(Method::DELETE, &path, None, signal).await?)?;
        Ok(connection)
    }

    /// `POST /v1/connect/finish`
    pub(crate) async fn finish(
        &self,
        request: &FinishRequest,
        signal: &AbortSignal,
    ) -> Result<Finished, Error> {
        understand(
            self.call(Method::POST, "finish", Some(json(request)), signal)
                .await?,
        )
    }

    /// Says for whose page it asks, where that is not the page it stands on.
    fn addressed(&self, call: RequestBuilder) -> RequestBuilder {
        match &self.embedder {
            Some(embedder) => call.header("railhead-embedder", embedder),
            None => call,
        }
    }

    /// The session from an answer that was read already.
    pub(crate) fn enter(&self, answer: JsValue) -> Result<SessionState, Error> {
        let mut state: SessionState = understand(answer)?;
        if let Some(token) = state.session_token.take() {
            self.token.replace(Some(token));
        }
        Ok(state)
    }

    /// Makes a call of this visit. Not generic over the answer, which costs bytes for each kind of it.
    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<JsValue>,
        signal: &AbortSignal,
    ) -> Result<JsValue, Error> {
        let address = [&self.base, "/v1/connect/", path].concat();
        let mut call = self.addressed(RequestBuilder::new(&address).method(method));
        if let Some(token) = &*self.token.borrow() {
            call = call.header("authorization", &["Bearer ", token].concat());
        }
        if body.is_some() {
            call = call.header("content-type", "application/json");
        }
        send(call, body, signal).await
    }
}

fn of(authorization_id: &str, what: &str) -> String {
    ["authorizations/", authorization_id, "/", what].concat()
}

/// Sends a call and reads its answer as a JavaScript value.
async fn send(
    call: RequestBuilder,
    body: Option<JsValue>,
    signal: &AbortSignal,
) -> Result<JsValue, Error> {
    let call = call.abort_signal(Some(signal));
    let request = match body {
        Some(body) => call.body(body),
        None => call.build(),
    };
    let answer = match request {
        Ok(request) => request.send().await,
        Err(error) => Err(error),
    };
    if signal.aborted() {
        return Err(Error::Aborted);
    }
    read(answer.map_err(|_| Error::Unreachable)?.into(), signal).await
}

async fn read(response: Response, signal: &AbortSignal) -> Result<JsValue, Error> {
    let status = response.status();
    let unreadable = |_| Error::Unreadable(status);
    let body = JsFuture::from(response.json().map_err(unreadable)?).await;
    if signal.aborted() {
        return Err(Error::Aborted);
    }
    let body = body.map_err(unreadable)?;
    if response.ok() {
        return Ok(body);
    }
    Err(match decode(body) {
        Ok(problem) => Error::Problem(Box::new(problem)),
        Err(_) => Error::Unreadable(status),
    })
}

fn understand<Answer: DeserializeOwned>(value: JsValue) -> Result<Answer, Error> {
    decode(value).map_err(|_| Error::Unreadable(200))
}

/// A wire type as JSON text.
fn json(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Wire types are plain data, which always has a JSON form; the server would refuse the `null` of anything else.
    value
        .serialize(&serializer)
        .and_then(|value| js_sys::JSON::stringify(&value).map_err(Into::into))
        .map_or(JsValue::NULL, Into::into)
}
