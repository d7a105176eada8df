//! The list of services, with search.

use super::stage::Scene;
use crate::components::{Heading, Notice, Picture, Rules, Search, ServiceTile, TileStatus, Tone};
use crate::flow::{Message, Needle, Session, TileState};
use crate::text::Key;
use leptos::prelude::*;
use railhead_protocol::ServiceCard;
use std::sync::Arc;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-picker", || {
    sheet!(
        r#"
        gap: 0;
        padding-block-end: 0;

        .rh-lead { min-block-size: 2lh; }
        .rh-pinned { position: var(--rh-pinned); inset-block-start: -4px; z-index: 1; padding-block: var(--rh-4); margin-inline: -2px; padding-inline: 2px; background: var(--rh-ground); }
        .rh-list { display: grid; grid-template-columns: 1fr; grid-auto-rows: minmax(calc(var(--rh-u) * 17), auto); gap: var(--rh-2); padding-block-end: 24px; }
        .rh-list li { content-visibility: auto; contain-intrinsic-size: auto calc(var(--rh-u) * 17); min-inline-size: 0; }
        .rh-list li:focus-within { content-visibility: visible; }
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

/// The list of services.
#[component]
pub fn PickerStep(
    /// Where it stands.
    scene: Scene,
    /// What is connected.
    session: Arc<Session>,
    /// What is offered.
    services: Vec<Arc<ServiceCard>>,
    /// What was typed; kept while one looks at a service and comes back.
    query: RwSignal<String>,
) -> impl IntoView {
    let needles: Vec<Needle> = services
        .iter()
        .map(|service| Needle::new(service))
        .collect();
    let nothing = Signal::derive(move || {
        query.with(|typed| !needles.iter().any(|needle| needle.is_found(typed)))
    });
    let (title, text) = if services.is_empty() {
        (Key::PickerEmpty, Key::PickerEmptyText)
    } else {
        (Key::PickerNone, Key::PickerNoneText)
    };
    let unsearchable = services.is_empty();
    // All tiles are there all the time; searching hides some. So nothing is built, and no mark asked for, twice.
    let tiles = services.iter().map(|service| {
        let needle = Needle::new(service);
        let lost = move || query.with(|typed| !needle.is_found(typed));
        view! { <li hidden=lost>{tile(&scene, &session, service)}</li> }
    });
    let tiles = tiles.collect_view();
    view! {
        <div class="rh-body rh-picker">
            <div class="rh-intro">
                <Heading text=scene.say(Key::PickerTitle) focus=scene.focus />
                <p class="rh-lead">{scene.tell(Key::PickerLead)}</p>
            </div>
            <div class="rh-pinned" hidden=unsearchable>
                <Search
                    label=scene.say(Key::Search)
                    hint=scene.say(Key::SearchHint)
                    clear_label=scene.say(Key::SearchClear)
                    query
                />
            </div>
            <Notice
                tone=Tone::Quiet
                picture=Picture::Search
                title=scene.say(title)
                text=scene.tell(text)
                shown=nothing
            />
            <ul class="rh-list">{tiles}</ul>
        </div>
    }
}

/// The tile of a service; choosing a connected one renews its connection.
fn tile(scene: &Scene, session: &Session, service: &Arc<ServiceCard>) -> impl IntoView + use<> {
    let (state, connection) = session.standing(&service.service_name);
    let (status, label) = match state {
        TileState::Fresh => (TileStatus::Plain, String::new()),
        TileState::Connected => (TileStatus::Good, scene.say(Key::TileConnected)),
        TileState::Reconnect => (TileStatus::Due, scene.say(Key::TileReconnect)),
    };
    let connection_id = connection.map(|connection| connection.connection_id.clone());
    let on_choose = scene.on(Message::Pick(Arc::clone(service), connection_id));
    view! { <ServiceTile brand=scene.brand(service) status label on_choose /> }
}
