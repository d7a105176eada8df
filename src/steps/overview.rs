//! Before the first list: who asks for what, why, for how long, and how to withdraw it.

use super::stage::{Scene, kind_name};
use crate::components::{Button, ButtonKind, Fact, Heading, Mark, MarkSize, Picture};
use crate::flow::{Journey, Message};
use crate::text::{Count, Key};
use leptos::prelude::*;
use railhead_protocol::WidgetCard;

/// The overview.
#[component]
pub fn OverviewStep(
    /// Where it stands.
    scene: Scene,
    /// The way that begins here.
    journey: Journey,
    /// The widget's own settings.
    widget: WidgetCard,
) -> impl IntoView {
    let kinds = journey.stops().iter().filter_map(|stop| stop.kind);
    let kinds: Vec<String> = kinds.map(|kind| scene.say(kind_name(kind))).collect();
    let what = if kinds.is_empty() {
        scene.say(Key::OverviewWhatText)
    } else {
        kinds.join(" · ")
    };
    let revoke = if widget.may_disconnect {
        Key::OverviewRevokeHereText
    } else {
        Key::OverviewRevokeText
    };
    let facts = [
        (Picture::Document, Key::OverviewWhat, what),
        (
            Picture::Info,
            Key::OverviewWhy,
            scene.tell(Key::OverviewWhyText),
        ),
        (
            Picture::Clock,
            Key::OverviewLong,
            scene
                .text
                .count(Count::Lasts, widget.validity_months.into()),
        ),
        (Picture::Shield, Key::ConsentRevoke, scene.say(revoke)),
    ];
    let facts = facts
        .into_iter()
        .map(|(picture, title, text)| view! { <Fact picture title=scene.tell(title) text /> });
    let begin = scene.on(Message::Next);
    view! {
        <div class="rh-step">
            <div class="rh-body is-centered">
                <div class="rh-pair" aria-hidden="true">
                    <Mark brand=scene.company.clone() size=MarkSize::Hero />
                </div>
                <div class="rh-intro">
                    <Heading text=scene.say(Key::OverviewTitle) focus=scene.focus />
                    <p class="rh-lead">{scene.tell(Key::OverviewText)}</p>
                </div>
                <ul class="rh-facts" role="list">{facts.collect_view()}</ul>
            </div>
            <div class="rh-actions">
                <Button kind=ButtonKind::Primary label=scene.say(Key::OverviewBegin) on_press=begin />
            </div>
        </div>
    }
}
