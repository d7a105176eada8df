//! The service has several accounts; the person chooses one.

use super::stage::Scene;
use super::waiting::reconnecting_note;
use crate::components::{Button, ButtonKind, Heading, RadioOption};
use crate::flow::{AccountChoice, Message};
use crate::text::Key;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

const WRONG: &str = "rh-choice-wrong";

/// The account choice.
#[component]
pub fn AccountChoiceStep(
    /// Where it stands.
    scene: Scene,
    /// What there is to choose from.
    choice: AccountChoice,
    /// Is the server being asked?
    busy: Signal<bool>,
    /// Has the server stopped answering for now?
    reconnecting: Signal<bool>,
) -> impl IntoView {
    let service = choice.attempt.service;
    let chosen = RwSignal::new(String::new());
    let asked = RwSignal::new(false);
    let dispatch = scene.dispatch;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let account_id = chosen.get_untracked();
        if account_id.is_empty() {
            asked.set(true);
        } else if !busy.get_untracked() {
            dispatch.run(Message::Choose(account_id));
        }
    };
    let options = choice.accounts.into_iter().map(|account| {
        let (value, label) = (account.account_id, account.name);
        view! { <RadioOption group="account" value label described_by=WRONG chosen /> }
    });
    let words = scene.say(Key::ChoiceMissing);
    let missing = move || asked.get() && chosen.with(String::is_empty);
    let complaint = move || {
        if missing() {
            words.clone()
        } else {
            String::new()
        }
    };
    let cancel = scene.on(Message::Cancel);
    let title = scene.say(Key::ChoiceTitle);
    view! {
        <form class="rh-step" novalidate on:submit=submit>
            <div class="rh-body">
                <div class="rh-intro">
                    <Heading text=title.clone() focus=scene.focus />
                    <p class="rh-lead">{scene.about(Key::ChoiceText, &service)}</p>
                </div>
                <div class="rh-options" role="radiogroup" aria-label=title>{options.collect_view()}</div>
                <span class="rh-wrong" id=WRONG role="alert">{complaint}</span>
                {reconnecting_note(&scene, reconnecting)}
            </div>
            <div class="rh-actions">
                <Button kind=ButtonKind::Primary label=scene.say(Key::ChoiceConnect) busy />
                <Button kind=ButtonKind::Quiet label=scene.say(Key::Cancel) on_press=cancel />
            </div>
        </form>
    }
}
