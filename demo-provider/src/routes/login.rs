//! `POST /{service}/authorize/{visit}/login`: somebody signs in; any password will do.

use super::authorize::{VisitPath, over, trouble};
use crate::{
    app::App,
    entropy::Fingerprint,
    login_cookie,
    pages::{self, LoginProblem, Notice, Setting},
    params::Params,
    persona::Persona,
    service::Service,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use std::sync::Arc;

const LONGEST_NAME: usize = 64;

pub(super) async fn log_in(
    State(app): State<Arc<App>>,
    service: Service,
    Path(VisitPath { visit }): Path<VisitPath>,
    headers: HeaderMap,
    cookies: CookieJar,
    body: String,
) -> Response {
    let setting = Setting::of(&app, &service).await;
    if login_cookie::is_foreign_form(&headers) {
        return pages::notice(StatusCode::FORBIDDEN, Some(&setting), Notice::ForeignForm);
    }
    let Some(request) = app
        .visits()
        .asking(Fingerprint::of(&visit), &service, app.now())
    else {
        return over(&app, &service).await;
    };
    let user = match user_name(&Params::parse(&body)) {
        Ok(user) => user,
        Err(problem) => {
            let setting = setting.returning_to(request.way_back.origin());
            return pages::login(&setting, &visit, Some(problem));
        }
    };
    let login = match app.mint() {
        Ok(login) => login,
        Err(error) => return trouble(&app, &service, error).await,
    };
    let isolates = Persona::of(&user).isolates_window();
    app.visits()
        .log_in(login.fingerprint(), service.clone(), user, app.now());
    let cookies = cookies.add(login_cookie::make(&app, &service, &login));
    let next = format!("{}/authorize/{visit}", app.path(&service));
    let mut response = (cookies, Redirect::to(&next)).into_response();
    if isolates {
        pages::isolate(&mut response);
    }
    response
}

fn user_name(form: &Params) -> Result<String, LoginProblem> {
    let name = form.get("user").unwrap_or_default().trim();
    if name.is_empty() {
        Err(LoginProblem::NoName)
    } else if name.chars().count() > LONGEST_NAME {
        Err(LoginProblem::LongName)
    } else {
        Ok(name.to_owned())
    }
}
