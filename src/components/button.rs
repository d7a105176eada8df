//! Buttons.

use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-button", || {
    sheet!(
        r#"
        display: flex;
        align-items: center;
        justify-content: center;
        gap: var(--rh-2);
        inline-size: 100%;
        min-block-size: calc(var(--rh-u) * 12);
        padding: var(--rh-2) var(--rh-5);
        border-radius: var(--rh-radius);
        font-weight: 600;
        line-height: 1.3;
        cursor: pointer;
        transition: background-color var(--rh-quick), border-color var(--rh-quick), transform var(--rh-quick);

        &:active { transform: scale(0.985); }
        &.is-primary { background: var(--rh-primary); color: var(--rh-on-primary); box-shadow: inset 0 0 0 1px light-dark(transparent, rgb(255 255 255 / 0.14)); }
        &.is-primary:hover { background: var(--rh-primary-hover); }
        &.is-primary:active { background: var(--rh-primary-press); }
        &.is-secondary { border: 1px solid var(--rh-border); background: var(--rh-surface); }
        &.is-secondary:hover { background: var(--rh-hover); border-color: var(--rh-control); }
        &.is-secondary:active { background: var(--rh-press); }
        &.is-quiet { color: var(--rh-muted); font-weight: 500; min-block-size: calc(var(--rh-u) * 11); }
        &.is-quiet:hover { background: var(--rh-hover); color: var(--rh-text); }
        &[aria-disabled=true] { cursor: default; transform: none; }
        .rh-spin {
            inline-size: 18px;
            block-size: 18px;
            border: 2px solid currentcolor;
            border-inline-end-color: transparent;
            border-radius: 50%;
            animation: rh-turn 0.8s linear infinite;
        }
        @media (forced-colors: active) {
            & { border: 1px solid ButtonText; }
            &.is-primary { background: Highlight; border-color: Highlight; color: HighlightText; forced-color-adjust: none; }
            &.is-primary:focus-visible { outline-color: CanvasText; }
        }
        @keyframes rh-turn {
            to { transform: rotate(360deg); }
        }
        "#
    )
});

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do.
    Primary,
    /// Another way on.
    Secondary,
    /// A way out.
    Quiet,
}

impl ButtonKind {
    /// Class and part.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Primary => ("rh-button is-primary", "button button-primary"),
            Self::Secondary => ("rh-button is-secondary", "button button-secondary"),
            Self::Quiet => ("rh-button is-quiet", "button button-quiet"),
        }
    }
}

/// A button with words. Without `on_press` it submits the form it is in.
#[component]
pub fn Button(
    /// What it does, in words.
    label: String,
    /// How much it stands out.
    kind: ButtonKind,
    /// Is it at work? It keeps its place and name, and does nothing until it is done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Its accessible name, where the words alone don't tell it from its neighbours. It contains them.
    #[prop(optional, into)]
    name: Option<String>,
    /// What happens.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    // The second press of a double click was meant for what stood here before.
    let press = move |event: leptos::ev::MouseEvent| match on_press {
        _ if busy.get_untracked() || event.detail() > 1 => event.prevent_default(),
        Some(on_press) => on_press.run(()),
        None => {}
    };
    let (class, part) = kind.names();
    let state = move || if busy.get() { "true" } else { "false" };
    view! {
        <button
            type=if on_press.is_some() { "button" } else { "submit" }
            class=class
            part=part
            aria-label=name
            aria-disabled=state
            aria-busy=state
            on:click=press
        >
            <span class="rh-spin" hidden=move || !busy.get()></span>
            <span>{label}</span>
        </button>
    }
}
