//! The person is at the service, in the other window or with this tab; the widget says so, and helps if that takes long.

use super::stage::Scene;
use crate::components::{Button, ButtonKind, Heading, Notice, Pair, PairState, Picture, Tone};
use crate::flow::{Message, Window};
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
    /// What is known of the other window.
    window: Signal<Window>,
    /// May the widget's own tab go there?
    may_leave: bool,
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
    let is = move |known: &'static [Window]| Signal::derive(move || known.contains(&window.get()));
    let closed = is(&[Window::Closed, Window::Gone]);
    let away = is(&[Window::Unknown]);
    let lost = is(&[Window::Closed, Window::Gone, Window::Unknown]);
    let tab = may_leave.then(|| {
        let (label, on_press) = (scene.say(Key::WaitingTab), scene.on(Message::LeaveTab));
        view! {
            <div hidden=move || !lost.get()>
                <Button kind=ButtonKind::Secondary label on_press />
            </div>
        }
    });
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
                    <Notice
                        tone=Tone::Quiet
                        picture=Picture::Window
                        title=scene.say(Key::WaitingAway)
                        text=scene.say(Key::WaitingAwayText)
                        shown=away
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
                {tab}
                <Button kind=ButtonKind::Quiet label=scene.say(Key::Cancel) on_press=scene.on(Message::Cancel) />
            </div>
        </div>
    }
}

/// The step while there is no other window: this tab is on its way to the service, or has come back.
#[component]
pub fn OwnTabStep(
    /// Where it stands.
    scene: Scene,
    /// The service.
    service: Arc<ServiceCard>,
    /// Has the tab come back?
    returned: bool,
    /// Has the server stopped answering for now?
    reconnecting: Signal<bool>,
) -> impl IntoView {
    let (title, text) = if returned {
        (Key::ReturnedTitle, Key::ReturnedText)
    } else {
        (Key::LeavingTitle, Key::LeavingText)
    };
    view! {
        <div class="rh-step">
            <div class="rh-body is-centered">
                <div class="rh-push">
                    <Pair from=scene.company.clone() to=scene.brand(&service) state=PairState::Moving />
                    <div class="rh-intro">
                        <Heading text=scene.about(title, &service) focus=scene.focus />
                        <p class="rh-lead">{scene.about(text, &service)}</p>
                    </div>
                    {reconnecting_note(&scene, reconnecting)}
                </div>
            </div>
            <div class="rh-actions">
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
