//! Answers that are worth it go compressed, to whoever takes that.
//!
//! An attacker who can choose a part of an answer may guess a secret in it from its compressed length (BREACH, CVE-2013-3587).
//! So nothing is compressed but what says so: files, documents, and the session answer. Who may choose a part of that one has
//! sent its token along, or gets a token that no other answer has.

use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate as _, SizeAbove};

/// Below this, compression gains nothing, in bytes.
const LEAST: u64 = 512;

/// An answer that may be compressed.
#[derive(Clone, Copy, Debug)]
pub(in crate::routes) struct Smaller<R>(pub(in crate::routes) R);

#[derive(Clone, Copy, Debug)]
struct Mark;

impl<R: IntoResponse> IntoResponse for Smaller<R> {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        response.extensions_mut().insert(Mark);
        response
    }
}

type Condition = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Brotli or gzip, as the request's `Accept-Encoding` has it.
pub(in crate::routes) fn layer() -> CompressionLayer<And<SizeAbove, Condition>> {
    let says_so: Condition =
        |status, _, _, extensions| status.is_success() && extensions.get::<Mark>().is_some();
    CompressionLayer::new()
        .quality(CompressionLevel::Precise(5))
        .compress_when(SizeAbove::new(LEAST).and(says_so))
}

#[cfg(test)]
mod tests {
    use super::{Smaller, layer};
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING};
    use axum::routing::get;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn only_what_says_so_is_compressed_and_only_where_that_gains() {
        let long = "a long answer. ".repeat(200);
        let secret = long.clone();
        let routes = Router::new()
            .route("/said", get(async || Smaller(long)))
            .route("/short", get(async || Smaller("short")))
            .route("/secret", get(async || secret))
            .layer(layer());
        let ask = async |path: &str, accepted: &str| {
            let request = Request::get(path).header(ACCEPT_ENCODING, accepted);
            let request = request.body(Body::empty()).unwrap();
            let response = routes.clone().oneshot(request).await.unwrap();
            let coding = response.headers().get(CONTENT_ENCODING).cloned();
            let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let coding = coding.map(|coding| coding.to_str().unwrap().to_owned());
            (coding, bytes.len())
        };
        for coding in ["br", "gzip"] {
            let (chosen, length) = ask("/said", coding).await;
            assert_eq!(chosen.as_deref(), Some(coding));
            assert!(length < 200, "{length} bytes");
        }
        assert_eq!(ask("/said", "identity").await, (None, 3_000));
        assert_eq!(ask("/short", "br, gzip").await, (None, 5));
        assert_eq!(ask("/secret", "br, gzip").await, (None, 3_000));
    }
}
