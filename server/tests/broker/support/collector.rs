//! An OTLP collector that keeps the bytes it gets.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use std::sync::{Arc, Mutex};

type Kept = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// The collector.
pub(crate) struct Collector {
    pub(crate) url: String,
    kept: Kept,
}

impl Collector {
    /// Starts one on a free port.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let kept = Kept::default();
        let keep = async |State(kept): State<Kept>, headers: HeaderMap, body: Bytes| {
            kept.lock().unwrap().push((headers, body));
        };
        let router = Router::new()
            .route("/v1/traces", post(keep))
            .with_state(kept.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, kept }
    }

    /// All bodies, one after the other.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let kept = self.kept.lock().unwrap();
        kept.iter().flat_map(|(_, body)| body.to_vec()).collect()
    }

    /// All bodies, where they are text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// The header `name` of what came first.
    pub(crate) fn header(&self, name: &str) -> String {
        let kept = self.kept.lock().unwrap();
        kept[0].0[name].to_str().unwrap().to_owned()
    }
}
