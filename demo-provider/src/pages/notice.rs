//! Pages that only say something: what went wrong, and what to do next.

use super::{Setting, page};
use crate::request::UnsafeRequest;
use axum::{http::StatusCode, response::Response};
use maud::html;

/// What there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Nothing is at this address.
    NoSuchPage,
    /// The visit is over, too old, or was answered already.
    VisitOver,
    /// The form came from somewhere else.
    ForeignForm,
    /// The authorization request can't be trusted with a redirect.
    Unsafe(UnsafeRequest),
    /// The provider itself has a problem.
    Trouble,
}

impl Notice {
    const fn heading(self) -> &'static str {
        match self {
            Self::NoSuchPage => "There is no page here",
            Self::VisitOver => "This sign-in is over",
            Self::ForeignForm => "This form came from another site",
            Self::Unsafe(_) => "This request can't go on",
            Self::Trouble => "This page isn't available now",
        }
    }

    const fn advice(self) -> &'static str {
        match self {
            Self::NoSuchPage => "Check the address, or go back to where you came from.",
            Self::VisitOver => {
                "It was answered already, or it took too long. Go back to where you came from and start again."
            }
            Self::ForeignForm => {
                "Nothing was allowed. Go back to where you came from and start again."
            }
            Self::Unsafe(_) => {
                "The software that sent you here asked in a way that isn't safe to answer. Nothing was allowed. Tell its makers what it says below."
            }
            Self::Trouble => "Nothing was allowed. Try again in a moment.",
        }
    }
}

/// The page.
pub(crate) fn notice(status: StatusCode, setting: Option<&Setting>, notice: Notice) -> Response {
    let content = html! {
        h1 { (notice.heading()) }
        p { (notice.advice()) }
        @if let Notice::Unsafe(problem) = notice {
            p class="note warning" { (problem) }
        }
    };
    page(status, setting, notice.heading(), &content)
}
