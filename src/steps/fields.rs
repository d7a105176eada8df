//! The service's own fields inside the consent step: drawn from its card, checked by the browser's own rules, and what
//! is wrong said in our words.

use crate::components::{Choice, Control, TextField};
use crate::flow::FieldRefusal;
use crate::text::{Key, Text};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use railhead_protocol::{Field, FieldKind};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement};

/// A field, with what is wrong with it: nothing, while that is empty.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    field: Field,
    wrong: RwSignal<String>,
}

impl Entry {
    /// All fields of a service, one of which the server may have refused.
    pub(super) fn all(fields: &[Field], refusal: Option<&FieldRefusal>) -> Vec<Self> {
        let entry = |field: &Field| {
            let refusal = refusal.filter(|refusal| refusal.field == field.name);
            let wrong = refusal
                .map(|refusal| refusal.message.clone())
                .unwrap_or_default();
            Self {
                field: field.clone(),
                wrong: RwSignal::new(wrong),
            }
        };
        fields.iter().map(entry).collect()
    }
}

/// The fields of a service, with what was entered before.
pub(super) fn field_list(
    text: &Text,
    entries: &[Entry],
    entered: &BTreeMap<String, String>,
) -> impl IntoView + use<> {
    entries
        .iter()
        .map(|Entry { field, wrong }| {
            let hint = field.example.as_deref();
            let hint = hint.map(|example| text.fill(Key::FieldExample, &[("example", example)]));
            let choices = field.options.iter().map(|option| Choice {
                value: option.value.clone(),
                label: option.label.clone(),
            });
            let control = match field.kind {
                FieldKind::Text => Control::Line,
                FieldKind::Password => Control::Hidden,
                FieldKind::Select => Control::Select(choices.collect()),
            };
            view! {
                <TextField
                    name=field.name.clone()
                    label=field.label.clone()
                    optional=(!field.required).then(|| text.get(Key::FieldOptional))
                    control
                    value=entered.get(&field.name).cloned().unwrap_or_default()
                    pattern=field.pattern.clone()
                    suffix=field.suffix.clone()
                    hint
                    wrong=*wrong
                />
            }
        })
        .collect_view()
}

/// The values of a submitted form; or nothing, then each field says what is wrong and the first such takes the focus.
pub(super) fn read_fields(
    event: &SubmitEvent,
    entries: &[Entry],
    text: &Text,
) -> Option<BTreeMap<String, String>> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let mut values = BTreeMap::new();
    let mut first_wrong = None;
    for Entry { field, wrong } in entries {
        // A select has `value` and `validity` just as an input has.
        let input: HtmlInputElement = form.get_with_name(&field.name)?.unchecked_into();
        let complaint = complaint(field, &input, text);
        if !complaint.is_empty() && first_wrong.is_none() {
            first_wrong = Some(input.clone());
        }
        wrong.set(complaint);
        values.insert(field.name.clone(), input.value());
    }
    match first_wrong {
        None => Some(values),
        Some(input) => {
            // What can't be focused is still marked.
            let _ = input.unchecked_ref::<HtmlElement>().focus();
            None
        }
    }
}

/// What is wrong with a field; empty when nothing is.
fn complaint(field: &Field, input: &HtmlInputElement, text: &Text) -> String {
    let validity = input.validity();
    let label = ("label", field.label.as_str());
    if field.required && input.value().trim().is_empty() {
        return text.fill(Key::FieldMissing, &[label]);
    }
    if !validity.pattern_mismatch() {
        return String::new();
    }
    match &field.example {
        Some(example) => text.fill(Key::FieldPatternExample, &[label, ("example", example)]),
        None => text.fill(Key::FieldPattern, &[label]),
    }
}
