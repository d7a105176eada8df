//! A connected service: its connections, each to be renewed or ended, and the way to another account.

use super::notice_step::{NoticeStep, Saying};
use super::stage::Scene;
use crate::components::{Button, ButtonKind, Heading, Mark, MarkSize, Picture, SealKind};
use crate::flow::{Details, Message};
use crate::text::{Key, trouble_keys};
use leptos::prelude::*;
use railhead_protocol::{Connection, ConnectionStatus, ServiceCard};
use std::sync::Arc;

/// A connection, with until when it is good in the person's language.
pub type Dated = (Connection, String);

/// The details.
#[component]
pub fn DetailsStep(
    /// Where it stands.
    scene: Scene,
    /// The service.
    service: Arc<ServiceCard>,
    /// Its connections.
    connections: Vec<Dated>,
    /// May the person disconnect?
    may_disconnect: bool,
) -> impl IntoView {
    let cards = connections.into_iter().map(|(connection, date)| {
        let until = match connection.status {
            ConnectionStatus::Active => scene.text.fill(Key::SuccessUntil, &[("date", &date)]),
            _ => scene.say(Key::TileReconnect),
        };
        let id = Some(connection.connection_id.clone());
        let renew = scene.on(Message::Pick(Arc::clone(&service), id));
        let account = account(&connection, &service);
        // Several may stand here: each button says which it is about.
        let named = |key| [&*scene.say(key), ": ", &account].concat();
        let (renewing, ending) = (named(Key::DetailsRenew), named(Key::EndConfirm));
        let endable = may_disconnect && connection.status == ConnectionStatus::Active;
        let end = endable.then(|| {
            let (label, on_press) = (
                scene.say(Key::EndConfirm),
                scene.on(Message::End(connection)),
            );
            view! { <Button kind=ButtonKind::Quiet label name=ending on_press /> }
        });
        view! {
            <li class="rh-card is-tall" part="card">
                <Mark brand=scene.brand(&service) size=MarkSize::Tile />
                <div>
                    <strong>{account}</strong>
                    <span>{until}</span>
                </div>
                <Button
                    kind=ButtonKind::Secondary
                    label=scene.say(Key::DetailsRenew)
                    name=renewing
                    on_press=renew
                />
                {end}
            </li>
        }
    });
    let cards = cards.collect_view();
    let another = scene.on(Message::Pick(Arc::clone(&service), None));
    view! {
        <div class="rh-step">
            <div class="rh-body">
                <div class="rh-intro">
                    <Heading text=scene.about(Key::DetailsTitle, &service) focus=scene.focus />
                    <p class="rh-lead">{scene.about(Key::DetailsText, &service)}</p>
                </div>
                <ul class="rh-options" role="list">{cards}</ul>
            </div>
            <div class="rh-actions">
                <Button kind=ButtonKind::Secondary label=scene.say(Key::DetailsAnother) on_press=another />
            </div>
        </div>
    }
}

/// The question before a connection is ended: what happens then, and what does not.
#[component]
pub fn DisconnectStep(
    /// Where it stands.
    scene: Scene,
    /// The connection, and why it could not be ended.
    details: Details,
    /// Is it being ended?
    busy: Signal<bool>,
) -> impl IntoView {
    let Details {
        service,
        ending,
        trouble,
        ..
    } = details;
    let account = ending.map_or_else(String::new, |ending| account(&ending, &service));
    let more = trouble.map_or_else(String::new, |trouble| {
        scene.about(trouble_keys(trouble.code).1, &service)
    });
    let saying = Saying {
        sign: (SealKind::Warning, Picture::Cross),
        title: scene.text.fill(Key::EndTitle, &[("account", &account)]),
        text: scene.about(Key::EndText, &service),
        more,
    };
    let actions = vec![
        (
            ButtonKind::Primary,
            scene.say(Key::EndConfirm),
            scene.on(Message::Disconnect),
        ),
        (
            ButtonKind::Quiet,
            scene.say(Key::EndKeep),
            scene.on(Message::Cancel),
        ),
    ];
    view! { <NoticeStep scene saying actions busy /> }
}

/// What a connection is called: its account, or its service.
pub(super) fn account(connection: &Connection, service: &ServiceCard) -> String {
    connection
        .account
        .as_ref()
        .map_or(&service.display_name, |account| &account.name)
        .clone()
}
