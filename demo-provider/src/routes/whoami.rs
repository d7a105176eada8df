//! `GET /{service}/whoami`: what a working access token stands for.

use super::bearer::Bearer;
use crate::{client::CLIENT_ID, oauth_error::unstored};
use axum::{http::StatusCode, response::Response};
use serde_json::json;

pub(super) async fn show(caller: Bearer) -> Response {
    let body = json!({
        "service": caller.service.as_str(),
        "user": caller.grant.user,
        "clientId": CLIENT_ID,
        "scope": caller.grant.scope.to_string(),
        "grant": caller.name,
    });
    unstored(StatusCode::OK, "application/json", body.to_string())
}
