//! The root component: matches the step and shows its view, inside the frame's header and footer.

#![expect(clippy::must_use_candidate, reason = "a component is placed in a view")]

mod border;
mod driver;
mod frame;
mod fresh;
mod later;
mod settings;
mod tasks;

pub use border::{Border, Place};
pub use driver::{Driver, Ends};
pub use later::Later;
pub use settings::{Settings, is_web};

use crate::components::LiveRegion;
use crate::flow::{Consent, Message, Session, Stage, Step};
use crate::steps::{LoadFailedStep, LoadingStep, PickerStep, Scene};
use leptos::either::EitherOf4 as Of;
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
    /// What the first step does not need, once it is there.
    pub later: Option<Later>,
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
            later: Later::at_once(),
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
    /// Is everything there that its view needs?
    ready: bool,
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
            ready: state.later.is_some() || here.is_first(),
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
    match &state.step {
        Step::Picker => Of::A(state.session.clone().map(|session| {
            let services = state.settings.offered(&session);
            view! { <PickerStep scene session services query /> }
        })),
        Step::LoadFailed(trouble) => {
            let trouble = trouble.clone();
            Of::B(view! { <LoadFailedStep scene trouble /> })
        }
        Step::Loading => Of::C(view! { <LoadingStep /> }),
        _ => match state.later {
            Some(later) => Of::D(later.view(model, state, scene)),
            None => Of::C(view! { <LoadingStep /> }),
        },
    }
}
