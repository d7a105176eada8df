//! The flow as the person lives it, told message by message.

use super::session::samples::{connection, service};
use super::{Attempt, Command, Journey, Link, Message, Phase, Stage, Step, Trouble, Window};
use railhead_protocol::{
    Account, AuthorizationKind, AuthorizationState, AuthorizationStatus, ConnectionStatus,
    ErrorCode, Event, ExitReason, Failure, Field, FieldKind, StartedAuthorization,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A flow with what it has asked for so far.
pub(super) struct Visit {
    pub(super) step: Step,
    pub(super) asked: Vec<Command>,
}

impl Visit {
    pub(super) fn at_the_picker() -> Self {
        let mut visit = Self {
            step: Step::Loading,
            asked: Vec::new(),
        };
        visit.gets(Message::Loaded("wid_1".into()));
        visit
    }

    pub(super) fn at_the_service() -> Self {
        let mut visit = Self::at_the_picker();
        visit.picks(Arc::new(service("xero", "Xero")));
        visit.gets(Message::WindowOpened);
        visit.gets(Message::Started(started(AuthorizationStatus::Pending)));
        visit
    }

    pub(super) fn picks(&mut self, service: Arc<railhead_protocol::ServiceCard>) {
        self.gets(Message::Pick(service, None));
        self.gets(Message::Submit(BTreeMap::new()));
    }

    pub(super) fn gets(&mut self, message: Message) {
        let (step, commands) = self
            .step
            .clone()
            .advance(message, &mut Journey::default())
            .expect("it means something");
        self.step = step;
        self.asked = commands;
    }

    pub(super) fn ignores(&self, message: Message) {
        let refused = self
            .step
            .clone()
            .advance(message, &mut Journey::default())
            .expect_err("it means nothing");
        assert_eq!(refused.0, self.step);
    }

    pub(super) fn told(&self) -> Vec<&Event> {
        let mut told = Vec::new();
        for command in &self.asked {
            if let Command::Emit(event) = command {
                told.push(event);
            }
        }
        told
    }
}

pub(super) fn state(status: AuthorizationStatus) -> AuthorizationState {
    let connected = status == AuthorizationStatus::Succeeded;
    AuthorizationState {
        authorization_id: "ath_1".into(),
        service_name: "xero".into(),
        version: 1,
        status,
        expires_at: "2026-11-22T10:00:00Z".into(),
        accounts: Vec::new(),
        connection: connected.then(|| connection("xero", ConnectionStatus::Active)),
        failure: None,
    }
}

pub(super) fn started(status: AuthorizationStatus) -> StartedAuthorization {
    let authorization = state(status);
    let nonce = Some("nonce".into());
    StartedAuthorization {
        authorization,
        kind: AuthorizationKind::Popup,
        nonce,
    }
}

pub(super) fn failed(code: ErrorCode) -> Message {
    let failure = Failure {
        code,
        message: "Why.".into(),
        recoverable: true,
    };
    Message::Polled(AuthorizationState {
        failure: Some(failure),
        ..state(AuthorizationStatus::Failed)
    })
}

#[test]
fn connects_through_the_other_window() {
    let mut visit = Visit::at_the_picker();
    visit.gets(Message::Pick(Arc::new(service("xero", "Xero")), None));
    assert_eq!(
        visit.told(),
        [&Event::Select {
            service_name: "xero".into()
        }]
    );
    visit.gets(Message::Submit(BTreeMap::new()));
    assert_eq!(visit.asked, [Command::OpenWindow]);
    visit.gets(Message::WindowOpened);
    assert!(matches!(visit.asked[..], [Command::Start(_)]));
    visit.gets(Message::Started(started(AuthorizationStatus::Pending)));
    assert!(matches!(
        visit.asked[..],
        [
            Command::Emit(Event::Authorization { .. }),
            Command::Introduce { .. },
            Command::Watch { .. }
        ]
    ));
    visit.gets(Message::Polled(state(AuthorizationStatus::Pending)));
    assert_eq!(visit.step.stage(), Stage::Waiting);
    visit.gets(Message::Polled(state(AuthorizationStatus::Succeeded)));
    assert_eq!(visit.step.stage(), Stage::Success);
    assert_eq!(visit.asked[..2], [Command::Rest, Command::CloseWindow]);
    assert!(matches!(visit.told()[..], [Event::Connect { .. }]));
}

#[test]
fn a_blocked_window_waits_for_a_click_before_anything_is_started() {
    let mut visit = Visit::at_the_picker();
    visit.picks(Arc::new(service("xero", "Xero")));
    visit.gets(Message::WindowBlocked);
    assert_eq!(visit.step.stage(), Stage::Blocked);
    let code = ErrorCode::PopupBlocked;
    assert!(matches!(visit.told()[..], [Event::Error { code: told, .. }] if *told == code));
    visit.gets(Message::OpenAgain);
    assert_eq!(visit.asked, [Command::OpenWindow]);
    visit.gets(Message::WindowOpened);
    assert!(matches!(visit.asked[..], [Command::Start(_)]));
    assert_eq!(visit.step.stage(), Stage::Waiting);
}

#[test]
fn a_closed_window_is_a_hint_and_success_still_counts() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::WindowClosed);
    assert!(visit.asked.contains(&Command::Hurry));
    assert!(matches!(&visit.step, Step::Waiting(waiting) if waiting.window == Window::Closed));
    visit.gets(Message::Polled(state(AuthorizationStatus::Succeeded)));
    assert_eq!(visit.step.stage(), Stage::Success);
}

#[test]
fn a_window_opened_again_gets_a_fresh_nonce_and_no_second_authorization() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::WindowClosed);
    visit.gets(Message::OpenAgain);
    visit.gets(Message::WindowOpened);
    assert_eq!(visit.asked, [Command::RenewNonce("ath_1".into())]);
    visit.gets(Message::Renewed("fresh".into()));
    let (authorization_id, nonce) = ("ath_1".into(), "fresh".into());
    assert_eq!(
        visit.asked,
        [Command::Introduce {
            authorization_id,
            nonce
        }]
    );
}

#[test]
fn opening_again_before_the_server_has_answered_starts_nothing_twice() {
    let mut visit = Visit::at_the_picker();
    visit.picks(Arc::new(service("xero", "Xero")));
    visit.gets(Message::WindowOpened);
    visit.gets(Message::OpenAgain);
    visit.gets(Message::WindowOpened);
    assert!(visit.asked.is_empty());
}

#[test]
fn cancelling_goes_back_to_the_list_and_tells_the_server() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::Cancel);
    assert_eq!(visit.step, Step::Picker);
    assert!(matches!(
        &visit.asked[..],
        [Command::Rest, Command::CloseWindow, Command::Cancel(id, _)] if id == "ath_1"
    ));
}

#[test]
fn late_success_after_cancelling_is_shown_but_never_interrupts() {
    let xero = Arc::new(service("xero", "Xero"));
    let late = Message::ConnectedAfterAll(
        Arc::clone(&xero),
        connection("xero", ConnectionStatus::Active),
    );
    let mut visit = Visit::at_the_picker();
    visit.gets(late.clone());
    assert_eq!(visit.step.stage(), Stage::Success);
    let mut visit = Visit::at_the_picker();
    visit.gets(Message::Pick(xero, None));
    visit.gets(late);
    assert_eq!(visit.step.stage(), Stage::Consent);
    assert!(matches!(visit.told()[..], [Event::Connect { .. }]));
}

#[test]
fn a_denial_can_be_tried_again_or_left() {
    let mut visit = Visit::at_the_service();
    visit.gets(failed(ErrorCode::Denied));
    assert_eq!(visit.step.stage(), Stage::Failure);
    let mut again = Visit {
        step: visit.step.clone(),
        asked: Vec::new(),
    };
    again.gets(Message::Retry);
    assert_eq!(again.step.stage(), Stage::Consent);
    visit.gets(Message::ChooseAnother);
    assert_eq!(visit.step, Step::Picker);
}

#[test]
fn one_of_several_accounts_is_chosen() {
    let account = |id: &str| Account {
        account_id: id.into(),
        name: id.into(),
    };
    let accounts = vec![account("a"), account("b")];
    let choose = AuthorizationState {
        accounts,
        ..state(AuthorizationStatus::ChooseAccount)
    };
    let mut visit = Visit::at_the_service();
    visit.gets(Message::Polled(choose.clone()));
    assert_eq!(visit.step.stage(), Stage::AccountChoice);
    visit.ignores(Message::Choose("c".into()));
    visit.gets(Message::Choose("b".into()));
    let (authorization_id, account_id) = ("ath_1".into(), "b".into());
    assert_eq!(
        visit.asked,
        [Command::Choose {
            authorization_id,
            account_id
        }]
    );
    visit.ignores(Message::Choose("a".into()));
    visit.gets(Message::Polled(choose));
    assert_eq!(visit.step.phase(), Phase::Sending);
    visit.gets(Message::Polled(state(AuthorizationStatus::Succeeded)));
    assert_eq!(visit.step.stage(), Stage::Success);
}

#[test]
fn a_service_without_a_window_connects_at_once() {
    let mut sandbox = service("sandbox", "Sandbox");
    sandbox.authorization = AuthorizationKind::Instant;
    let mut visit = Visit::at_the_picker();
    visit.picks(Arc::new(sandbox));
    assert!(matches!(visit.asked[..], [Command::Start(_)]));
    assert_eq!(visit.step.phase(), Phase::Sending);
    visit.gets(Message::Started(started(AuthorizationStatus::Succeeded)));
    assert_eq!(visit.step.stage(), Stage::Success);
    assert!(matches!(
        visit.told()[..],
        [Event::Authorization { .. }, Event::Connect { .. }]
    ));
}

#[test]
fn a_refused_field_brings_the_form_back_with_what_was_entered() {
    let mut shopify = service("shopify", "Shopify");
    shopify.fields = vec![Field {
        name: "shop".into(),
        label: "Shop address".into(),
        kind: FieldKind::Text,
        required: true,
        pattern: None,
        suffix: None,
        example: None,
        default: Some("harbor".into()),
        options: Vec::new(),
    }];
    let shopify = Arc::new(shopify);
    assert_eq!(
        Attempt::new(Arc::clone(&shopify), None).fields["shop"],
        "harbor"
    );
    let mut visit = Visit::at_the_picker();
    visit.gets(Message::Pick(shopify, None));
    let fields = BTreeMap::from([("shop".to_owned(), "harbor!".to_owned())]);
    visit.gets(Message::Submit(fields.clone()));
    visit.gets(Message::WindowOpened);
    let mut trouble = Trouble::local(ErrorCode::InvalidRequest, "Not a shop.");
    trouble.field = Some("fields.shop".into());
    visit.gets(Message::Refused(trouble));
    let Step::Consent(consent) = &visit.step else {
        panic!("{:?}", visit.step)
    };
    assert_eq!(consent.attempt.fields, fields);
    assert_eq!(
        consent.refusal.as_ref().map(|refusal| &*refusal.field),
        Some("shop")
    );
}

#[test]
fn done_asks_where_to_go_and_leaves_once() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::Polled(state(AuthorizationStatus::Succeeded)));
    visit.gets(Message::Done);
    assert_eq!(visit.asked, [Command::Finish]);
    visit.ignores(Message::Done);
    visit.gets(Message::Finished(Some(
        "https://lender.example/done".into(),
    )));
    assert!(matches!(
        visit.asked[..],
        [
            Command::Emit(Event::Redirect { .. }),
            Command::Exit(ExitReason::Redirected),
            Command::Redirect(_)
        ]
    ));
}

#[test]
fn closing_in_the_middle_gives_the_attempt_up_before_it_exits() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::Close);
    assert!(matches!(
        visit.asked[..],
        [
            Command::Rest,
            Command::CloseWindow,
            Command::Cancel(..),
            Command::Exit(ExitReason::Closed)
        ]
    ));
}

#[test]
fn a_lost_line_is_shown_and_an_answer_mends_it() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::Line(Link::Reconnecting));
    assert_eq!(visit.step.link(), Link::Reconnecting);
    visit.gets(Message::Polled(state(AuthorizationStatus::Pending)));
    assert_eq!(visit.step.link(), Link::Live);
}

#[test]
fn answers_that_come_too_late_change_nothing() {
    let visit = Visit::at_the_picker();
    visit.ignores(Message::Polled(state(AuthorizationStatus::Failed)));
    visit.ignores(Message::Started(started(AuthorizationStatus::Pending)));
    visit.ignores(Message::Loaded("wid_1".into()));
    visit.ignores(Message::WindowClosed);
}
