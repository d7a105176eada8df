//! The search box.

use super::icon::{Icon, Picture};
use super::sheet::Rules;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use stylist::ast::sheet;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

pub(super) const RULES: Rules = ("rh-search", || {
    sheet!(
        r#"
        position: relative;
        display: block;

        input {
            inline-size: 100%;
            min-block-size: calc(var(--rh-u) * 12);
            padding-block: var(--rh-1);
            padding-inline: 44px;
            border: 1px solid var(--rh-control);
            border-radius: var(--rh-radius);
            background: var(--rh-surface);
            font-size: max(16px, var(--rh-body));
            transition: border-color var(--rh-quick);
        }
        input::placeholder { color: var(--rh-muted); opacity: 1; }
        input:hover { border-color: var(--rh-text); }
        input:focus-visible { outline-offset: 0; outline-color: var(--rh-ring); border-color: var(--rh-ring); }
        .rh-glyph { inline-size: 20px; block-size: 20px; }
        .rh-search-icon { position: absolute; inset-inline-start: 14px; inset-block-start: calc(50% - 10px); color: var(--rh-muted); pointer-events: none; }
        .rh-clear {
            position: absolute;
            inset-inline-end: 4px;
            inset-block: 0;
            margin-block: auto;
            display: grid;
            place-items: center;
            inline-size: calc(var(--rh-u) * 10);
            block-size: calc(var(--rh-u) * 10);
            border-radius: 50%;
            color: var(--rh-muted);
            cursor: pointer;
        }
        .rh-clear:hover { color: var(--rh-text); background: var(--rh-hover); }
        .rh-clear:focus-visible { outline-offset: -4px; }
        .rh-clear .rh-glyph { inline-size: 16px; block-size: 16px; }
        "#
    )
});

/// A search box that filters as one types. Escape clears it first, and only then closes the widget.
#[component]
pub fn Search(
    /// Its name.
    label: String,
    /// What stands in it while it is empty.
    hint: String,
    /// The name of the button that empties it.
    clear_label: String,
    /// What was typed.
    query: RwSignal<String>,
    /// The box on the page.
    input: NodeRef<html::Input>,
) -> impl IntoView {
    let empty = move |input: HtmlInputElement| {
        input.set_value("");
        query.set(String::new());
        // The button goes, so the focus has to go somewhere: to the box that it stands in.
        let _ = input.focus();
    };
    let keys = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !query.with_untracked(String::is_empty) {
            event.prevent_default();
            event.stop_propagation();
            empty(event_target(&event));
        }
    };
    let clear = move |event: MouseEvent| {
        let button = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let input = button.and_then(|button| button.previous_element_sibling());
        if let Some(input) = input {
            empty(input.unchecked_into());
        }
    };
    view! {
        <div class="rh-search" part="search">
            <span class="rh-search-icon" aria-hidden="true">
                <Icon picture=Picture::Search />
            </span>
            <input
                node_ref=input
                // Safari's own kind of search field keeps Escape for itself, and the dialog would stay open.
                type="text"
                role="searchbox"
                aria-label=label
                placeholder=hint
                autocomplete="off"
                autocapitalize="off"
                maxlength="80"
                spellcheck="false"
                enterkeyhint="search"
                value=query.get_untracked()
                on:input=move |event| query.set(event_target_value(&event))
                on:keydown=keys
            />
            <button
                type="button"
                class="rh-clear"
                aria-label=clear_label
                hidden=move || query.with(String::is_empty)
                on:click=clear
            >
                <Icon picture=Picture::Close />
            </button>
        </div>
    }
}
