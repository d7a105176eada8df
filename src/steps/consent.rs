//! Who asks for what, where it is decided, and who may decide it.

use super::fields::{Entry, field_list, read_fields};
use super::stage::{Scene, what_is_read};
use crate::components::{Button, ButtonKind, Fact, Heading, Icon, Pair, PairState, Picture};
use crate::flow::{Consent, Message};
use crate::text::Key;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use railhead_protocol::{AuthorizationKind, ServiceCard};

/// The consent step. Its form sends [`Message::Submit`] within the click, so that a window may be opened.
#[component]
pub fn ConsentStep(
    /// Where it stands.
    scene: Scene,
    /// What is asked; a refused field is shown at once.
    consent: Consent,
    /// Is the server being asked?
    busy: Signal<bool>,
) -> impl IntoView {
    let service = consent.attempt.service;
    let elsewhere = service.authorization == AuthorizationKind::Popup;
    let entries = Entry::all(&service.fields, consent.refusal.as_ref());
    let (fields, text, dispatch) = (entries.clone(), scene.text.clone(), scene.dispatch);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if let Some(values) = read_fields(&event, &fields, &text) {
            dispatch.run(Message::Submit(values));
        }
    };
    let label = if elsewhere {
        Key::ConsentContinue
    } else {
        Key::ConsentConnect
    };
    let facts = if elsewhere {
        facts(&scene, &service)
    } else {
        trial(&scene)
    };
    let facts = facts
        .into_iter()
        .map(|(picture, title, text)| view! { <Fact picture title text /> });
    view! {
        <form class="rh-step" novalidate on:submit=submit>
            <div class="rh-body is-centered">
                <Pair from=scene.company.clone() to=scene.brand(&service) state=PairState::Safe />
                <div class="rh-intro">
                    <Heading text=scene.about(Key::ConsentTitle, &service) focus=scene.focus />
                    <p class="rh-lead">{scene.about(Key::ConsentLead, &service)}</p>
                </div>
                {field_list(&scene.text, &entries, &consent.attempt.fields)}
                <ul class="rh-facts" role="list">{facts.collect_view()}</ul>
            </div>
            <div class="rh-actions">
                <p class="rh-role" hidden=!elsewhere><Icon picture=Picture::Person />{scene.about(Key::ConsentRole, &service)}</p>
                <Button kind=ButtonKind::Primary label=scene.about(label, &service) busy />
            </div>
        </form>
    }
}

fn facts(scene: &Scene, service: &ServiceCard) -> Vec<(Picture, String, String)> {
    let about = |key| scene.about(key, service);
    vec![
        (
            Picture::Document,
            about(Key::ConsentRead),
            about(what_is_read(service.kind)),
        ),
        (
            Picture::Key,
            about(Key::ConsentSignIn),
            about(Key::ConsentSignInText),
        ),
        (
            Picture::Shield,
            about(Key::ConsentRevoke),
            about(Key::ConsentRevokeText),
        ),
    ]
}

fn trial(scene: &Scene) -> Vec<(Picture, String, String)> {
    vec![(
        Picture::Flask,
        scene.say(Key::ConsentTrial),
        scene.tell(Key::ConsentTrialText),
    )]
}
