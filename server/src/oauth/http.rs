//! The one way out of the server: a guarded HTTP client for addresses that others may have a say in.

use crate::outgoing::{self, BlockedAddress, Guard};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use std::error::Error;
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

const USER_AGENT: &str = concat!("railhead-connect/", env!("CARGO_PKG_VERSION"));

/// How far the client goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpOptions {
    /// May it talk to this machine itself, and there without TLS? For development and tests.
    pub allow_loopback_http: bool,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long a request may take, its answer included.
    pub total_timeout: Duration,
    /// The most bytes of an answer's body.
    pub body_limit: usize,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            allow_loopback_http: false,
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(20),
            body_limit: 256 * 1024,
        }
    }
}

/// The guarded client: https to public addresses, no redirects, no cookies, no proxy, no second tries, bounded in
/// time and size. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    guard: Guard,
    options: HttpOptions,
}

pub use crate::outgoing::HttpSetupError;

/// Why there is no answer. Names no address and holds nothing of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// The address is not one to talk to.
    #[error("the address is refused: {0}")]
    Refused(&'static str),
    /// The host's name leads to no address, or no connection could be made or kept.
    #[error("the service cannot be reached")]
    Unreachable,
    /// The answer did not come in time.
    #[error("the service did not answer in time")]
    TimedOut,
    /// The answer's body is larger than allowed.
    #[error("the service's answer is too large")]
    TooLarge,
}

/// What is sent. Has no `Debug`, for it holds secrets.
pub(crate) enum Body {
    /// `application/x-www-form-urlencoded`
    Form(String),
    /// `application/json`
    Json(String),
}

/// A whole answer. Has no `Debug`, for it may hold secrets.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Http {
    /// A client that goes as far as `options` say.
    pub fn new(options: HttpOptions) -> Result<Self, HttpSetupError> {
        let guard = Guard::new(options.allow_loopback_http, &[]);
        let client = outgoing::client(&guard)
            .user_agent(USER_AGENT)
            .connect_timeout(options.connect_timeout)
            .timeout(options.total_timeout)
            .build()
            .map_err(HttpSetupError)?;
        Ok(Self {
            client,
            guard,
            options,
        })
    }

    /// Posts `body`, with `authorization` as that header.
    pub(crate) async fn post(
        &self,
        url: &Url,
        body: Body,
        authorization: Option<HeaderValue>,
    ) -> Result<Answer, HttpError> {
        let (content_type, body) = match body {
            Body::Form(body) => ("application/x-www-form-urlencoded", body),
            Body::Json(body) => ("application/json", body),
        };
        let mut request = self
            .client
            .post(url.clone())
            .header(CONTENT_TYPE, content_type)
            .body(body);
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        self.send(url, request).await
    }

    /// Gets `url` with an access token.
    pub(crate) async fn get(&self, url: &Url, token: &SecretString) -> Result<Answer, HttpError> {
        self.send(
            url,
            self.client
                .get(url.clone())
                .bearer_auth(token.expose_secret()),
        )
        .await
    }

    async fn send(&self, url: &Url, request: RequestBuilder) -> Result<Answer, HttpError> {
        self.guard.check_url(url).map_err(HttpError::Refused)?;
        let request = request.header(ACCEPT, "application/json");
        let outcome = self.answer(request).await;
        if let Err(error) = &outcome {
            tracing::warn!(host = url.host_str(), %error, "a service gave no answer");
        }
        outcome
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Answer, HttpError> {
        let response = request.send().await.map_err(classify)?;
        self.read(response).await
    }

    async fn read(&self, mut response: Response) -> Result<Answer, HttpError> {
        let status = response.status();
        let content_type = text(response.headers(), &CONTENT_TYPE).to_ascii_lowercase();
        let retry_after = text(response.headers(), &RETRY_AFTER).parse().ok();
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(classify)? {
            if body.len() + chunk.len() > self.options.body_limit {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            content_type,
            retry_after: retry_after.map(Duration::from_secs),
            body,
        })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &reqwest::header::HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn classify(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    let mut causes = std::iter::successors(Some(&error as &dyn Error), |&error| error.source());
    if causes.any(<dyn Error>::is::<BlockedAddress>) {
        HttpError::Refused("its name leads to no public address")
    } else if error.is_timeout() {
        HttpError::TimedOut
    } else {
        tracing::debug!(?error, "an outgoing request failed");
        HttpError::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::testing::{http_with, serve};
    use axum::Router;
    use axum::body::{Body as Streamed, Bytes};
    use axum::response::Redirect;
    use axum::routing::get;
    use futures_util::stream::{self, StreamExt as _};
    use std::convert::Infallible;

    /// Chunks without end.
    async fn endless() -> Streamed {
        let chunk = Bytes::from(vec![b'x'; 8 * 1024]);
        Streamed::from_stream(stream::repeat(Ok::<_, Infallible>(chunk)))
    }

    /// One byte, and then nothing for ever.
    async fn stalling() -> Streamed {
        let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{"))]);
        Streamed::from_stream(first.chain(stream::pending()))
    }

    async fn get_from_test_server(path: &str, options: HttpOptions) -> Result<Answer, HttpError> {
        let router = Router::new()
            .route("/fine", get(async || "fine"))
            .route("/endless", get(endless))
            .route("/stalling", get(stalling))
            .route("/redirect", get(async || Redirect::to("/fine")));
        let url = serve(router).await.join(path).unwrap();
        Http::new(options).unwrap().get(&url, &"token".into()).await
    }

    #[tokio::test]
    async fn reads_an_answer() {
        let answer = get_from_test_server("/fine", http_with(5_000))
            .await
            .ok()
            .unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_slice()),
            (200, b"fine".as_slice())
        );
    }

    #[tokio::test]
    async fn stops_reading_at_the_body_limit() {
        let outcome = get_from_test_server("/endless", http_with(20_000)).await;
        assert_eq!(outcome.err(), Some(HttpError::TooLarge));
    }

    #[tokio::test]
    async fn gives_up_on_an_answer_that_stalls() {
        let outcome = get_from_test_server("/stalling", http_with(200)).await;
        assert_eq!(outcome.err(), Some(HttpError::TimedOut));
    }

    #[tokio::test]
    async fn follows_no_redirect() {
        let answer = get_from_test_server("/redirect", http_with(5_000))
            .await
            .ok()
            .unwrap();
        assert_eq!(answer.status, 303);
    }

    #[tokio::test]
    async fn does_not_talk_to_this_machine_unless_allowed() {
        let outcome = get_from_test_server("/fine", HttpOptions::default()).await;
        assert_eq!(
            outcome.err(),
            Some(HttpError::Refused("it is of this machine"))
        );
    }

    #[tokio::test]
    async fn says_that_nobody_listens() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        drop(listener);
        let outcome = Http::new(http_with(5_000))
            .unwrap()
            .get(&url, &"token".into())
            .await;
        assert_eq!(outcome.err(), Some(HttpError::Unreachable));
    }
}
