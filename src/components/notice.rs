//! A note beside what the person is doing.

use super::icon::{Icon, Picture};
use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-notice", || {
    sheet!(
        r#"
        display: flex;
        gap: var(--rh-3);
        padding: var(--rh-3) var(--rh-4);
        border-radius: var(--rh-radius);
        background: var(--rh-hover);
        text-align: start;
        animation: rh-appear var(--rh-calm);

        .rh-glyph {
            flex: none;
            inline-size: 20px;
            block-size: 20px;
            margin-block-start: 1px;
            color: var(--rh-muted);
        }
        strong { display: block; font-weight: 600; }
        p { color: var(--rh-muted); }
        &.is-warning { background: var(--rh-warning-tint); }
        &.is-warning .rh-glyph { color: var(--rh-warning); }
        &.is-warning p { color: var(--rh-text); }
        @media (forced-colors: active) {
            & { border: 1px solid CanvasText; }
        }
        @keyframes rh-appear {
            from { opacity: 0; transform: translateY(4px); }
        }
        "#
    )
});

/// How loud a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Quiet,
    /// Look here.
    Warning,
}

/// A note: an icon, a few words, and perhaps a sentence.
#[component]
pub fn Notice(
    /// How loud it is.
    tone: Tone,
    /// Its icon.
    picture: Picture,
    /// A few words.
    title: String,
    /// A sentence.
    text: String,
    /// Is there reason to show it?
    shown: Signal<bool>,
) -> impl IntoView {
    let class = if tone == Tone::Warning {
        "rh-notice is-warning"
    } else {
        "rh-notice"
    };
    view! {
        <div class=class part="notice" hidden=move || !shown.get()>
            <Icon picture />
            <div>
                <strong>{title}</strong>
                <p>{text}</p>
            </div>
        </div>
    }
}
