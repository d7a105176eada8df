//! Not connected: what happened, and what to do next.

use super::notice_step::{NoticeStep, Saying};
use super::stage::Scene;
use crate::components::{ButtonKind, Picture, SealKind};
use crate::flow::{Failure, Message};
use crate::text::{Key, trouble_keys};
use leptos::prelude::*;
use railhead_protocol::ErrorCode;
use std::sync::Arc;

/// The failure step. The best next action comes first: trying again, where that is worth it.
#[component]
pub fn FailureStep(
    /// Where it stands.
    scene: Scene,
    /// What went wrong, with what.
    failure: Failure,
) -> impl IntoView {
    let service = failure.attempt.service;
    let code = failure.trouble.code;
    let (title, text) = trouble_keys(code);
    let saying = Saying {
        sign: sign(code),
        title: scene.about(title, &service),
        text: scene.about(text, &service),
        more: String::new(),
    };
    let mut actions = Vec::new();
    if failure.trouble.recoverable {
        actions.push((scene.say(Key::Retry), Message::Retry));
    }
    if code == ErrorCode::WrongAccount {
        let other = Message::Pick(Arc::clone(&service), None);
        actions.push((scene.say(Key::DetailsAnother), other));
    }
    actions.push((scene.say(Key::Another), Message::ChooseAnother));
    let actions = actions
        .into_iter()
        .enumerate()
        .map(|(place, (label, leads))| {
            let kind = match place {
                0 => ButtonKind::Primary,
                1 => ButtonKind::Secondary,
                _ => ButtonKind::Quiet,
            };
            (kind, label, scene.on(leads))
        });
    let actions = actions.collect();
    view! { <NoticeStep scene saying actions /> }
}

/// The sign for a code: a choice of the person is no alarm.
pub(super) fn sign(code: ErrorCode) -> (SealKind, Picture) {
    match code {
        ErrorCode::Denied => (SealKind::Neutral, Picture::Cross),
        ErrorCode::TimedOut
        | ErrorCode::SessionExpired
        | ErrorCode::SessionRequired
        | ErrorCode::RateLimited
        | ErrorCode::NotReady => (SealKind::Neutral, Picture::Clock),
        ErrorCode::DuplicateAccount
        | ErrorCode::DisconnectNotAllowed
        | ErrorCode::ServiceNotOffered
        | ErrorCode::UnknownService => (SealKind::Neutral, Picture::Info),
        ErrorCode::PopupBlocked | ErrorCode::PopupClosed => (SealKind::Warning, Picture::Window),
        ErrorCode::InsufficientPermission | ErrorCode::WrongAccount | ErrorCode::NoAccount => {
            (SealKind::Warning, Picture::Person)
        }
        ErrorCode::Offline | ErrorCode::RequestTimeout | ErrorCode::ServiceUnavailable => {
            (SealKind::Warning, Picture::Again)
        }
        _ => (SealKind::Bad, Picture::Warning),
    }
}
