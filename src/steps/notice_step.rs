//! The layout of the steps that say one thing and offer a way on: a sign, a heading, a sentence or two, buttons.

use super::stage::Scene;
use crate::components::{Button, ButtonKind, Heading, Picture, Seal, SealKind};
use leptos::prelude::*;

/// What is said.
pub(super) struct Saying {
    /// How it went, and the icon for it.
    pub(super) sign: (SealKind, Picture),
    /// The heading.
    pub(super) title: String,
    /// The sentence.
    pub(super) text: String,
    /// Another one, if there is more to say.
    pub(super) more: String,
}

/// A way on: how much it stands out, what it says, what happens.
pub(super) type Action = (ButtonKind, String, Callback<()>);

/// A step that says one thing.
#[component]
pub(super) fn NoticeStep(
    /// Where it stands.
    scene: Scene,
    /// What is said.
    saying: Saying,
    /// The ways on, the best first.
    actions: Vec<Action>,
    /// Is the first of them at work?
    #[prop(optional)]
    busy: Signal<bool>,
) -> impl IntoView {
    let (kind, picture) = saying.sign;
    let actions = actions.into_iter().map(|(kind, label, on_press)| {
        let busy = Signal::derive(move || kind == ButtonKind::Primary && busy.get());
        view! { <Button kind label on_press busy /> }
    });
    view! {
        <div class="rh-step">
            <div class="rh-body is-centered">
                <div class="rh-push">
                    <Seal kind picture />
                    <div class="rh-intro">
                        <Heading text=saying.title focus=scene.focus />
                        <p class="rh-lead">{saying.text}</p>
                        <p class="rh-lead">{saying.more}</p>
                    </div>
                </div>
            </div>
            <div class="rh-actions">{actions.collect_view()}</div>
        </div>
    }
}
