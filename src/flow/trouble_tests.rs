//! The ways an attempt can go wrong, and how each goes on, told message by message.

use super::session::samples::{connection, service};
use super::tests::{Visit, failed, started, state};
use super::{Asked, Attempt, Command, Message, Resumed, Stage, Step, Trouble, Waiting, Window};
use railhead_protocol::{AuthorizationStatus, ConnectionStatus, ErrorCode, Event};
use std::collections::BTreeMap;
use std::sync::Arc;

fn codes(visit: &Visit) -> Vec<ErrorCode> {
    let told = visit.told();
    told.into_iter()
        .filter_map(|event| match event {
            Event::Error { code, .. } => Some(*code),
            _ => None,
        })
        .collect()
}

fn resumed(status: Option<AuthorizationStatus>, returned: bool) -> Message {
    Message::Resumed(Resumed {
        attempt: Attempt::new(Arc::new(service("xero", "Xero")), None),
        state: status.map(state),
        returned,
        told: false,
    })
}

fn ended() -> Message {
    let why = "The session's token is expired.";
    Message::Refused(Trouble::local(ErrorCode::SessionExpired, why))
}

#[test]
fn goes_on_in_its_own_tab_where_no_window_opens() {
    let mut visit = Visit::at_the_picker();
    visit.picks(Arc::new(service("xero", "Xero")));
    visit.gets(Message::WindowBlocked);
    assert_eq!(codes(&visit), [ErrorCode::PopupBlocked]);
    visit.gets(Message::LeaveTab);
    assert_eq!(visit.step.stage(), Stage::OwnTab);
    assert!(matches!(
        visit.asked[..],
        [Command::CloseWindow, Command::Start(_)]
    ));
    visit.ignores(Message::LeaveTab);
    visit.gets(Message::Started(started(AuthorizationStatus::Pending)));
    let leaves = visit.asked.contains(&Command::Leave("ath_1".into()));
    let introduces = |command: &Command| matches!(command, Command::Introduce { .. });
    assert!(leaves && !visit.asked.iter().any(introduces));
}

#[test]
fn a_window_that_was_cut_off_can_be_given_up_for_the_own_tab() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::WindowClosed);
    visit.gets(Message::LeaveTab);
    assert_eq!(
        visit.asked,
        [Command::CloseWindow, Command::Leave("ath_1".into())]
    );
    // The page was only put aside by the browser, and comes back as it was.
    visit.gets(Message::TabShown);
    assert_eq!(visit.step.window(), Window::Unknown);
    visit.gets(Message::OpenAgain);
    assert_eq!(visit.asked, [Command::OpenWindow]);
    visit.gets(Message::WindowOpened);
    assert_eq!(visit.step.stage(), Stage::Waiting);
    visit.ignores(Message::TabShown);
}

#[test]
fn says_that_the_window_was_closed_only_when_the_server_still_waits() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::WindowClosed);
    assert_eq!(visit.asked, [Command::Hurry, Command::Look("ath_1".into())]);
    let mut finished = Visit {
        step: visit.step.clone(),
        asked: Vec::new(),
    };
    finished.gets(Message::Polled(state(AuthorizationStatus::Succeeded)));
    assert_eq!(codes(&finished), []);

    visit.gets(Message::Polled(state(AuthorizationStatus::Pending)));
    assert_eq!(codes(&visit), [ErrorCode::PopupClosed]);
    visit.gets(Message::Polled(state(AuthorizationStatus::Pending)));
    assert_eq!(codes(&visit), [], "once is enough");
    // The window was only hidden from its opener.
    visit.gets(Message::Polled(state(AuthorizationStatus::Succeeded)));
    assert_eq!(visit.step.stage(), Stage::Success);
}

#[test]
fn a_page_loaded_again_goes_on_where_the_person_was() {
    for (status, returned, stage) in [
        (None, false, Stage::Consent),
        (Some(AuthorizationStatus::Pending), false, Stage::Waiting),
        (Some(AuthorizationStatus::Pending), true, Stage::OwnTab),
        (
            Some(AuthorizationStatus::ChooseAccount),
            true,
            Stage::AccountChoice,
        ),
        (Some(AuthorizationStatus::Succeeded), true, Stage::Success),
        (Some(AuthorizationStatus::Expired), true, Stage::Failure),
        (Some(AuthorizationStatus::Failed), true, Stage::Failure),
    ] {
        let mut visit = Visit::at_the_picker();
        visit.gets(resumed(status, returned));
        assert_eq!(visit.step.stage(), stage, "{status:?}");
        let watches = visit
            .asked
            .iter()
            .any(|command| matches!(command, Command::Watch { .. }));
        let is_open = matches!(
            status,
            Some(AuthorizationStatus::Pending | AuthorizationStatus::ChooseAccount)
        );
        assert_eq!(watches, is_open, "{status:?}");
    }
    let mut visit = Visit::at_the_picker();
    visit.gets(resumed(Some(AuthorizationStatus::Succeeded), false));
    assert!(matches!(visit.told()[..], [Event::Connect { .. }]));
}

#[test]
fn what_is_under_way_is_not_replaced_by_what_was() {
    let visit = Visit::at_the_service();
    visit.ignores(resumed(Some(AuthorizationStatus::Pending), false));
}

#[test]
fn time_that_the_host_page_limits_runs_out_once() {
    let mut visit = Visit::at_the_service();
    visit.gets(Message::TimeUp);
    assert_eq!(codes(&visit), [ErrorCode::TimedOut]);
    let cancels = |command: &Command| matches!(command, Command::Cancel(id, _) if id == "ath_1");
    assert!(visit.asked.iter().any(cancels));
    assert_eq!(visit.step.stage(), Stage::Failure);
    visit.ignores(Message::TimeUp);
    visit.gets(Message::Retry);
    assert_eq!(visit.step.stage(), Stage::Consent);
}

#[test]
fn a_session_that_ended_is_replaced_and_the_chosen_service_stays() {
    let mut visit = Visit::at_the_service();
    visit.gets(ended());
    assert_eq!(codes(&visit), [ErrorCode::SessionExpired]);
    visit.gets(Message::Retry);
    assert_eq!(visit.asked, [Command::RenewSession]);
    // It can be seen to be under way, and is not asked for twice.
    assert_eq!(visit.step.stage(), Stage::Consent);
    assert!(visit.step.is_busy());
    visit.ignores(Message::Retry);
    // The widget may not begin sessions by itself: the host page is asked again.
    visit.gets(ended());
    assert_eq!(codes(&visit), [ErrorCode::SessionExpired]);
    visit.gets(Message::Retry);
    visit.gets(Message::SessionBack);
    let Step::Consent(consent) = &visit.step else {
        panic!("{:?}", visit.step)
    };
    assert_eq!(consent.attempt.service.service_name, "xero");
    visit.ignores(Message::SessionBack);
}

#[test]
fn what_the_host_page_knows_already_is_shown_again_and_not_told_again() {
    let again = |told| {
        let mut visit = Visit::at_the_picker();
        let Message::Resumed(resumed) = resumed(Some(AuthorizationStatus::Succeeded), false) else {
            unreachable!()
        };
        visit.gets(Message::Resumed(Resumed { told, ..resumed }));
        assert_eq!(visit.step.stage(), Stage::Success);
        visit.told().len()
    };
    assert_eq!((again(false), again(true)), (1, 0));
}

#[test]
fn whoever_signs_in_with_another_account_may_connect_that_one() {
    let mut visit = Visit::at_the_service();
    visit.gets(failed(ErrorCode::WrongAccount));
    let service = Arc::new(service("xero", "Xero"));
    visit.gets(Message::Pick(service, None));
    let Step::Consent(consent) = &visit.step else {
        panic!("{:?}", visit.step)
    };
    assert_eq!(consent.attempt.connection_id, None);
}

#[test]
fn leaving_is_tried_again_after_what_passes_and_after_coming_back() {
    let refused = |code, recoverable| {
        Message::Refused(Trouble {
            recoverable,
            ..Trouble::local(code, "why")
        })
    };
    let leaving = || {
        let mut visit = Visit::at_the_service();
        visit.gets(Message::Polled(state(AuthorizationStatus::Succeeded)));
        visit.gets(Message::Done);
        assert!(visit.step.is_busy());
        visit
    };
    let mut away = leaving();
    away.gets(refused(ErrorCode::Offline, true));
    assert_eq!(codes(&away), [ErrorCode::Offline]);
    assert_eq!(away.step.stage(), Stage::Success);
    away.gets(Message::Done);
    assert_eq!(away.asked, [Command::Finish]);
    let mut back = leaving();
    back.gets(Message::TabShown);
    assert!(!back.step.is_busy());
    let mut wrong = leaving();
    wrong.gets(refused(ErrorCode::InvalidReturnUrl, false));
    assert_eq!(wrong.step.stage(), Stage::Farewell);
}

#[test]
fn late_good_news_is_told_always_and_shown_where_nothing_else_is_under_way() {
    let news = || {
        let connection = connection("sage", ConnectionStatus::Active);
        Message::ConnectedAfterAll(Arc::new(service("sage", "Sage")), connection)
    };
    let mut idle = Visit::at_the_service();
    idle.gets(Message::Cancel);
    idle.gets(news());
    assert_eq!(idle.step.stage(), Stage::Success);
    let mut busy = Visit::at_the_service();
    busy.gets(news());
    assert_eq!(busy.step.stage(), Stage::Waiting);
    let mut failed_before = Visit::at_the_service();
    failed_before.gets(failed(ErrorCode::Denied));
    failed_before.gets(news());
    assert_eq!(failed_before.step.stage(), Stage::Failure);
    for visit in [idle, busy, failed_before] {
        assert!(matches!(visit.told()[..], [Event::Connect { .. }]));
    }
}

#[test]
fn a_step_knows_what_it_has_under_way() {
    let mut visit = Visit::at_the_picker();
    assert_eq!(visit.step.attempt(), None);
    visit.gets(Message::Pick(Arc::new(service("xero", "Xero")), None));
    assert!(visit.step.attempt().is_some());
    assert_eq!(visit.step.authorization_id(), None);
    visit.gets(Message::Submit(BTreeMap::new()));
    visit.gets(Message::WindowOpened);
    assert!(matches!(
        visit.step,
        Step::Waiting(Waiting {
            asked: Asked::Sent,
            ..
        })
    ));
    visit.gets(Message::Started(started(AuthorizationStatus::Pending)));
    assert_eq!(visit.step.authorization_id(), Some("ath_1"));
}
