//! The page at the root: what this server is, for whoever opens its address by hand.

use super::page;
use crate::persona::Persona;
use axum::{http::StatusCode, response::Response};
use maud::html;

/// The page.
pub(crate) fn index() -> Response {
    let content = html! {
        h1 { "An OAuth 2.0 provider for demos and tests" }
        p { "Railhead Connect sends people here to sign in and allow access, as a real service would. Any password works; the user name decides what happens." }
        dl class="legend" {
            @for persona in Persona::ALL {
                div { dt { (persona.user_name()) } dd { (persona.summary()) } }
            }
        }
        p class="quiet" { "Request counts: " a href="-/records" { "records" } "." }
    };
    page(StatusCode::OK, None, "Welcome", &content)
}
