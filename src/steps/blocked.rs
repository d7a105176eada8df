//! The browser did not let the window open; one more click will.

use super::notice_step::{NoticeStep, Saying};
use super::stage::Scene;
use crate::components::{ButtonKind, Picture, SealKind};
use crate::flow::Message;
use crate::text::Key;
use leptos::prelude::*;
use railhead_protocol::ServiceCard;
use std::sync::Arc;

/// The step shown when the window was blocked.
#[component]
pub fn BlockedStep(
    /// Where it stands.
    scene: Scene,
    /// The service the person is on the way to.
    service: Arc<ServiceCard>,
    /// May the widget's own tab go there?
    may_leave: bool,
) -> impl IntoView {
    let saying = Saying {
        sign: (SealKind::Warning, Picture::Window),
        title: scene.say(Key::BlockedTitle),
        text: scene.about(Key::BlockedText, &service),
        more: scene.say(if may_leave {
            Key::BlockedTab
        } else {
            Key::BlockedHint
        }),
    };
    let mut actions = vec![
        (
            ButtonKind::Primary,
            scene.say(Key::BlockedOpen),
            scene.on(Message::OpenAgain),
        ),
        (
            ButtonKind::Quiet,
            scene.say(Key::Cancel),
            scene.on(Message::Cancel),
        ),
    ];
    if may_leave {
        let way = (
            ButtonKind::Secondary,
            scene.say(Key::WaitingTab),
            scene.on(Message::LeaveTab),
        );
        actions.insert(1, way);
    }
    view! { <NoticeStep scene saying actions /> }
}
