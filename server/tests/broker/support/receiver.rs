//! The company's server on the other side: an endpoint that keeps what it gets and answers as a test says.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A message that came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub(crate) fn message(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn kind(&self) -> String {
        self.message()["type"].as_str().unwrap().to_owned()
    }

    /// What the published library is asked.
    pub(crate) fn claim(&self, secret: &str) -> Value {
        json!({ "secret": secret, "headers": self.headers, "body": self.body })
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Status(u16),
    /// With this header.
    With(u16, &'static str, String),
    /// After a while.
    Slowly(Duration),
    /// Not at all.
    Never,
}

#[derive(Default)]
struct Shelf {
    received: Vec<Received>,
    replies: BTreeMap<String, Reply>,
    now: usize,
    most: usize,
}

/// The endpoint. Answers 204 unless told otherwise.
#[derive(Clone)]
pub(crate) struct Receiver {
    shelf: Arc<Mutex<Shelf>>,
    port: u16,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shelf = Arc::default();
        let router = Router::new()
            .fallback(receive)
            .with_state(Arc::clone(&shelf));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shelf, port }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// From now on, at `path`.
    pub(crate) fn reply(&self, path: &str, answer: Reply) {
        let replies = &mut self.shelf.lock().unwrap().replies;
        replies.insert(path.to_owned(), answer);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.shelf.lock().unwrap().received.clone()
    }

    pub(crate) fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<_> = self.received().iter().map(Received::kind).collect();
        kinds.sort();
        kinds
    }

    /// The most messages that were being answered at the same time.
    pub(crate) fn most_at_once(&self) -> usize {
        self.shelf.lock().unwrap().most
    }

    /// Waits until so many messages came in all.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Received> {
        let patience = Duration::from_mins(1);
        let arrived = async {
            while self.received().len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(patience, arrived).await;
        assert!(waited.is_ok(), "{count} expected: {:?}", self.received());
        self.received()
    }
}

async fn receive(
    State(shelf): State<Arc<Mutex<Shelf>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let headers = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let reply = {
        let mut shelf = shelf.lock().unwrap();
        shelf.now += 1;
        shelf.most = shelf.most.max(shelf.now);
        shelf.received.push(Received {
            path: uri.path().to_owned(),
            headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        shelf.replies.get(uri.path()).cloned()
    };
    let answer = |status| StatusCode::from_u16(status).unwrap();
    let response = match reply {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(Reply::Status(status)) => (answer(status), "nobody keeps this").into_response(),
        Some(Reply::With(status, name, value)) => (answer(status), [(name, value)]).into_response(),
        Some(Reply::Slowly(time)) => {
            tokio::time::sleep(time).await;
            StatusCode::OK.into_response()
        }
        Some(Reply::Never) => std::future::pending().await,
    };
    shelf.lock().unwrap().now -= 1;
    response
}
