//! The sign-in page: user name, any password, and the personas one click away.

use super::{Setting, page};
use crate::{client::CLIENT_NAME, persona::Persona};
use axum::{http::StatusCode, response::Response};
use maud::{Markup, html};

/// What was wrong with a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LoginProblem {
    #[error("Enter a user name. Any will do.")]
    NoName,
    #[error("Enter a shorter user name: up to 64 characters.")]
    LongName,
}

/// The page. `visit` is the id of the visit the sign-in belongs to.
pub(crate) fn login(setting: &Setting, visit: &str, problem: Option<LoginProblem>) -> Response {
    let name = &setting.brand.display_name;
    let action = format!("{}/authorize/{visit}/login", setting.path);
    let content = html! {
        p class="note" {
            strong { "Demo provider: any password works." }
            " Don't use one of your real ones."
        }
        h1 { "Sign in to " (name) }
        p class="lead" { "to continue to " (CLIENT_NAME) }
        form method="post" action=(action) class="fields" {
            label for="user" { "User name" }
            input id="user" name="user" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"
                required autofocus aria-invalid=[problem.map(|_| "true")]
                aria-describedby=[problem.map(|_| "problem")];
            @if let Some(problem) = problem {
                p id="problem" class="problem" role="alert" { (problem) }
            }
            label for="password" { "Password" }
            input id="password" name="password" type="password" autocomplete="off" required;
            button type="submit" class="primary" { "Sign in" }
        }
        (personas(&action))
    };
    let status = if problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page(status, Some(setting), "Sign in", &content)
}

/// A list of buttons, each of which signs in at once.
fn personas(action: &str) -> Markup {
    html! {
        details class="personas" {
            summary { "Sign in as a persona" }
            p { "The user name decides what happens next. Any other name behaves like alice." }
            form method="post" action=(action) {
                ul {
                    @for persona in Persona::ALL {
                        li {
                            button type="submit" name="user" value=(persona.user_name()) {
                                strong { (persona.user_name()) }
                                " "
                                span { (persona.summary()) }
                            }
                        }
                    }
                }
            }
        }
    }
}
