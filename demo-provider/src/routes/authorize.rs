//! `GET /{service}/authorize`: the authorization request comes in; `/{visit}` shows the page that is due.

use crate::{
    app::App,
    entropy::{EntropyError, Fingerprint},
    login_cookie,
    pages::{self, Notice, Setting},
    params::Params,
    persona::Persona,
    request::{AuthorizationRequest, Stopped},
    service::Service,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use std::sync::Arc;

/// The visit's part of a path.
#[derive(Deserialize)]
pub(super) struct VisitPath {
    /// The visit's id.
    pub(super) visit: String,
}

/// Begins a visit, or says why not.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    service: Service,
    RawQuery(query): RawQuery,
    cookies: CookieJar,
) -> Response {
    let request = match AuthorizationRequest::read(&Params::parse(&query.unwrap_or_default())) {
        Ok(request) => request,
        Err(Stopped::Here(problem)) => {
            let setting = Setting::of(&app, &service).await;
            return pages::notice(
                StatusCode::BAD_REQUEST,
                Some(&setting),
                Notice::Unsafe(problem),
            );
        }
        Err(Stopped::Back(way_back, refused)) => {
            return found(&way_back.with_error(refused, &app.issuer(&service)));
        }
    };
    let id = match app.mint() {
        Ok(id) => id,
        Err(error) => return trouble(&app, &service, error).await,
    };
    app.grants().record(&service).authorization_requests += 1;
    app.visits().begin(
        id.fingerprint(),
        service.clone(),
        request.clone(),
        app.now(),
    );
    let user = login_cookie::user(&app, &service, &cookies);
    due_page(&app, &service, id.reveal(), user.as_deref(), &request).await
}

/// Shows the page that is due in a visit: the consent page once somebody is signed in.
pub(super) async fn resume(
    State(app): State<Arc<App>>,
    service: Service,
    Path(VisitPath { visit }): Path<VisitPath>,
    RawQuery(query): RawQuery,
    cookies: CookieJar,
) -> Response {
    let Some(request) = app
        .visits()
        .asking(Fingerprint::of(&visit), &service, app.now())
    else {
        return over(&app, &service).await;
    };
    let switches = Params::parse(&query.unwrap_or_default())
        .get("switch")
        .is_some();
    let user = login_cookie::user(&app, &service, &cookies).filter(|_| !switches);
    due_page(&app, &service, &visit, user.as_deref(), &request).await
}

async fn due_page(
    app: &App,
    service: &Service,
    visit: &str,
    user: Option<&str>,
    request: &AuthorizationRequest,
) -> Response {
    let setting = Setting::of(app, service)
        .await
        .returning_to(request.way_back.origin());
    match user {
        Some(user) => {
            let setting = setting.isolated(Persona::of(user).isolates_window());
            pages::consent(&setting, visit, user, request)
        }
        None => pages::login(&setting, visit, None),
    }
}

/// The page for visits that are gone.
pub(super) async fn over(app: &App, service: &Service) -> Response {
    let setting = Setting::of(app, service).await;
    pages::notice(StatusCode::GONE, Some(&setting), Notice::VisitOver)
}

/// The page for the day there is no randomness.
pub(super) async fn trouble(app: &App, service: &Service, error: EntropyError) -> Response {
    tracing::error!(%service, %error, "a page could not be shown");
    let setting = Setting::of(app, service).await;
    pages::notice(
        StatusCode::INTERNAL_SERVER_ERROR,
        Some(&setting),
        Notice::Trouble,
    )
}

/// 302, the redirect RFC 6749 shows.
pub(super) fn found(location: &str) -> Response {
    let headers = [
        (header::LOCATION, location),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (StatusCode::FOUND, headers).into_response()
}
