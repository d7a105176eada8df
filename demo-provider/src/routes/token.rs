//! `POST /{service}/token`: codes and refresh tokens become tokens (RFC 6749 sections 4.1.3 and 6), in the persona's manner.

use crate::{
    app::App,
    client,
    entropy::Fingerprint,
    grants::{GrantId, TokenPair},
    oauth_error::{OAuthError, unstored},
    params::Params,
    persona::{Persona, TokenManner},
    scope::Scope,
    service::Service,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde_json::{Value, json};
use std::sync::Arc;

const ONE_MEGABYTE: usize = 1024 * 1024;

/// Fresh tokens, ready to be handed over.
struct Issued {
    persona: Persona,
    scope: Scope,
    body: Value,
}

pub(super) async fn answer(
    State(app): State<Arc<App>>,
    service: Service,
    headers: HeaderMap,
    body: String,
) -> Result<Response, OAuthError> {
    app.grants().record(&service).token_requests += 1;
    let form = form(&headers, &body)?;
    client::authenticate(&headers, &form)?;
    let issued = match form.get("grant_type") {
        Some("authorization_code") => redeem(&app, &service, &form)?,
        Some("refresh_token") => refresh(&app, &service, &form)?,
        Some(_) => return Err(OAuthError::UnsupportedGrantType),
        None => return Err(OAuthError::InvalidRequest("grant_type is missing")),
    };
    tokio::time::sleep(issued.persona.delay(app.slow_delay)).await;
    Ok(issued.in_manner())
}

/// The form in the body, if it is one and names nothing twice.
pub(super) fn form(headers: &HeaderMap, body: &str) -> Result<Params, OAuthError> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    if !essence
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    {
        return Err(OAuthError::InvalidRequest(
            "the body must be application/x-www-form-urlencoded",
        ));
    }
    let form = Params::parse(body);
    if form.any_repeated() {
        return Err(OAuthError::InvalidRequest(
            "a parameter was given more than once",
        ));
    }
    Ok(form)
}

fn redeem(app: &App, service: &Service, form: &Params) -> Result<Issued, OAuthError> {
    let needed = |name, complaint| form.get(name).ok_or(OAuthError::InvalidRequest(complaint));
    let code = needed("code", "code is missing")?;
    let redirect_uri = needed("redirect_uri", "redirect_uri is missing")?;
    let verifier = needed("code_verifier", "code_verifier is missing")?;
    let grant = app.grants().redeem(
        service,
        Fingerprint::of(code),
        redirect_uri,
        verifier,
        app.now(),
    )?;
    issue(app, grant, None)
}

fn refresh(app: &App, service: &Service, form: &Params) -> Result<Issued, OAuthError> {
    let token = form
        .get("refresh_token")
        .ok_or(OAuthError::InvalidRequest("refresh_token is missing"))?;
    let scope = match form.get("scope") {
        Some(text) => Some(Scope::parse(text).ok_or(OAuthError::MalformedScope)?),
        None => None,
    };
    let now = app.now();
    let grant = app
        .grants()
        .refresh(service, Fingerprint::of(token), scope.as_ref(), now)?;
    issue(app, grant, scope)
}

fn issue(app: &App, grant: GrantId, scope: Option<Scope>) -> Result<Issued, OAuthError> {
    let (access, refresh, now) = (app.mint()?, app.mint()?, app.now());
    let pair = TokenPair {
        access: access.fingerprint(),
        refresh: refresh.fingerprint(),
        expires: now + app.access_token_lifetime,
        refresh_expires: app.refresh_token_idle.map(|idle| now + idle),
    };
    let grant = app.grants().issue(grant, pair, scope, now);
    let body = json!({
        "access_token": access.reveal(),
        "token_type": "Bearer",
        "expires_in": app.access_token_lifetime.as_secs(),
        "refresh_token": refresh.reveal(),
        "scope": grant.scope.to_string(),
    });
    Ok(Issued {
        persona: Persona::of(&grant.user),
        scope: grant.scope,
        body,
    })
}

impl Issued {
    fn in_manner(mut self) -> Response {
        let json = "application/json";
        match self.persona.token_manner() {
            TokenManner::Proper => unstored(StatusCode::OK, json, self.body.to_string()),
            TokenManner::ServerError => {
                let body = json!({ "error": "server_error", "error_description": "out of order" });
                unstored(StatusCode::INTERNAL_SERVER_ERROR, json, body.to_string())
            }
            TokenManner::Html => {
                let body = "<!DOCTYPE html><html lang=\"en\"><title>Maintenance</title><h1>We'll be right back</h1>";
                unstored(StatusCode::OK, "text/html; charset=utf-8", body.to_owned())
            }
            TokenManner::OddTypes => {
                self.body["expires_in"] = self.body["expires_in"].to_string().into();
                self.body["scope"] = self.scope.names().collect();
                unstored(StatusCode::OK, json, self.body.to_string())
            }
            TokenManner::ErrorWith200 => {
                let body = json!({ "error": "invalid_grant", "error_description": "said with status 200" });
                unstored(StatusCode::OK, json, body.to_string())
            }
            TokenManner::Huge => {
                self.body["padding"] = "x".repeat(ONE_MEGABYTE).into();
                unstored(StatusCode::OK, json, self.body.to_string())
            }
        }
    }
}
