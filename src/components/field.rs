//! Fields of a form, with what is wrong with them.

use super::sheet::Rules;
use leptos::either::Either;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-field", || {
    sheet!(
        r#"
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--rh-1);
        text-align: start;

        label { font-weight: 600; }
        small { font-size: var(--rh-small); font-weight: 400; color: var(--rh-muted); }
        .rh-box { display: flex; align-items: stretch; border: 1px solid var(--rh-control); border-radius: var(--rh-radius); background: var(--rh-surface); transition: border-color var(--rh-quick); }
        .rh-box:hover { border-color: var(--rh-text); }
        .rh-box:has(:focus-visible) { outline: 2px solid var(--rh-ring); border-color: var(--rh-ring); }
        input, select { flex: 1; min-inline-size: 0; min-block-size: calc(var(--rh-u) * 12 - 2px); padding: var(--rh-1) var(--rh-3); outline: none; font-size: max(16px, var(--rh-body)); text-overflow: ellipsis; }
        select { padding-inline-end: 40px; cursor: pointer; }
        option { color: initial; }
        .rh-box.is-select { position: relative; }
        .rh-box.is-select::after { content: ""; position: absolute; inset-inline-end: 17px; inset-block-start: calc(50% - 7px); inline-size: 8px; block-size: 8px; border: solid var(--rh-muted); border-width: 0 2px 2px 0; transform: rotate(45deg); pointer-events: none; }
        .rh-suffix { display: flex; align-items: center; padding-inline-end: var(--rh-3); color: var(--rh-muted); white-space: nowrap; }
        .rh-wrong { font-size: var(--rh-small); color: var(--rh-danger); }
        .rh-box:has([aria-invalid=true]) { border-color: var(--rh-danger); }
        "#
    )
});

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line of text.
    Line,
    /// One line that is not shown.
    Hidden,
    /// One of these.
    Select(Vec<Choice>),
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// The same in words.
    pub label: String,
}

/// A field with its label, its example and what is wrong with it.
#[component]
pub fn TextField(
    /// Its name in the form, also the root of its ids.
    name: String,
    /// Its label.
    label: String,
    /// "optional", where it is.
    optional: Option<String>,
    /// How it is filled in.
    control: Control,
    /// What it starts with.
    value: String,
    /// A regular expression that the browser checks.
    pattern: Option<String>,
    /// What stands after it and is not part of it.
    suffix: Option<String>,
    /// What helps to fill it in.
    hint: Option<String>,
    /// What is wrong with it, in words.
    wrong: RwSignal<String>,
) -> impl IntoView {
    let id = format!("rh-field-{name}");
    let (hint_id, wrong_id) = (format!("{id}-hint"), format!("{id}-wrong"));
    let (has_hint, has_suffix) = (hint.is_some(), suffix.is_some());
    let required = optional.is_none();
    // Both are there all the time; what is empty is not read out.
    let described = if has_hint {
        [&*wrong_id, " ", &hint_id].concat()
    } else {
        wrong_id.clone()
    };
    let invalid = move || wrong.with(|wrong| if wrong.is_empty() { "false" } else { "true" });
    let is_select = matches!(control, Control::Select(_));
    let input = match control {
        Control::Select(choices) => {
            let options = choices.into_iter().map(|choice| {
                let selected = choice.value == value;
                view! { <option value=choice.value selected=selected>{choice.label}</option> }
            });
            let options = options.collect_view();
            Either::Left(view! {
                <select id=id.clone() name=name required=required aria-invalid=invalid aria-describedby=described>
                    {options}
                </select>
            })
        }
        Control::Line | Control::Hidden => Either::Right(view! {
            <input
                id=id.clone()
                name=name
                type=if control == Control::Hidden { "password" } else { "text" }
                value=value
                required=required
                pattern=pattern
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid=invalid
                aria-describedby=described
            />
        }),
    };
    view! {
        <div class="rh-field" part="field">
            <label for=id>{label}" "<small>{optional}</small></label>
            // What has a suffix is written from left to right in every language, as addresses are.
            <span class=if is_select { "rh-box is-select" } else { "rh-box" } dir=has_suffix.then_some("ltr")>
                {input}
                <span class="rh-suffix" hidden=!has_suffix>{suffix}</span>
            </span>
            <small id=hint_id hidden=!has_hint>{hint}</small>
            <span id=wrong_id class="rh-wrong" role="alert">{move || wrong.get()}</span>
        </div>
    }
}
