//! The HTTP border: one file per route, each with its own refusals.

mod assets;
mod border;
mod callback;
mod connect;
mod health;
mod icons;
mod management;
mod pages;

pub use border::problem::Refusal;

use crate::app::SharedApp;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

/// The largest request body, in bytes. Nothing that is asked for comes near it.
pub const BODY_LIMIT: usize = 64 * 1024;

/// All routes, ready to be served.
pub fn router(app: SharedApp) -> Router {
    let routes = Router::new()
        .nest("/v1/connect", connect::router())
        .nest("/v1/connect", pages::router())
        .nest("/v1", management::router(app.clone()))
        .route(
            "/v1/callback/{workspace}/{service}",
            get(callback::callback),
        )
        .route(
            "/connect/{link}",
            get(pages::hosted::page).post(pages::hosted::open),
        )
        .route("/services/{file}", get(icons::icon))
        .route("/healthz", get(health::healthz))
        .route("/{file}", get(assets::asset).fallback(assets::other_method))
        .fallback(border::fallback::not_found)
        .method_not_allowed_fallback(border::fallback::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(border::fallback::panicked));
    bounded(routes)
        .layer(from_fn(border::headers::headers))
        .layer(from_fn_with_state(app.clone(), border::request::request))
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
    use super::bounded;
    use axum::Router;
    use axum::body::Body;
    use axum::extract::Request;
    use axum::routing::get;
    use tower::ServiceExt as _;

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
