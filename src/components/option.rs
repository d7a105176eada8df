//! One of several things to choose from.

use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

// WebKit takes an arrow's choice for a press of the mouse: the focus would be there, and not `:focus-visible`.
pub(super) const RULES: Rules = ("rh-option", || {
    sheet!(
        r#"
        display: flex;
        align-items: center;
        gap: var(--rh-3);
        min-block-size: calc(var(--rh-u) * 14);
        padding: var(--rh-3) var(--rh-4);
        border: 1px solid var(--rh-border);
        border-radius: var(--rh-radius);
        background: var(--rh-surface);
        font-weight: 500;
        overflow-wrap: anywhere;
        cursor: pointer;
        transition: background-color var(--rh-quick), border-color var(--rh-quick);

        &:hover { background: var(--rh-hover); border-color: var(--rh-control); }
        &:has(:checked) { background: var(--rh-tint); border-color: var(--rh-ring); box-shadow: inset 0 0 0 1px var(--rh-ring); }
        &:has(:focus) { outline: 2px solid var(--rh-ring); outline-offset: 2px; }
        input {
            flex: none;
            display: grid;
            place-items: center;
            inline-size: 20px;
            block-size: 20px;
            border: 2px solid var(--rh-control);
            border-radius: 50%;
            outline: none;
            cursor: pointer;
        }
        input:checked { border-color: var(--rh-ring); }
        input:checked::before { content: ""; inline-size: 10px; block-size: 10px; border-radius: 50%; background: var(--rh-ring); }
        @media (forced-colors: active) {
            input { appearance: auto; }
            &:has(:checked) { outline: 2px solid Highlight; }
        }
        "#
    )
});

/// A radio button with its label as one large target.
#[component]
pub fn RadioOption(
    /// The group's name.
    group: &'static str,
    /// What it stands for.
    value: String,
    /// The same in words.
    label: String,
    /// The id of what says that nothing was chosen, when it does.
    described_by: &'static str,
    /// The value of the chosen one.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let choose = value.clone();
    view! {
        <label class="rh-option" part="option">
            <input
                type="radio"
                name=group
                value=value
                aria-describedby=described_by
                on:change=move |_| chosen.set(choose.clone())
            />
            <span>{label}</span>
        </label>
    }
}
