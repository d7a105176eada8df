//! The root component: matches the step and shows its view, inside the frame's header and footer.

#![expect(clippy::must_use_candidate, reason = "a component is placed in a view")]

mod attempts;
mod beginning;
mod border;
mod complaints;
mod driver;
mod frame;
mod fresh;
mod later;
mod memory;
#[cfg(all(test, feature = "ssr"))]
mod refusal_tests;
mod revive;
mod settings;
mod tasks;

pub use border::{Border, Place};
pub use driver::{Driver, Ends};
pub use later::Later;
pub use settings::{Settings, is_web};

use crate::components::LiveRegion;
use crate::flow::{Consent, Details, Journey, Message, Phase, Session, Stage, Step};
use crate::steps::{LoadFailedStep, LoadingStep, OverviewStep, PickerStep, Scene};
use fresh::{fresh, unpainted};
use leptos::either::EitherOf5 as Of;
use leptos::prelude::*;
use railhead_protocol::ServiceCard;
use std::sync::Arc;

/// Everything the views show. There is one signal of it.
#[derive(Clone, Debug)]
pub struct State {
    /// The step.
    pub step: Step,
    /// The way it is a step of.
    pub journey: Journey,
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
    /// What the first step does not need, once it is there.
    pub later: Option<Later>,
    /// Has the person gone on before that was there?
    pub held: bool,
}

/// The signal of everything the views show.
pub type Model = RwSignal<State>;

impl State {
    /// At the beginning.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            step: Step::Loading,
            journey: Journey::default(),
            session: None,
            settings: Arc::new(settings),
            edition: 0,
            offline: false,
            may_leave: false,
            later: Later::at_once(),
            held: false,
        }
    }

    /// Is everything there that the view needs? What comes first is there at once.
    fn is_ready(&self) -> bool {
        self.later.is_some() || !self.held && self.step.stage().is_first()
    }

    /// The services of the present stop, in the order of the list.
    #[must_use]
    pub fn listed(&self, session: &Session) -> Vec<Arc<ServiceCard>> {
        let mut services = self.settings.offered(session);
        services.retain(|service| self.journey.is_about(service.kind));
        services
    }

    /// Lays the way anew, after session or settings have changed.
    pub fn lay(&mut self) {
        if let Some(session) = &self.session {
            let plan = self.settings.plan(session);
            let offered = self.settings.offered(session);
            self.journey.lay(&plan, &offered, &session.connections);
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
    /// The stop of the way, then the stage: the later is the greater.
    place: (usize, Stage),
    way: Way,
    /// What the server refused is shown in a view made anew.
    refused: bool,
    edition: u32,
    /// Is everything there that its view needs?
    ready: bool,
}

impl Visit {
    fn next(before: Option<&Self>, state: &State) -> Self {
        let place = (state.journey.here(), state.step.stage());
        let refused = match &state.step {
            Step::Consent(Consent { refusal, .. }) => refusal.is_some(),
            Step::Details(Details { trouble, .. }) => trouble.is_some(),
            _ => false,
        };
        let way = match before {
            None
            | Some(Self {
                place: (_, Stage::Loading),
                ..
            }) => Way::Start,
            // Other words for the same: nobody has gone anywhere.
            Some(before) if before.place == place && before.edition != state.edition => Way::Start,
            Some(before) if before.place == place => before.way,
            Some(before) if place < before.place => Way::Back,
            Some(_) => Way::Forward,
        };
        Self {
            place,
            way,
            refused,
            edition: state.edition,
            ready: state.is_ready(),
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
    /// Does the first view stand there already, as the server rendered it? Then the focus is where the person has put it.
    #[prop(optional)]
    painted: bool,
) -> impl IntoView {
    let search = Searched::default();
    let visit =
        Memo::new(move |before: Option<&Visit>| model.with(|state| Visit::next(before, state)));
    let view = {
        let base = Arc::clone(&base);
        let mut painted = painted;
        move || {
            let Visit { way, .. } = visit.get();
            let state = model.get_untracked();
            let painted = std::mem::take(&mut painted);
            let focus = way != Way::Start || is_modal && !painted;
            let scene = frame::scene(&state, dispatch, &base, focus);
            let way = match way {
                Way::Start => "start",
                Way::Forward => "forward",
                Way::Back => "back",
            };
            fresh(view! {
                {frame::top(&scene, &state, is_modal)}
                {frame::offline(&scene, model)}
                <div class="rh-stage" data-way=way>{step_view(model, state.clone(), scene.clone(), search)}</div>
                {frame::bottom(&scene, &state)}
            })
        }
    };
    // Said in the list that one comes back to from there.
    let ended = StoredValue::new(None);
    let announcement = move || {
        let found = search.found.get();
        model.with(|state| {
            match &state.step {
                Step::Details(details) if details.phase == Phase::Sending => {
                    ended.set_value(Some(Arc::clone(&details.service)));
                }
                Step::Picker => {}
                _ => ended.set_value(None),
            }
            let scene = frame::scene(state, dispatch, &base, false);
            frame::announcement(&scene, state, found, ended.get_value().as_deref())
        })
    };
    view! {
        {view}
        <LiveRegion text=announcement />
    }
}

/// What was searched, kept while one looks at a service and comes back.
#[derive(Clone, Copy, Default)]
struct Searched {
    query: RwSignal<String>,
    found: RwSignal<Option<usize>>,
    /// The stop of the way that it was searched at.
    here: StoredValue<usize>,
}

impl Searched {
    /// At another stop there is another list, and nothing searched in it.
    fn at(self, here: usize) -> (RwSignal<String>, RwSignal<Option<usize>>) {
        if here != self.here.get_value() {
            self.here.set_value(here);
            self.query.set(String::new());
            self.found.set(None);
        }
        (self.query, self.found)
    }
}

/// The view of a step. What changes within a step is read from the model.
fn step_view(model: Model, state: State, scene: Scene, search: Searched) -> impl IntoView {
    if !state.is_ready() {
        return Of::C(unpainted(view! { <LoadingStep /> }));
    }
    match &state.step {
        Step::Overview => Of::E(state.session.as_ref().map(|session| {
            let widget = session.widget.clone();
            let journey = state.journey.clone();
            view! { <OverviewStep scene journey widget /> }
        })),
        Step::Picker => Of::A(state.session.clone().map(|session| {
            let journey = state.journey.clone();
            let services = state.listed(&session);
            let (query, found) = search.at(journey.here());
            view! { <PickerStep scene session services journey query found /> }
        })),
        Step::LoadFailed(trouble) => {
            let trouble = trouble.clone();
            Of::B(unpainted(view! { <LoadFailedStep scene trouble /> }))
        }
        Step::Loading => Of::C(unpainted(view! { <LoadingStep /> })),
        _ => match state.later {
            Some(later) => Of::D(unpainted(later.view(model, state, scene))),
            None => Of::C(unpainted(view! { <LoadingStep /> })),
        },
    }
}
