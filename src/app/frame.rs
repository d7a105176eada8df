//! What stays around the steps: the header with its progress, the footer, and what is said aloud.

use super::{Model, State};
use crate::components::{Brand, Footer, Header, Notice, Picture, Tone, Way};
use crate::flow::{Link, Message, Stage, Step, Window, progress};
use crate::steps::{Scene, picker_title, progress_steps, title};
use crate::text::{Key, trouble_keys};
use leptos::prelude::*;
use railhead_protocol::{Environment, ServiceCard};
use std::sync::Arc;

/// Where a step stands.
pub(super) fn scene(
    state: &State,
    dispatch: Callback<Message>,
    base: &Arc<str>,
    focus: bool,
) -> Scene {
    let widget = state.session.as_ref().map(|session| &session.widget);
    let own = state.settings.logo.clone();
    let company = Brand {
        name: widget
            .map(|widget| widget.company_name.clone())
            .unwrap_or_default(),
        logo: own.or_else(|| widget?.logo.clone()),
        color: None,
        full_bleed: true,
    };
    Scene {
        text: Arc::clone(&state.settings.text),
        company,
        base: Arc::clone(base),
        focus,
        dispatch,
    }
}

/// The header.
pub(super) fn top(scene: &Scene, state: &State, modal: bool) -> impl IntoView + use<> {
    let widget = state.session.as_ref().map(|session| &session.widget);
    // Inline there is nothing to close, unless the company says where that leads.
    let leads = state.settings.close_url.is_some()
        || widget.is_some_and(|widget| widget.close_url.is_some());
    let back = Way {
        label: scene.say(Key::Back),
        open: leads_back(state),
        on_take: scene.on(Message::Back),
    };
    let close = Way {
        label: scene.say(Key::Close),
        open: modal || leads,
        on_take: scene.on(Message::Close),
    };
    view! {
        <Header
            progress_label=scene.say(Key::Progress)
            steps=progress_steps(&scene.text, &progress(&state.step, &state.journey))
            back
            close
        />
    }
}

/// A note while the browser is offline, in steps that don't say so themselves.
pub(super) fn offline(scene: &Scene, model: Model) -> impl IntoView + use<> {
    let shown = Signal::derive(move || model.with(is_cut_off));
    let (title, text) = (scene.say(Key::OfflineTitle), scene.say(Key::OfflineWait));
    view! {
        <div class="rh-offline">
            <Notice tone=Tone::Warning picture=Picture::Again title text shown />
        </div>
    }
}

fn is_cut_off(state: &State) -> bool {
    state.offline && state.step.link() == Link::Live && !matches!(state.step, Step::LoadFailed(_))
}

/// Is there a step to go back to? Where something is under way or decided, the step has words of its own for that.
fn leads_back(state: &State) -> bool {
    use Stage::{Consent, Details, Disconnect, Picker, Summary};
    matches!(
        state.step.stage(),
        Picker | Details | Disconnect | Consent | Summary
    ) && state.journey.depth(&state.step) > Some(0)
}

/// The footer.
pub(super) fn bottom(scene: &Scene, state: &State) -> impl IntoView + use<> {
    let session = state.session.as_deref();
    let sandbox = session.is_some_and(|session| session.widget.environment == Environment::Sandbox);
    let badge = sandbox.then(|| scene.say(Key::Sandbox));
    let links = state.settings.links(session);
    view! { <Footer secured=scene.say(Key::Secured) badge links /> }
}

/// What the live region says: the step, or what has changed within it: how many services were `found`, or which has
/// been disconnected (`ended`).
pub(super) fn announcement(
    scene: &Scene,
    state: &State,
    found: Option<usize>,
    ended: Option<&ServiceCard>,
) -> String {
    if is_cut_off(state) {
        return scene.say(Key::OfflineTitle);
    }
    let (service, code) = match &state.step {
        Step::Consent(consent) => (Some(&consent.attempt.service), None),
        Step::Waiting(waiting) if state.step.stage() == Stage::OwnTab => {
            (Some(&waiting.attempt.service), None)
        }
        Step::Failure(failure) => (Some(&failure.attempt.service), Some(failure.trouble.code)),
        Step::LoadFailed(trouble) => (None, Some(trouble.code)),
        Step::Success(success) => {
            let account = success.connection.account.as_ref();
            let name = account.map_or(&success.service.display_name, |account| &account.name);
            return scene.text.fill(Key::SuccessTitle, &[("account", name)]);
        }
        Step::Details(details) => {
            if let Some(trouble) = &details.trouble {
                return scene.about(trouble_keys(trouble.code).1, &details.service);
            }
            (Some(&details.service), None)
        }
        Step::Summary(_) if !state.journey.stops().iter().any(|stop| stop.connected) => {
            return scene.say(Key::SummaryNone);
        }
        Step::Picker => {
            return match (found, ended) {
                (Some(0), _) => scene.say(Key::PickerNone),
                (Some(found), _) => scene.counted(found),
                (None, Some(ended)) => scene.about(Key::EndDone, ended),
                (None, None) => scene.say(picker_title(state.journey.stop().kind)),
            };
        }
        step if step.link() == Link::Reconnecting => return scene.say(Key::Reconnecting),
        step if matches!(step.window(), Window::Closed | Window::Gone) => {
            return scene.say(Key::WaitingClosed);
        }
        Step::Waiting(waiting) if waiting.long => return scene.say(Key::WaitingHelp),
        _ => (None, None),
    };
    title(scene, state.step.stage(), service.map(AsRef::as_ref), code)
}
