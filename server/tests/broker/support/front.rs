//! Stands before the demo provider and passes everything on, but answers token refreshes as it is told.

use super::http;
use super::process::free_port;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, header};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// How a refresh is answered.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    /// With this status, `Retry-After` and JSON.
    Error(u16, Option<u32>, &'static str),
    /// The provider rotates the tokens, but its answer never arrives.
    Lost,
}

/// The front.
pub(crate) struct Front(Arc<Inner>);

struct Inner {
    provider: String,
    script: Mutex<VecDeque<Say>>,
    refreshes: AtomicUsize,
    lost: AtomicUsize,
}

impl Front {
    /// Starts it; the provider has to be started with these settings.
    pub(crate) async fn start() -> (Self, demo_provider::Config) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let behind = format!("127.0.0.1:{}", free_port());
        let inner = Arc::new(Inner {
            provider: format!("http://{behind}"),
            script: Mutex::default(),
            refreshes: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
        });
        let router = Router::new().fallback(answer).with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let config = demo_provider::Config {
            listen: behind.parse().unwrap(),
            public_url: Some(address),
            ..demo_provider::Config::default()
        };
        (Self(inner), config)
    }

    /// Answers the next refreshes like this, one each; those after it as the provider does.
    pub(crate) fn say(&self, script: impl IntoIterator<Item = Say>) {
        self.0.script.lock().unwrap().extend(script);
    }

    /// How often a refresh was asked for.
    pub(crate) fn refreshes(&self) -> usize {
        self.0.refreshes.load(Ordering::SeqCst)
    }

    /// How many answers of the provider did not arrive.
    pub(crate) fn lost(&self) -> usize {
        self.0.lost.load(Ordering::SeqCst)
    }
}

async fn answer(State(front): State<Arc<Inner>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 100_000).await.unwrap();
    let is_refresh = parts.uri.path().ends_with("/token")
        && std::str::from_utf8(&body)
            .unwrap()
            .contains("grant_type=refresh_token");
    let path = parts.uri.path_and_query().unwrap().as_str();
    let url = format!("{}{path}", front.provider);
    let pass_on = async |headers: HeaderMap, body: Bytes| {
        let request = http().request(parts.method.clone(), url.clone());
        let answer = request.headers(without_hop(headers)).body(body);
        let answer = answer.send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut passed = Response::new(Body::from(answer.bytes().await.unwrap()));
        *passed.status_mut() = status;
        *passed.headers_mut() = without_hop(headers);
        passed
    };
    if !is_refresh {
        return pass_on(parts.headers, body).await;
    }
    front.refreshes.fetch_add(1, Ordering::SeqCst);
    let said = front.script.lock().unwrap().pop_front();
    match said {
        None => pass_on(parts.headers, body).await,
        Some(Say::Lost) => {
            drop(pass_on(parts.headers, body).await);
            front.lost.fetch_add(1, Ordering::SeqCst);
            std::future::pending().await
        }
        Some(Say::Error(status, retry_after, json)) => {
            let mut answer = Response::new(Body::from(json));
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            let headers = answer.headers_mut();
            headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
            if let Some(seconds) = retry_after {
                headers.insert(header::RETRY_AFTER, seconds.into());
            }
            answer
        }
    }
}

/// Headers without those that concern one connection only.
fn without_hop(mut headers: HeaderMap) -> HeaderMap {
    for name in [
        header::HOST,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
    ] {
        headers.remove(name);
    }
    headers
}
