//! The list of services, with search.

use super::stage::{Scene, picker_title};
use crate::components::{
    Button, ButtonKind, Grid, Heading, Notice, Picture, Rules, Search, ServiceTile, TileGrid,
    TileStatus, Tone,
};
use crate::flow::{Index, Journey, Message, Session, TileState};
use crate::text::Key;
use leptos::prelude::*;
use railhead_protocol::{ConnectionStatus, ServiceCard};
use std::sync::Arc;
use stylist::ast::sheet;

// What is pinned hides the rings of what scrolls below it, too: with a shadow, for WebKit would let a negative margin scroll
// the list sideways.
pub(super) const RULES: Rules = ("rh-picker", || {
    sheet!(
        r#"
        gap: 0;
        padding-block-end: 0;

        .rh-lead { min-block-size: 2lh; }
        .rh-pinned { position: var(--rh-pinned); inset-block-start: -4px; z-index: 1; padding-block: var(--rh-4); background: var(--rh-ground); box-shadow: -2px 0 var(--rh-ground), 2px 0 var(--rh-ground); }
        .rh-list { display: grid; grid-template-columns: 1fr; grid-auto-rows: minmax(calc(var(--rh-u) * 17), auto); gap: var(--rh-2); padding-block-end: 24px; }
        .rh-list li { min-inline-size: 0; }
        @container rh-frame (min-width: 400px) {
            .rh-list { grid-template-columns: 1fr 1fr; }
        }
        @container rh-frame (min-width: 520px) {
            .rh-lead { min-block-size: 1lh; }
        }
        @container rh-frame (min-width: 760px) {
            .rh-list { grid-template-columns: 1fr 1fr 1fr; }
        }
        "#
    )
});

/// The list of services of one stop.
#[component]
pub fn PickerStep(
    /// Where it stands.
    scene: Scene,
    /// What is connected.
    session: Arc<Session>,
    /// What is offered here.
    services: Vec<Arc<ServiceCard>>,
    /// The way it is a stop of.
    journey: Journey,
    /// What was typed; kept while one looks at a service and comes back.
    query: RwSignal<String>,
    /// How many services were found; `None` while nothing is searched.
    found: RwSignal<Option<usize>>,
) -> impl IntoView {
    let stop = journey.stop();
    let unsearchable = services.is_empty();
    let (title, text) = if unsearchable {
        (Key::PickerEmpty, Key::PickerEmptyText)
    } else {
        (Key::PickerNone, Key::PickerNoneText)
    };
    let nothing = Signal::derive(move || unsearchable || found.get() == Some(0));
    let heading = scene.say(picker_title(stop.kind));
    let required = (stop.required && !stop.connected).then(|| scene.tell(Key::PickerRequired));
    let next = match (stop.connected, journey.is_short()) {
        (true, true) => Some((ButtonKind::Secondary, Key::SuccessDone)),
        (true, false) => Some((ButtonKind::Primary, Key::SuccessContinue)),
        (false, false) if !stop.required => Some((ButtonKind::Quiet, Key::PickerSkip)),
        (false, _) => None,
    };
    let next = next.map(|(kind, label)| {
        let (label, on_press) = (scene.say(label), scene.on(Message::Next));
        view! {
            <div class="rh-actions">
                <Button kind label on_press />
            </div>
        }
    });
    let search = Grid::default();
    let index = Index::new(&services);
    let find = move |typed: &str| index.find(typed);
    let (total, dispatch) = (services.len(), scene.dispatch);
    let choose = {
        let (services, session) = (services.clone(), Arc::clone(&session));
        Callback::new(move |place: usize| {
            if let Some(service) = services.get(place) {
                dispatch.run(chosen(&session, service));
            }
        })
    };
    let label = heading.clone();
    let place_tile = {
        let scene = scene.clone();
        move |place: usize| tile(&scene, &session, services.get(place), place == 0)
    };
    view! {
        <div class="rh-step">
            <div class="rh-body rh-picker" on:keydown=move |event| search.press(&event)>
                <div class="rh-intro">
                    <Heading text=heading focus=scene.focus />
                    <p class="rh-lead">{scene.tell(Key::PickerLead)}" "{required}</p>
                </div>
                <div class="rh-pinned" hidden=unsearchable>
                    <Search
                        label=scene.say(Key::Search)
                        hint=scene.say(Key::SearchHint)
                        clear_label=scene.say(Key::SearchClear)
                        query
                        input=search.search
                    />
                </div>
                <Notice
                    tone=Tone::Quiet
                    picture=Picture::Search
                    title=scene.say(title)
                    text=scene.tell(text)
                    shown=nothing
                />
                <TileGrid grid=search label total tile=place_tile query find found on_choose=choose />
            </div>
            {next}
        </div>
    }
}

/// The tile of a service.
fn tile(
    scene: &Scene,
    session: &Session,
    service: Option<&Arc<ServiceCard>>,
    first: bool,
) -> impl IntoView + use<> {
    let service = service?;
    let (status, label) = match session.standing(&service.service_name).0 {
        TileState::Fresh => (TileStatus::Plain, String::new()),
        TileState::Connected => (TileStatus::Good, scene.say(Key::TileConnected)),
        TileState::Reconnect => (TileStatus::Due, scene.say(Key::TileReconnect)),
    };
    let brand = scene.brand(service);
    // The list offers options: what holds them is no item to assistive technology.
    Some(view! { <li role="none"><ServiceTile brand status label first /></li> })
}

/// What choosing a service means: a connected one is shown first, one that needs it is connected again.
fn chosen(session: &Session, service: &Arc<ServiceCard>) -> Message {
    let (state, connection) = session.standing(&service.service_name);
    let service = Arc::clone(service);
    if state == TileState::Connected {
        return Message::Show(service);
    }
    // Whoever has disconnected one account may connect any; the same one gets its connection back.
    let lapsed = connection.filter(|lapsed| lapsed.status != ConnectionStatus::Disconnected);
    let connection_id = lapsed.map(|connection| connection.connection_id.clone());
    Message::Pick(service, connection_id)
}
