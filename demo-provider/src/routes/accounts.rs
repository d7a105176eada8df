//! `GET /{service}/accounts`: the organisations the token opens.

use super::bearer::Bearer;
use crate::{oauth_error::unstored, persona::Persona};
use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

pub(super) async fn list(caller: Bearer) -> Response {
    let organisations = Persona::of(&caller.grant.user).organisations().iter();
    let accounts: Vec<Value> = organisations
        .map(|one| json!({ "id": one.id, "name": one.name }))
        .collect();
    unstored(
        StatusCode::OK,
        "application/json",
        json!({ "accounts": accounts }).to_string(),
    )
}
