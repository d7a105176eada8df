//! The person is in the other window; this one says so, and helps if that takes long.

use super::stage::Scene;
use crate::components::{Button, ButtonKind, Heading, Notice, Pair, PairState, Picture, Tone};
use crate::flow::Message;
use crate::text::Key;
use leptos::prelude::*;
use railhead_protocol::ServiceCard;
use std::sync::Arc;

/// The waiting step.
#[component]
pub fn WaitingStep(
    /// Where it stands.
    scene: Scene,
    /// The service the person is at.
    service: Arc<ServiceCard>,
    /// Does the other window read as closed?
    closed: Signal<bool>,
    /// Has the server stopped answering for now?
    reconnecting: Signal<bool>,
    /// Has it been long enough to offer help?
    long: Signal<bool>,
) -> impl IntoView {
    let causes = [
        Key::WaitingHelpBehind,
        Key::WaitingHelpCode,
        Key::WaitingHelpRole,
    ];
    let causes = causes
        .map(|key| view! { <li>{scene.say(key)}</li> })
        .collect_view();
    view! {
        <div class="rh-step">
            <div class="rh-body is-centered">
                <div class="rh-push">
                    <Pair from=scene.company.clone() to=scene.brand(&service) state=PairState::Moving />
                    <div class="rh-intro">
                        <Heading text=scene.say(Key::WaitingTitle) focus=scene.focus />
                        <p class="rh-lead">{scene.about(Key::WaitingText, &service)}</p>
                    </div>
                    <Notice
                        tone=Tone::Warning
                        picture=Picture::Window
                        title=scene.say(Key::WaitingClosed)
                        text=scene.about(Key::WaitingClosedText, &service)
                        shown=closed
                    />
                    {reconnecting_note(&scene, reconnecting)}
                    <div class="rh-help" hidden=move || !long.get()>
                        <strong>{scene.say(Key::WaitingHelp)}</strong>
                        <ul>{causes}</ul>
                    </div>
                </div>
            </div>
            <div class="rh-actions">
                <Button
                    kind=ButtonKind::Secondary
                    label=scene.say(Key::WaitingAgain)
                    on_press=scene.on(Message::OpenAgain)
                />
                <Button kind=ButtonKind::Quiet label=scene.say(Key::Cancel) on_press=scene.on(Message::Cancel) />
            </div>
        </div>
    }
}

/// A quiet note while the server does not answer.
pub(super) fn reconnecting_note(scene: &Scene, shown: Signal<bool>) -> impl IntoView + use<> {
    let (title, text) = (
        scene.say(Key::Reconnecting),
        scene.say(Key::ReconnectingText),
    );
    view! { <Notice tone=Tone::Quiet picture=Picture::Again title text shown /> }
}
