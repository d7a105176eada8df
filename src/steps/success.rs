//! Connected: what, until when, and how to go on.

use super::stage::Scene;
use crate::components::{
    Button, ButtonKind, Heading, Mark, MarkSize, Picture, Rules, Seal, SealKind,
};
use crate::flow::{Message, Success};
use crate::text::Key;
use leptos::prelude::*;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-card", || {
    sheet!(
        r#"
        display: flex;
        align-items: center;
        gap: var(--rh-3);
        padding: var(--rh-3);
        border: 1px solid var(--rh-border);
        border-radius: var(--rh-radius);
        background: var(--rh-surface);
        text-align: start;

        div { min-inline-size: 0; overflow-wrap: anywhere; }
        strong { display: block; font-weight: 600; }
        div > span { color: var(--rh-muted); }
        &.is-tall { flex-wrap: wrap; }
        &.is-tall > div { flex: 1 0 60%; }
        .rh-button { flex: 1 0 40%; }
        "#
    )
});

/// What comes after a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    End,
    /// A page of the company.
    Page,
    /// The next stop of the way, or its summary.
    Stop,
}

/// The success step.
#[component]
pub fn SuccessStep(
    /// Where it stands.
    scene: Scene,
    /// What was connected.
    success: Success,
    /// Until when, in the person's language.
    until: String,
    /// What comes next.
    next: Next,
    /// Is the server being asked?
    busy: Signal<bool>,
) -> impl IntoView {
    let service = success.service;
    let account = success
        .connection
        .account
        .map_or_else(|| service.display_name.clone(), |account| account.name);
    let title = scene.text.fill(Key::SuccessTitle, &[("account", &account)]);
    let until = scene.text.fill(Key::SuccessUntil, &[("date", &until)]);
    let (label, message) = match next {
        Next::End => (Key::SuccessDone, Message::Done),
        Next::Page => (Key::SuccessContinue, Message::Done),
        Next::Stop => (Key::SuccessContinue, Message::Next),
    };
    let go_on = scene.on(message);
    let another = scene.on(Message::ChooseAnother);
    view! {
        <div class="rh-step">
            <div class="rh-body is-centered">
                <div class="rh-push">
                    <Seal kind=SealKind::Good picture=Picture::Check />
                    <div class="rh-intro">
                        <Heading text=title focus=scene.focus />
                        <p class="rh-lead">{scene.about(Key::SuccessText, &service)}</p>
                    </div>
                    <div class="rh-card" part="card">
                        <Mark brand=scene.brand(&service) size=MarkSize::Tile />
                        <div>
                            <strong>{service.display_name.clone()}</strong>
                            <span>{until}</span>
                        </div>
                    </div>
                </div>
            </div>
            <div class="rh-actions">
                <Button kind=ButtonKind::Primary label=scene.say(label) busy on_press=go_on />
                <Button kind=ButtonKind::Quiet label=scene.say(Key::SuccessAnother) on_press=another />
            </div>
        </div>
    }
}
