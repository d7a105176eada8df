//! The consent page: who asks for what, and the two answers.

use super::{Setting, page};
use crate::{brand::Brand, client::CLIENT_NAME, persona::Persona, request::AuthorizationRequest};
use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

/// The page. `visit` is the id of the visit that is answered here.
pub(crate) fn consent(
    setting: &Setting,
    visit: &str,
    user: &str,
    request: &AuthorizationRequest,
) -> Response {
    let name = &setting.brand.display_name;
    let persona = Persona::of(user);
    let visit_path = format!("{}/authorize/{visit}", setting.path);
    let content = html! {
        div class="identity" {
            p { "Signed in as " strong { (user) } }
            a href={ (visit_path) "?switch=1" } { "Use another user" }
        }
        (marks(&setting.brand))
        @if persona.may_approve() {
            h1 { "Allow " (CLIENT_NAME) " to access " (name) "?" }
            (facts(persona))
        } @else {
            h1 { "You can't allow " (CLIENT_NAME) " to access " (name) }
            p class="note warning" {
                "Your role at " (organisations(persona)) " does not include connecting other software. "
                "Ask an administrator or owner to do it."
            }
        }
        details class="scopes" {
            summary { "Permissions by name" }
            ul { @for scope in request.scope.names() { li { code { (scope) } } } }
        }
        form method="post" action={ (visit_path) "/decision" } class="answers" {
            button type="submit" name="decision" value="deny" class="secondary" { "Deny" }
            @if persona.may_approve() {
                button type="submit" name="decision" value="allow" class="primary" { "Allow" }
            }
        }
        p class="quiet" { "Then you return to " span class="origin" { (request.way_back.origin()) } "." }
    };
    page(StatusCode::OK, Some(setting), "Allow access", &content)
}

/// The two marks joined by a line: decoration, the heading says the same.
fn marks(brand: &Brand) -> Markup {
    html! {
        div class="marks" aria-hidden="true" {
            span class="mark client" { (CLIENT_NAME.chars().take(1).collect::<String>()) }
            span class="line" {}
            span class="mark service" { (brand.monogram()) }
        }
    }
}

fn facts(persona: Persona) -> Markup {
    html! {
        ul class="facts" {
            li { (tick()) span { "It sees your organisations: " strong { (organisations(persona)) } } }
            li { (tick()) span { "It reads their data until you withdraw access" } }
            li { (tick()) span { "It never sees your password" } }
        }
    }
}

fn organisations(persona: Persona) -> String {
    let names: Vec<_> = persona
        .organisations()
        .iter()
        .map(|organisation| organisation.name)
        .collect();
    if names.is_empty() {
        "none yet".to_owned()
    } else {
        names.join(", ")
    }
}

fn tick() -> Markup {
    html! {
        svg aria-hidden="true" viewBox="0 0 20 20" width="20" height="20" {
            circle cx="10" cy="10" r="10" {}
            path d="m5.8 10.4 2.8 2.8 5.6-6" fill="none" stroke-width="1.8" stroke-linecap="round"
                stroke-linejoin="round" {}
        }
    }
}
