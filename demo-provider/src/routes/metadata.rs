//! `GET /{service}/.well-known/oauth-authorization-server`, and where RFC 8414 puts it for issuers with a path.

use crate::{app::App, service::Service};
use axum::{Json, extract::State};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn show(State(app): State<Arc<App>>, service: Service) -> Json<Value> {
    let issuer = app.issuer(&service);
    let methods = ["client_secret_basic", "client_secret_post"];
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint": format!("{issuer}/revoke"),
        "revocation_endpoint_auth_methods_supported": methods,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}
