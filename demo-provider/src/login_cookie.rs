//! The cookie that keeps somebody signed in at one service, and the check that a form came from our own page.

use crate::{
    app::App,
    entropy::{Fingerprint, Secret},
    service::Service,
};
use axum::http::HeaderMap;
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};

/// Cookies are shared by all ports of a host, so the name says whose it is.
const NAME: &str = "demo_provider_login";

/// Who is signed in.
pub(crate) fn user(app: &App, service: &Service, cookies: &CookieJar) -> Option<String> {
    let cookie = cookies.get(NAME)?;
    app.visits()
        .user(Fingerprint::of(cookie.value()), service, app.now())
}

/// The cookie for a new login. It lasts as long as the browser runs.
pub(crate) fn make(app: &App, service: &Service, login: &Secret) -> Cookie<'static> {
    Cookie::build((NAME, login.reveal().to_owned()))
        .path(app.path(service))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_https())
        .build()
}

/// Whether a form was sent by a page of another origin. `SameSite` lets other ports of the host through.
pub(crate) fn is_foreign_form(headers: &HeaderMap) -> bool {
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

#[cfg(test)]
mod tests {
    use super::is_foreign_form;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    #[test]
    fn refuses_forms_from_other_ports_of_the_same_host() {
        let sent = |site| {
            is_foreign_form(&HeaderMap::from_iter([(
                HeaderName::from_static("sec-fetch-site"),
                HeaderValue::from_static(site),
            )]))
        };
        assert!(sent("same-site") && sent("cross-site"));
        assert!(!sent("same-origin") && !is_foreign_form(&HeaderMap::new()));
    }
}
