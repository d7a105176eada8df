//! `GET /-/records`: what was asked how often, for tests.

use crate::{app::App, records::Records};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use std::sync::Arc;

pub(super) async fn show(State(app): State<Arc<App>>) -> impl IntoResponse + use<> {
    let records: Records = app.grants().records();
    ([(header::CACHE_CONTROL, "no-store")], Json(records))
}
