//! The root component: matches the step and shows its view, inside the frame's header and footer.

#![expect(clippy::must_use_candidate, reason = "a component is placed in a view")]

mod border;
mod driver;
mod frame;
mod fresh;
mod memory;
#[cfg(all(test, feature = "ssr"))]
mod refusal_tests;
mod revive;
mod settings;
mod tasks;

pub use border::{Border, Place};
pub use driver::{Driver, Ends};
pub use settings::{Settings, is_web};

use crate::components::LiveRegion;
use crate::flow::{Consent, Link, Message, Session, Stage, Step, Window};
use crate::steps::{
    AccountChoiceStep, BlockedStep, ConsentStep, FailureStep, LoadFailedStep, LoadingStep,
    OwnTabStep, PickerStep, Scene, SuccessStep, WaitingStep,
};
use leptos::either::EitherOf10 as Of;
use leptos::prelude::*;
use std::sync::Arc;

/// Everything the views show. There is one signal of it.
#[derive(Clone, Debug)]
pub struct State {
    /// The step.
    pub step: Step,
    /// The session, once it has answered.
    pub session: Option<Arc<Session>>,
    /// What the host page asked for.
    pub settings: Arc<Settings>,
    /// Counts changes of session and settings: each makes the views anew.
    pub edition: u32,
    /// Does the browser know that it is offline?
    pub offline: bool,
    /// May the widget's own tab leave for a service? In a frame it may not.
    pub may_leave: bool,
}

/// The signal of everything the views show.
pub type Model = RwSignal<State>;

impl State {
    /// At the beginning.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            step: Step::Loading,
            session: None,
            settings: Arc::new(settings),
            edition: 0,
            offline: false,
            may_leave: false,
        }
    }
}

/// Which way the last change of the step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It is the first one: nothing moves, and inline nothing takes the focus.
    Start,
    Forward,
    Back,
}

/// What makes a view of its own: where the person is, and how they came there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Visit {
    stage: Stage,
    way: Way,
    /// A field refused by the server makes the form anew.
    refused: bool,
    edition: u32,
}

impl Visit {
    fn next(before: Option<&Self>, state: &State) -> Self {
        let here = state.step.stage();
        let refused = matches!(
            &state.step,
            Step::Consent(Consent {
                refusal: Some(_),
                ..
            })
        );
        let way = match before {
            None
            | Some(Self {
                stage: Stage::Loading,
                ..
            }) => Way::Start,
            Some(before) if before.stage == here => before.way,
            Some(before) if here < before.stage => Way::Back,
            Some(_) => Way::Forward,
        };
        Self {
            stage: here,
            way,
            refused,
            edition: state.edition,
        }
    }
}

/// The widget inside its frame.
#[component]
pub fn App(
    /// What is shown.
    model: Model,
    /// Takes what the person does.
    dispatch: Callback<Message>,
    /// The API's address.
    base: Arc<str>,
    /// Is the frame a modal dialog?
    is_modal: bool,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let visit =
        Memo::new(move |before: Option<&Visit>| model.with(|state| Visit::next(before, state)));
    let view = {
        let base = Arc::clone(&base);
        move || {
            let Visit {
                stage: here, way, ..
            } = visit.get();
            let state = model.get_untracked();
            let focus = is_modal || way != Way::Start;
            let scene = frame::scene(&state, dispatch, &base, focus);
            let way = match way {
                Way::Start => "start",
                Way::Forward => "forward",
                Way::Back => "back",
            };
            fresh::Fresh(view! {
                {frame::top(&scene, &state, here, is_modal)}
                {frame::offline(&scene, model)}
                <div class="rh-stage" data-way=way>{step_view(model, state.clone(), scene.clone(), query)}</div>
                {frame::bottom(&scene, &state)}
            })
        }
    };
    let announcement = move || {
        model.with(|state| frame::announcement(&frame::scene(state, dispatch, &base, false), state))
    };
    view! {
        {view}
        <LiveRegion text=announcement />
    }
}

/// The view of a step. What changes within a step is read from the model.
fn step_view(model: Model, state: State, scene: Scene, query: RwSignal<String>) -> impl IntoView {
    let asks = move |what: fn(&Step) -> bool| {
        Signal::derive(move || model.with(|state| what(&state.step)))
    };
    let busy = asks(Step::is_busy);
    let reconnecting = asks(|step| step.link() == Link::Reconnecting);
    let State {
        step,
        session,
        settings,
        may_leave,
        ..
    } = state;
    match step {
        Step::Picker => Of::A(session.map(|session| {
            let services = settings.offered(&session);
            view! { <PickerStep scene session services query /> }
        })),
        Step::Consent(consent) => Of::B(view! { <ConsentStep scene consent busy /> }),
        Step::Waiting(waiting) if waiting.window == Window::Blocked => {
            Of::C(view! { <BlockedStep scene service=waiting.attempt.service may_leave /> })
        }
        Step::Waiting(waiting) if matches!(waiting.window, Window::Leaving | Window::Returned) => {
            let returned = waiting.window == Window::Returned;
            let service = waiting.attempt.service;
            Of::J(view! { <OwnTabStep scene service returned reconnecting /> })
        }
        Step::Waiting(waiting) => {
            let window = Signal::derive(move || model.with(|state| state.step.window()));
            let long = asks(|step| matches!(step, Step::Waiting(waiting) if waiting.long));
            let service = waiting.attempt.service;
            Of::D(view! { <WaitingStep scene service window may_leave reconnecting long /> })
        }
        Step::AccountChoice(choice) => {
            Of::E(view! { <AccountChoiceStep scene choice busy reconnecting /> })
        }
        Step::Success(success) => {
            let until = settings.date(&success.connection.expires_at);
            let goes_on = settings.goes_on(session.as_deref());
            Of::F(view! { <SuccessStep scene success until goes_on busy /> })
        }
        Step::Failure(failure) => Of::G(view! { <FailureStep scene failure /> }),
        Step::LoadFailed(trouble) => Of::H(view! { <LoadFailedStep scene trouble /> }),
        Step::Loading => Of::I(view! { <LoadingStep /> }),
    }
}
