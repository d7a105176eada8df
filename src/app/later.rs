//! What showing the first step does not need. In the release build it is a part of the WebAssembly of its own, which is asked
//! for once that step stands; everywhere else the widget is in one piece.

use super::complaints::complaints;
use super::fresh::unpainted;
use super::memory::clear_address;
use super::{Driver, Model, State};
use crate::flow::{Link, Message, Step, Window};
use crate::steps::{
    AccountChoiceStep, BlockedStep, ConsentStep, DetailsStep, DisconnectStep, FailureStep,
    FarewellStep, Next, OwnTabStep, Scene, SuccessStep, SummaryStep, WaitingStep,
};
use crate::text::{Sentences, Words, bring, later_sentences};
use leptos::either::EitherOf11 as Of;
use leptos::prelude::*;
use web_sys::Window as Page;

/// What the later part brings, once it is there: the entrances to its code.
#[derive(Clone, Copy, Debug)]
pub struct Later {
    view: fn(Model, State, Scene) -> AnyView,
    take: fn(&Driver, State, Message),
    go_on: fn(&Driver, String),
    arrive: fn(&Page),
    complain: fn(&str, &Words) -> Vec<String>,
    sentences: fn() -> Sentences,
}

/// The later part could not be loaded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Missing;

/// The code that the linker's output is split at: what is reached from here alone becomes the later part.
#[cfg(feature = "split")]
mod part {
    use super::{Later, Missing};

    impl From<wasm_split_helpers::SplitLoaderError> for Missing {
        fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
            Self
        }
    }

    #[wasm_split_helpers::wasm_split(later, fallible)]
    pub(super) fn bring() -> Result<Later, Missing> {
        Ok(super::everything())
    }
}

fn everything() -> Later {
    Later {
        view,
        take: Driver::take,
        go_on: Driver::look_back_for,
        arrive: clear_address,
        complain: complaints,
        sentences: later_sentences,
    }
}

impl Later {
    /// What is there without asking for it.
    #[cfg_attr(
        not(feature = "split"),
        expect(
            clippy::unnecessary_wraps,
            reason = "where the widget is split there is nothing yet"
        )
    )]
    pub(super) fn at_once() -> Option<Self> {
        #[cfg(feature = "split")]
        return None;
        #[cfg(not(feature = "split"))]
        Some(everything())
    }

    /// Asks for it.
    #[expect(
        clippy::unused_async,
        reason = "there is something to wait for only where the widget is split"
    )]
    pub(super) async fn load() -> Result<Self, Missing> {
        #[cfg(feature = "split")]
        let later = part::bring().await?;
        #[cfg(not(feature = "split"))]
        let later = everything();
        bring((later.sentences)());
        Ok(later)
    }

    /// Takes in something that happened, whatever it is.
    pub(super) fn take(self, driver: &Driver, state: State, message: Message) {
        (self.take)(driver, state, message);
    }

    /// Goes on where an earlier life of this visit was, with the widget of this id.
    pub(super) fn go_on(self, driver: &Driver, widget_id: String) {
        (self.go_on)(driver, widget_id);
    }

    /// What a service sent back to this `page` does not stay in its address, whoever it is for.
    pub(super) fn arrive(self, page: &Page) {
        (self.arrive)(page);
    }

    /// What is wrong with a company's own sentences, which are given in this `place`.
    pub fn complain(self, place: &str, words: &Words) -> Vec<String> {
        (self.complain)(place, words)
    }

    /// The view of a step that comes later.
    pub(super) fn view(self, model: Model, state: State, scene: Scene) -> AnyView {
        (self.view)(model, state, scene)
    }
}

fn view(model: Model, state: State, scene: Scene) -> AnyView {
    let asks = move |what: fn(&Step) -> bool| {
        Signal::derive(move || model.with(|state| what(&state.step)))
    };
    let busy = asks(Step::is_busy);
    let reconnecting = asks(|step| step.link() == Link::Reconnecting);
    let State {
        step,
        session,
        settings,
        journey,
        may_leave,
        ..
    } = state;
    let goes_on = settings.goes_on(session.as_deref());
    let may_disconnect = session
        .as_ref()
        .is_some_and(|session| session.widget.may_disconnect);
    let view = match step {
        Step::Consent(consent) => Of::A(view! { <ConsentStep scene consent busy /> }),
        Step::Waiting(waiting) if waiting.window == Window::Blocked => {
            Of::B(view! { <BlockedStep scene service=waiting.attempt.service may_leave /> })
        }
        Step::Waiting(waiting) if matches!(waiting.window, Window::Leaving | Window::Returned) => {
            let returned = waiting.window == Window::Returned;
            let service = waiting.attempt.service;
            Of::K(view! { <OwnTabStep scene service returned reconnecting /> })
        }
        Step::Waiting(waiting) => {
            let window = Signal::derive(move || model.with(|state| state.step.window()));
            let long = asks(|step| matches!(step, Step::Waiting(waiting) if waiting.long));
            let service = waiting.attempt.service;
            Of::C(view! { <WaitingStep scene service window may_leave reconnecting long /> })
        }
        Step::AccountChoice(choice) => {
            Of::D(view! { <AccountChoiceStep scene choice busy reconnecting /> })
        }
        Step::Success(success) => {
            let until = settings.date(&success.connection.expires_at);
            let next = match (journey.is_short(), goes_on) {
                (false, _) => Next::Stop,
                (true, true) => Next::Page,
                (true, false) => Next::End,
            };
            Of::E(view! { <SuccessStep scene success until next busy /> })
        }
        Step::Failure(failure) => Of::F(view! { <FailureStep scene failure /> }),
        Step::Details(details) if details.ending.is_none() => {
            let service = details.service;
            let connections = settings.dated(session.as_deref(), &service.service_name);
            Of::G(view! { <DetailsStep scene service connections may_disconnect /> })
        }
        Step::Details(details) => Of::H(view! { <DisconnectStep scene details busy /> }),
        Step::Summary(_) => Of::I(session.map(|session| {
            view! { <SummaryStep scene journey session goes_on busy /> }
        })),
        Step::Farewell => Of::J(view! { <FarewellStep scene /> }),
        // These come first: their views are in the other part.
        Step::Loading | Step::LoadFailed(_) | Step::Overview | Step::Picker => {
            return ().into_any();
        }
    };
    unpainted(view).into_any()
}
