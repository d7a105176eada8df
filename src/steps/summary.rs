//! The end of the way: what is connected, what was passed over, and the way out.

use super::details::account;
use super::notice_step::{NoticeStep, Saying};
use super::stage::{Scene, kind_name};
use crate::components::{Button, ButtonKind, Heading, Picture, Rules, Seal, SealKind};
use crate::flow::{Journey, Message, Session};
use crate::text::Key;
use leptos::prelude::*;
use railhead_protocol::ConnectionStatus;
use std::sync::Arc;
use stylist::ast::sheet;

pub(super) const RULES: Rules = ("rh-row", || {
    sheet!(
        r#"
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
        padding-block: 12px;
        border-block-end: 1px solid var(--rh-border);
        text-align: start;

        div { min-inline-size: 0; overflow-wrap: anywhere; }
        strong { display: block; font-weight: 600; }
        div > span { color: var(--rh-muted); }
        .rh-button { inline-size: auto; }
        "#
    )
});

/// The summary.
#[component]
pub fn SummaryStep(
    /// Where it stands.
    scene: Scene,
    /// The way that ends here.
    journey: Journey,
    /// What is connected.
    session: Arc<Session>,
    /// Does the browser go on to a page of the company?
    goes_on: bool,
    /// Is the server being asked?
    busy: Signal<bool>,
) -> impl IntoView {
    let any = journey.stops().iter().any(|stop| stop.connected);
    let (kind, picture, title, text) = if any {
        (
            SealKind::Good,
            Picture::Check,
            Key::SummaryTitle,
            Key::SummaryText,
        )
    } else {
        (
            SealKind::Neutral,
            Picture::Info,
            Key::SummaryNone,
            Key::SummaryNoneText,
        )
    };
    let rows = journey.stops().iter().enumerate().map(|(place, stop)| {
        // One list of everything has no name of its own.
        let name = stop.kind.map(|kind| scene.say(kind_name(kind)));
        let name = name.unwrap_or_default();
        let mut accounts = Vec::new();
        for connection in &session.connections {
            let service = session.services.iter().find(|service| {
                service.service_name == connection.service_name
                    && stop.kind.is_none_or(|kind| kind == service.kind)
            });
            if let Some(service) = service.filter(|_| connection.status == ConnectionStatus::Active)
            {
                let account = account(connection, service);
                accounts.push(if account == service.display_name {
                    account
                } else {
                    [&*account, ", ", &service.display_name].concat()
                });
            }
        }
        if accounts.is_empty() {
            accounts.push(scene.say(Key::SummarySkipped));
        }
        let add = (!stop.connected).then(|| {
            let label = scene.text.fill(Key::SummaryAdd, &[("kind", &name)]);
            let on_press = scene.on(Message::Visit(place));
            view! { <Button kind=ButtonKind::Secondary label on_press /> }
        });
        let accounts = accounts
            .into_iter()
            .map(|account| view! { <div><span>{account}</span></div> });
        view! {
            <li class="rh-row">
                <div>
                    <strong hidden=name.is_empty()>{name.clone()}</strong>
                    {accounts.collect_view()}
                </div>
                {add}
            </li>
        }
    });
    let rows = rows.collect_view();
    let done = if goes_on {
        Key::SuccessContinue
    } else {
        Key::SuccessDone
    };
    let leave = scene.on(Message::Done);
    view! {
        <div class="rh-step">
            <div class="rh-body is-centered">
                <Seal kind picture />
                <div class="rh-intro">
                    <Heading text=scene.say(title) focus=scene.focus />
                    <p class="rh-lead">{scene.tell(text)}</p>
                </div>
                <ul role="list">{rows}</ul>
            </div>
            <div class="rh-actions">
                <Button kind=ButtonKind::Primary label=scene.say(done) busy on_press=leave />
            </div>
        </div>
    }
}

/// What is left to be seen when the person is done, and there is no page to go on to.
#[component]
pub fn FarewellStep(
    /// Where it stands.
    scene: Scene,
) -> impl IntoView {
    let saying = Saying {
        sign: (SealKind::Good, Picture::Check),
        title: scene.say(Key::FarewellTitle),
        text: scene.say(Key::FarewellText),
        more: String::new(),
    };
    let actions = vec![(
        ButtonKind::Quiet,
        scene.say(Key::FarewellMore),
        scene.on(Message::Reopen),
    )];
    view! { <NoticeStep scene saying actions /> }
}
