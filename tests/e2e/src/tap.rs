//! A reverse proxy in front of the server that keeps what the browser is answered, and can hold requests back or refuse them.

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http_client;

/// One answer that the browser got, as it could read it.
#[derive(Clone, Debug)]
pub struct Taped {
    /// The request's method.
    pub method: String,
    /// The request's path and query.
    pub path: String,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers, one a line.
    pub headers: String,
    /// The answer's body, uncompressed.
    pub body: String,
}

/// A running tap; dropping it stops it.
#[derive(Debug)]
pub struct Tap {
    url: String,
    tape: Arc<Mutex<Vec<Taped>>>,
    held: watch::Sender<Option<Held>>,
    refused: Arc<Mutex<Option<String>>>,
    task: JoinHandle<()>,
}

/// What is held back.
#[derive(Clone, Debug)]
enum Held {
    /// Every POST to this path.
    Posts(String),
    /// Every file whose name ends like this.
    Files(&'static str),
}

impl Held {
    fn has(&self, method: &Method, path: &str) -> bool {
        match self {
            Self::Posts(to) => method == Method::POST && path == to,
            Self::Files(ending) => method == Method::GET && path.ends_with(ending),
        }
    }
}

#[derive(Clone)]
struct Line {
    upstream: String,
    tape: Arc<Mutex<Vec<Taped>>>,
    held: watch::Receiver<Option<Held>>,
    refused: Arc<Mutex<Option<String>>>,
    client: reqwest::Client,
}

impl Tap {
    /// Listens on `port` and passes everything on to `upstream`.
    pub async fn start(port: u16, upstream: &str) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let tape = Arc::default();
        let (held, receiver) = watch::channel(None);
        let refused = Arc::default();
        let line = Line {
            upstream: upstream.to_owned(),
            tape: Arc::clone(&tape),
            held: receiver,
            refused: Arc::clone(&refused),
            client: http_client()?,
        };
        let router = Router::new().fallback(pass).with_state(line);
        let task = tokio::spawn(async move {
            // Ends with the test that started it.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            url: format!("http://localhost:{port}"),
            tape,
            held,
            refused,
            task,
        })
    }

    /// Its address: what browsers and services see.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Holds back every POST to `path` until [`Tap::release`].
    pub fn hold(&self, path: &str) {
        self.held.send_replace(Some(Held::Posts(path.to_owned())));
    }

    /// Holds back every file whose name ends like this until [`Tap::release`]. No browser keeps one: the next page asks
    /// again.
    pub fn hold_files(&self, ending: &'static str) {
        self.held.send_replace(Some(Held::Files(ending)));
    }

    /// Lets go what is held back.
    pub fn release(&self) {
        self.held.send_replace(None);
    }

    /// Answers 503 to every GET of a path that begins with `start`; to none any more with `None`.
    pub fn refuse(&self, start: Option<&str>) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = start.map(str::to_owned);
    }

    /// All answers so far.
    #[must_use]
    pub fn answers(&self) -> Vec<Taped> {
        self.tape
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(State(line): State<Line>, request: Request) -> Response {
    match line.exchange(request).await {
        Ok(response) => response,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

impl Line {
    async fn exchange(mut self, request: Request) -> Result<Response> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().context("no path")?.to_string();
        let is_held = |held: &Option<Held>| {
            held.as_ref()
                .is_some_and(|held| held.has(&parts.method, parts.uri.path()))
        };
        let was_held = is_held(&self.held.borrow());
        self.held.wait_for(|held| !is_held(held)).await?;
        if parts.method == Method::GET && self.refuses(parts.uri.path()) {
            return Ok(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
        let mut headers = parts.headers;
        // Uncompressed, so that a search finds what is there.
        headers.remove(header::ACCEPT_ENCODING);
        headers.remove(header::HOST);
        let answer = self
            .client
            .request(parts.method.clone(), format!("{}{path}", self.upstream))
            .headers(headers)
            .body(to_bytes(body, usize::MAX).await?)
            .send()
            .await?;
        let status = answer.status();
        let mut headers = answer.headers().clone();
        let bytes = answer.bytes().await?;
        self.keep(&parts.method, path, status, &headers, &bytes);
        for hop in [
            header::TRANSFER_ENCODING,
            header::CONNECTION,
            HeaderName::from_static("keep-alive"),
        ] {
            headers.remove(hop);
        }
        if was_held {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        Ok((status, headers, Body::from(bytes)).into_response())
    }

    fn refuses(&self, path: &str) -> bool {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused
            .as_ref()
            .is_some_and(|start| path.starts_with(start))
    }

    fn keep(
        &self,
        method: &Method,
        path: String,
        status: StatusCode,
        headers: &axum::http::HeaderMap,
        bytes: &Bytes,
    ) {
        let line = |(name, value): (&HeaderName, &axum::http::HeaderValue)| {
            format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
        };
        let taped = Taped {
            method: method.to_string(),
            path,
            status: status.as_u16(),
            headers: headers.iter().map(line).collect(),
            body: String::from_utf8_lossy(bytes).into_owned(),
        };
        self.tape
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(taped);
    }
}
