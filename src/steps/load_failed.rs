//! There is no session: why, and whether another try is worth it.

use super::failure::sign;
use super::notice_step::{NoticeStep, Saying};
use super::stage::Scene;
use crate::components::ButtonKind;
use crate::flow::{Message, Trouble};
use crate::text::{Key, trouble_keys};
use leptos::prelude::*;

/// The step shown when the widget could not be loaded.
#[component]
pub fn LoadFailedStep(
    /// Where it stands.
    scene: Scene,
    /// Why.
    trouble: Trouble,
) -> impl IntoView {
    let (title, text) = trouble_keys(trouble.code);
    let saying = Saying {
        sign: sign(trouble.code),
        title: scene.say(title),
        text: scene.say(text),
        more: String::new(),
    };
    let retry = (
        ButtonKind::Primary,
        scene.say(Key::Retry),
        scene.on(Message::Retry),
    );
    let close = |kind| (kind, scene.say(Key::Close), scene.on(Message::Close));
    let actions = if trouble.recoverable {
        vec![retry, close(ButtonKind::Quiet)]
    } else {
        vec![close(ButtonKind::Secondary)]
    };
    view! { <NoticeStep scene saying actions /> }
}
