//! `POST /{service}/authorize/{visit}/decision`: Allow or Deny, then back to the client.

use super::authorize::{VisitPath, found, over, trouble};
use crate::{
    app::App,
    entropy::Fingerprint,
    login_cookie,
    pages::{self, Notice, Setting},
    params::Params,
    persona::Persona,
    request::RefusedRequest,
    service::Service,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use std::sync::Arc;

pub(super) async fn decide(
    State(app): State<Arc<App>>,
    service: Service,
    Path(VisitPath { visit }): Path<VisitPath>,
    headers: HeaderMap,
    cookies: CookieJar,
    body: String,
) -> Response {
    if login_cookie::is_foreign_form(&headers) {
        let setting = Setting::of(&app, &service).await;
        return pages::notice(StatusCode::FORBIDDEN, Some(&setting), Notice::ForeignForm);
    }
    let Some(user) = login_cookie::user(&app, &service, &cookies) else {
        // Signed out in between: the visit shows its sign-in page.
        return Redirect::to(&format!("{}/authorize/{visit}", app.path(&service))).into_response();
    };
    let code = match app.mint() {
        Ok(code) => code,
        Err(error) => return trouble(&app, &service, error).await,
    };
    let persona = Persona::of(&user);
    let allows = Params::parse(&body).get("decision") == Some("allow") && persona.may_approve();
    let (issuer, now) = (app.issuer(&service), app.now());
    let location = app
        .visits()
        .answer(Fingerprint::of(&visit), &service, now, |request| {
            if !allows {
                return request
                    .way_back
                    .with_error(RefusedRequest::Declined, &issuer);
            }
            let expires = now + app.code_lifetime;
            app.grants()
                .allow(service.clone(), user, request, code.fingerprint(), expires);
            request.way_back.with_code(code.reveal(), &issuer)
        });
    let Some(location) = location else {
        return over(&app, &service).await;
    };
    let mut response = found(&location);
    if persona.isolates_window() {
        pages::isolate(&mut response);
    }
    response
}
