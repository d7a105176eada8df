//! Facts to read before deciding, and the seal that shows how it went.

use super::icon::{Icon, Picture};
use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const FACT: Rules = ("rh-fact", || {
    sheet!(
        r#"
        display: flex;
        gap: var(--rh-3);
        text-align: start;

        .rh-glyph {
            flex: none;
            inline-size: calc(var(--rh-u) * 9);
            block-size: calc(var(--rh-u) * 9);
            padding: calc(var(--rh-u) * 2);
            border-radius: 50%;
            background: var(--rh-hover);
            stroke-width: 1.9;
        }
        strong { display: block; font-weight: 600; }
        span { color: var(--rh-muted); }
        "#
    )
});

pub(super) const SEAL: Rules = ("rh-seal", || {
    sheet!(
        r#"
        inline-size: calc(var(--rh-u) * 18);
        block-size: calc(var(--rh-u) * 18);
        margin-inline: auto;
        border-radius: 50%;
        display: grid;
        place-items: center;
        background: var(--rh-hover);
        color: var(--rh-muted);

        .rh-glyph { inline-size: 50%; block-size: 50%; }
        &.is-good { background: var(--rh-success-tint); color: var(--rh-success); animation: rh-pop var(--rh-calm); }
        &.is-good path { stroke-width: 2.4; stroke-dasharray: 24; animation: rh-draw var(--rh-calm) 160ms backwards; }
        &.is-warning { background: var(--rh-warning-tint); color: var(--rh-warning); }
        &.is-bad { background: var(--rh-danger-tint); color: var(--rh-danger); }
        @keyframes rh-pop {
            from { opacity: 0; transform: scale(0.8); }
        }
        @keyframes rh-draw {
            from { stroke-dashoffset: 24; }
        }
        @media (forced-colors: active) {
            & { border: 2px solid CanvasText; }
        }
        "#
    )
});

/// A short fact: a few words, and a sentence.
#[component]
pub fn Fact(
    /// Its icon.
    picture: Picture,
    /// A few words.
    title: String,
    /// A sentence.
    text: String,
) -> impl IntoView {
    view! {
        <li class="rh-fact" part="fact">
            <Icon picture />
            <div>
                <strong>{title}</strong>
                <span>{text}</span>
            </div>
        </li>
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealKind {
    /// Well. The check is drawn as one watches.
    Good,
    /// Not, and nobody is to blame.
    Neutral,
    /// Something is to be looked at.
    Warning,
    /// Not.
    Bad,
}

/// A large round sign. Decoration: the heading below it says the same.
#[component]
pub fn Seal(
    /// How it went.
    kind: SealKind,
    /// Its icon.
    picture: Picture,
) -> impl IntoView {
    let class = match kind {
        SealKind::Good => "rh-seal is-good",
        SealKind::Neutral => "rh-seal",
        SealKind::Warning => "rh-seal is-warning",
        SealKind::Bad => "rh-seal is-bad",
    };
    view! { <div class=class part="seal" aria-hidden="true"><Icon picture /></div> }
}
