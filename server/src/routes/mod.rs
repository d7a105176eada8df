//! The HTTP border: one file per route, each with its own refusals.

mod assets;
mod border;
mod callback;
mod connect;
mod health;
mod icons;
mod management;
pub(crate) mod metrics;
mod openapi;
mod pages;
mod reference;

pub use border::problem::Refusal;
pub use openapi::document;

use crate::app::SharedApp;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest request body, in bytes. Nothing that is asked for comes near it.
pub const BODY_LIMIT: usize = 64 * 1024;

/// All routes. What the OpenAPI document tells of is added by `routes!`; `route` is for files of pages and the widget.
fn routes() -> OpenApiRouter<SharedApp> {
    OpenApiRouter::default()
        .nest("/v1", management::router())
        .nest("/v1/connect", connect::router())
        .nest("/v1/connect", pages::router())
        .routes(routes!(callback::callback))
        .routes(routes!(icons::icon))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
        .routes(routes!(openapi::read))
        .routes(routes!(reference::page))
        .route("/docs/reference.css", get(reference::style))
        .routes(routes!(pages::hosted::page, pages::hosted::open))
        .route("/{file}", get(assets::asset).fallback(assets::other_method))
}

/// All routes, ready to be served.
pub fn router(app: SharedApp) -> Router {
    let routes = Router::from(routes())
        .fallback(border::fallback::not_found)
        .method_not_allowed_fallback(border::fallback::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(border::fallback::panicked));
    bounded(routes)
        .layer(from_fn(openapi::truth::kept))
        .layer(from_fn_with_state(app.clone(), border::headers::headers))
        .layer(border::smaller::layer())
        .layer(from_fn_with_state(app.clone(), border::request::request))
        .layer(Extension(app.clone()))
        .with_state(app)
}

/// Bounded in time. Pages may read the refusal: CORS stands outside of whatever refuses.
fn bounded<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .layer(from_fn(border::deadline::deadline))
        .layer(from_fn(border::cors::cors))
}

#[cfg(test)]
mod tests {
    use super::{bounded, document, routes};
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::routing::get;
    use std::collections::BTreeSet;
    use tower::ServiceExt as _;

    /// Files of pages and of the widget: served, and nobody's API.
    const FILES: [&str; 9] = [
        "/v1/connect/start.js",
        "/v1/connect/done.js",
        "/v1/connect/hosted.js",
        "/v1/connect/hosted.css",
        "/v1/connect/frame.css",
        "/v1/connect/pages.css",
        "/v1/connect/icon.svg",
        "/docs/reference.css",
        "/{file}",
    ];

    #[test]
    fn every_route_is_in_the_document_but_files() {
        // Routers tell their routes in no other way than this; `/` and a private name are the fallback's.
        let shown = format!("{:?}", Router::from(routes()));
        let quoted = shown.split('"').filter(|text| text.starts_with('/'));
        let served: BTreeSet<&str> = quoted
            .filter(|path| *path != "/" && !path.contains("__private"))
            .collect();
        let told = document().api.paths.paths.keys().map(String::as_str);
        let told: BTreeSet<&str> = told.chain(FILES).collect();
        assert_eq!(served, told);
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_can_read_that_the_server_took_too_long() {
        let slow = get(async || std::future::pending::<()>().await);
        let routes = bounded(Router::new().route("/v1/connect/slow", slow));
        let request = Request::get("/v1/connect/slow").header("origin", "http://lender.test");
        let request = request.body(Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        assert_eq!(response.status(), 503);
        let readable = &response.headers()["access-control-allow-origin"];
        assert_eq!(readable, "http://lender.test");
    }
}
