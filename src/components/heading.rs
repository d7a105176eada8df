//! The heading of a step, which takes the focus when the step appears.

use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub(super) const RULES: Rules = ("rh-title", || {
    sheet!(
        r#"
        font-size: var(--rh-title);
        font-weight: 600;
        line-height: 1.25;
        letter-spacing: -0.012em;
        text-wrap: balance;
        overflow-wrap: anywhere;
        "#
    )
});

/// The heading of a step.
#[component]
pub fn Heading(
    /// What it says.
    text: String,
    /// Does it take the focus, so that the step is read out? Inline, the first one must not take it from the host page.
    focus: bool,
) -> impl IntoView {
    view! { <h2 class="rh-title" part="title" tabindex="-1" autofocus=focus use:arrive=focus>{text}</h2> }
}

/// Runs while the heading is built, and acts once it stands on the page.
fn arrive(heading: Element, focus: bool) {
    if focus {
        queue_microtask(move || {
            // A heading that has gone already can't be focused, and need not be.
            let _ = heading.unchecked_into::<HtmlElement>().focus();
        });
    }
}
