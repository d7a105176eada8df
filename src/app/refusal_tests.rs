//! Every code that can reach a browser, as the person meets it: what happened, what to do next, and a way out.

use super::{App, Settings, State};
use crate::flow::samples::service;
use crate::flow::{Attempt, Failure, Step, Trouble};
use crate::text::{Text, trouble_keys};
use leptos::prelude::*;
use railhead_protocol::ErrorCode;
use std::sync::Arc;

/// Codes of the Management API alone: no browser gets them.
const SERVERS_ONLY: &[ErrorCode] = &[
    ErrorCode::BusinessNameTaken,
    ErrorCode::SessionNotFound,
    ErrorCode::Unauthorized,
    ErrorCode::InsufficientScope,
    ErrorCode::KeyNotFound,
    ErrorCode::ClientNotFound,
    ErrorCode::ClientNotNeeded,
    ErrorCode::WebhookNotFound,
    ErrorCode::TooManyWebhooks,
    ErrorCode::WebhookDisabled,
    ErrorCode::InvalidWebhookUrl,
    ErrorCode::DeliveryNotFound,
    ErrorCode::EventNotFound,
    ErrorCode::IdempotencyKeyReused,
    ErrorCode::IdempotencyInProgress,
];

/// Codes that stop the widget before there is a session.
const AT_THE_START: &[ErrorCode] = &[
    ErrorCode::InvalidRequest,
    ErrorCode::InvalidBusinessName,
    ErrorCode::UnknownWidget,
    ErrorCode::OriginNotRegistered,
    ErrorCode::BusinessMismatch,
    ErrorCode::BusinessNotFound,
    ErrorCode::SessionExpired,
    ErrorCode::SessionRequired,
    ErrorCode::RateLimited,
    ErrorCode::Offline,
    ErrorCode::NotReady,
    ErrorCode::Internal,
    ErrorCode::Unknown,
];

fn browser_codes() -> impl Iterator<Item = ErrorCode> {
    let all = ErrorCode::ALL.iter().copied();
    all.filter(|code| !SERVERS_ONLY.contains(code))
}

fn trouble(code: ErrorCode, recoverable: bool) -> Trouble {
    Trouble {
        recoverable,
        ..Trouble::local(code, "For the developer only.")
    }
}

/// The page of a widget that stands inline at `step`, where no header offers a way out.
fn page(step: Step) -> String {
    let owner = Owner::new();
    owner.with(|| {
        let model = RwSignal::new(State {
            step,
            ..State::new(Settings::default())
        });
        let dispatch = Callback::new(|_| {});
        let base = Arc::from("https://connect.example");
        view! { <App model dispatch base is_modal=false /> }.to_html()
    })
}

/// What stands between the first `start` and the next `end`.
fn between<'h>(html: &'h str, start: &str, end: &str) -> &'h str {
    let rest = html.split_once(start).map(|(_, rest)| rest);
    let found = rest.and_then(|rest| rest.split_once(end));
    found
        .unwrap_or_else(|| panic!("no {start} … {end} in {html}"))
        .0
}

/// Text without the markup within it.
fn text(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>'));
    let text: String = parts
        .map(|part| part.map_or("", |(_, text)| text))
        .collect();
    text.trim().to_owned()
}

/// Checks what is said; answers the ways on, the best first.
fn checked(code: ErrorCode, html: &str) -> Vec<String> {
    let (title, sentence) = trouble_keys(code);
    let words = Text::default();
    let filled = |key| words.fill(key, &[("service", "Xero"), ("company", "")]);
    let heading = text(&["<", between(html, "<h2", "</h2>")].concat());
    assert_eq!(heading, filled(title).trim(), "{code}");
    assert!(html.contains(&filled(sentence)), "{code}: {html}");
    let said = text(&["<", between(html, "role=\"status\"", "</div>")].concat());
    assert_eq!(said, heading, "{code} is announced");
    let ways = between(html, "rh-actions", "rh-footer");
    assert!(!html.contains("For the developer only."), "{code}");
    let buttons = ways.split("<button").skip(1);
    buttons
        .filter_map(|button| Some(text(&["<", button.split_once("</button>")?.0].concat())))
        .collect()
}

#[test]
fn every_code_of_an_attempt_says_what_happened_what_to_do_and_lets_the_person_leave() {
    for code in browser_codes() {
        for recoverable in [true, false] {
            let attempt = Attempt::new(Arc::new(service("xero", "Xero")), None);
            let trouble = trouble(code, recoverable);
            let html = page(Step::Failure(Failure { attempt, trouble }));
            let mut ways = vec!["Try again", "Choose another"];
            // The account that was connected before may be gone for good.
            if code == ErrorCode::WrongAccount {
                ways.insert(1, "Connect another account");
            }
            let ways = if recoverable { &ways[..] } else { &ways[1..] };
            assert_eq!(checked(code, &html), ways, "{code}");
        }
    }
}

#[test]
fn every_code_of_the_start_says_what_happened_what_to_do_and_lets_the_person_leave() {
    for code in AT_THE_START.iter().copied() {
        for recoverable in [true, false] {
            let html = page(Step::LoadFailed(trouble(code, recoverable)));
            let again = ["Try again", "Close"];
            let ways = if recoverable { &again[..] } else { &again[1..] };
            assert_eq!(checked(code, &html), ways, "{code}");
        }
    }
}

#[test]
fn causes_that_a_person_can_do_something_different_about_have_words_of_their_own() {
    use ErrorCode as Code;
    let apart = [
        Code::Denied,
        Code::PopupBlocked,
        Code::PopupClosed,
        Code::TimedOut,
        Code::SessionExpired,
        Code::SessionRequired,
        Code::DuplicateAccount,
        Code::WrongAccount,
        Code::InsufficientPermission,
        Code::InvalidCredentials,
        Code::ServiceUnavailable,
        Code::ServiceNotOffered,
        Code::UnauthorizedClient,
        Code::NoAccount,
        Code::InvalidState,
        Code::AuthorizationNotOpen,
        Code::ConnectionNotFound,
        Code::DisconnectNotAllowed,
        Code::UnknownWidget,
        Code::BusinessNotFound,
        Code::BusinessMismatch,
        Code::InvalidBusinessName,
        Code::InvalidReturnUrl,
        Code::OriginNotRegistered,
        Code::RateLimited,
        Code::Offline,
        Code::RequestTimeout,
        Code::NotReady,
        Code::Internal,
    ];
    let said: std::collections::BTreeSet<_> = apart
        .iter()
        .map(|code| trouble_keys(*code).1.name())
        .collect();
    assert_eq!(said.len(), apart.len());
}
