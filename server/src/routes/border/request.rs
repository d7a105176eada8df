//! Gives each request an id, a client's address, its one log line and its span, measures it, and turns refusals into
//! problem documents.

use super::client;
use super::problem::Refusal;
use crate::app::{App, SharedApp};
use crate::limits::ClientAddress;
use crate::listener::Peer;
use crate::log::chain;
use crate::{entropy, measure, trace};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONNECTION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Duration;
use tokio::time::Instant;
use tracing::{Instrument as _, Span, error_span};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(in crate::routes) async fn request(
    State(app): State<SharedApp>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = entropy::id(app.entropy.as_ref(), "req_");
    let method = common(request.method());
    let parent = identify(&app, &mut request);
    // The pattern and never the address: a callback's address holds the code.
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("unmatched", MatchedPath::as_str).to_owned();
    let span = if is_probe(&route) {
        Span::none()
    } else {
        trace::request(method, &route, &id, parent.as_ref())
    };
    let started = Instant::now();
    // So that lines on the way can be found by the request's id too, at any level.
    let answered = next.run(request).instrument(error_span!("request", id));
    let mut response = answered.instrument(span.clone()).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    trace::answered(&span, status);
    measure::request(method, &route, status, took);
    let refusal = response.extensions().get::<Refusal>().cloned();
    log(&id, method, &route, status, took, refusal.as_ref());
    if let Some(refusal) = refusal {
        refusal.fill(&mut response, &id);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if app.draining.is_cancelled() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

/// Is it asked every few seconds, by machines? Such requests would hide the others.
fn is_probe(route: &str) -> bool {
    matches!(route, "/healthz" | "/readyz" | "/metrics")
}

/// The method, unless it is one that a client made up.
fn common(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// Tells routes the client's address. Answers the headers that may name a trace, where a trusted proxy wrote them.
fn identify(app: &App, request: &mut Request) -> Option<HeaderMap> {
    let Peer(peer) = *request.extensions().get::<Peer>()?;
    let trusted = &app.config.trusted_proxies;
    let header = app.config.proxy_header;
    let address = client::address(peer, request.headers(), trusted, header);
    request.extensions_mut().insert(ClientAddress::of(address));
    let traced = trusted.contains(peer) && app.config.telemetry.otlp_endpoint.is_some();
    traced.then(|| request.headers().clone())
}

fn log(
    id: &str,
    method: &str,
    route: &str,
    status: u16,
    took: Duration,
    refusal: Option<&Refusal>,
) {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let cause = refusal.and_then(|refusal| refusal.cause().map(|cause| chain(cause)));
    match refusal.map(Refusal::code) {
        Some(code) if status >= 500 => {
            let cause = cause.unwrap_or_default();
            tracing::error!(request_id = %id, %method, route, status, ms, %code, cause, "failed");
        }
        Some(code) => {
            tracing::info!(request_id = %id, %method, route, status, ms, %code, cause, "refused");
        }
        None if is_probe(route) => {
            tracing::debug!(request_id = %id, %method, route, status, ms, "answered");
        }
        None => tracing::info!(request_id = %id, %method, route, status, ms, "answered"),
    }
}
