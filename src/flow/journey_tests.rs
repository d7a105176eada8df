//! The way through several kinds of service, told message by message.

use super::session::samples::{connection, service};
use super::{
    Command, Details, Journey, Mark, Message, Milestone, Phase, Plan, Stage, Step, Success,
    Trouble, progress,
};
use railhead_protocol::{
    Connection, ConnectionStatus, ErrorCode, Event, ExitReason, ServiceCard, ServiceKind,
};
use std::sync::Arc;

/// A flow on its way, with what there is to connect and what is connected.
pub(super) struct Walk {
    pub(super) step: Step,
    pub(super) journey: Journey,
    pub(super) plan: Plan,
    pub(super) services: Vec<Arc<ServiceCard>>,
    pub(super) connections: Vec<Connection>,
    pub(super) asked: Vec<Command>,
}

fn of_kind(name: &str, kind: ServiceKind) -> Arc<ServiceCard> {
    Arc::new(ServiceCard {
        kind,
        ..service(name, name)
    })
}

impl Walk {
    pub(super) fn begin(plan: Plan) -> Self {
        let services = vec![
            of_kind("xero", ServiceKind::Accounting),
            of_kind("shopify", ServiceKind::Commerce),
            of_kind("stripe", ServiceKind::Payments),
        ];
        let mut walk = Self {
            step: Step::Loading,
            journey: Journey::default(),
            plan,
            services,
            connections: Vec::new(),
            asked: Vec::new(),
        };
        walk.lay();
        walk.gets(Message::Loaded("wid_1".into()));
        walk
    }

    pub(super) fn lay(&mut self) {
        self.journey
            .lay(&self.plan, &self.services, &self.connections);
    }

    pub(super) fn gets(&mut self, message: Message) {
        let step = self.step.clone();
        let (step, commands) = step
            .advance(message, &mut self.journey)
            .expect("it means something");
        (self.step, self.asked) = (step, commands);
    }

    fn ignores(&mut self, message: Message) {
        let before = self.journey.clone();
        let refused = self
            .step
            .clone()
            .advance(message, &mut self.journey)
            .expect_err("it means nothing");
        assert_eq!((&refused.0, &self.journey), (&self.step, &before));
    }

    /// A service of the present stop is connected.
    pub(super) fn connects(&mut self, place: usize) {
        let service = Arc::clone(&self.services[place]);
        let connection = connection(&service.service_name, ConnectionStatus::Active);
        self.connections.push(connection.clone());
        self.lay();
        let phase = Phase::Asking;
        self.step = Step::Success(Success {
            service,
            connection,
            phase,
        });
    }

    pub(super) fn at(&self) -> (Stage, Option<ServiceKind>) {
        (self.step.stage(), self.journey.stop().kind)
    }

    fn marks(&self) -> Vec<Mark> {
        let marks = progress(&self.step, &self.journey).into_iter();
        marks.map(|(_, mark)| mark).collect()
    }
}

pub(super) fn kinds(kinds: &[ServiceKind]) -> Plan {
    Plan {
        kinds: kinds.into(),
        ..Plan::default()
    }
}

pub(super) const ACCOUNTING: ServiceKind = ServiceKind::Accounting;
pub(super) const COMMERCE: ServiceKind = ServiceKind::Commerce;
pub(super) const PAYMENTS: ServiceKind = ServiceKind::Payments;

#[test]
fn without_kinds_there_is_one_list_and_the_way_is_as_short_as_can_be() {
    let mut walk = Walk::begin(Plan::default());
    assert_eq!(walk.at(), (Stage::Picker, None));
    assert!(walk.journey.is_short());
    assert_eq!(walk.journey.depth(&walk.step), Some(0));
    walk.ignores(Message::Back);
    let milestones: Vec<_> = progress(&walk.step, &walk.journey)
        .into_iter()
        .map(|(milestone, _)| milestone)
        .collect();
    assert_eq!(
        milestones,
        [
            Milestone::Choose,
            Milestone::Agree,
            Milestone::SignIn,
            Milestone::Done
        ]
    );
    walk.connects(0);
    walk.gets(Message::Done);
    assert_eq!(walk.asked, [Command::Finish]);
}

#[test]
fn one_kind_is_as_short_and_narrower() {
    let walk = Walk::begin(kinds(&[COMMERCE]));
    assert_eq!(walk.at(), (Stage::Picker, Some(COMMERCE)));
    assert!(walk.journey.is_short());
}

#[test]
fn several_kinds_are_gone_through_in_their_order_from_the_overview_to_the_summary() {
    let mut walk = Walk::begin(kinds(&[PAYMENTS, ACCOUNTING]));
    assert_eq!(walk.step, Step::Overview);
    walk.gets(Message::Next);
    assert_eq!(walk.at(), (Stage::Picker, Some(PAYMENTS)));
    walk.connects(2);
    walk.gets(Message::Next);
    assert_eq!(walk.at(), (Stage::Picker, Some(ACCOUNTING)));
    walk.gets(Message::Next);
    assert_eq!(walk.step, Step::Summary(Phase::Asking));
    assert_eq!(
        walk.marks(),
        [Mark::Done, Mark::Done, Mark::Skipped, Mark::Current]
    );
    walk.gets(Message::Done);
    assert_eq!(walk.asked, [Command::Finish]);
    walk.gets(Message::Finished(None));
    assert_eq!(walk.step, Step::Farewell);
    assert_eq!(walk.asked, [Command::Exit(ExitReason::Done)]);
    walk.gets(Message::Reopen);
    assert_eq!(
        (&walk.step, &*walk.asked),
        (&Step::Overview, &[Command::Open][..])
    );
}

#[test]
fn a_kind_that_is_offered_by_nobody_is_no_stop() {
    let walk = Walk::begin(Plan {
        required: vec![ServiceKind::Banking],
        ..kinds(&[ServiceKind::Banking, COMMERCE])
    });
    assert_eq!(walk.at(), (Stage::Picker, Some(COMMERCE)));
    assert_eq!(walk.journey.stops().len(), 1);
}

#[test]
fn required_kinds_make_stops_even_where_no_order_is_given() {
    let walk = Walk::begin(Plan {
        required: vec![COMMERCE],
        ..Plan::default()
    });
    let stops = walk.journey.stops().iter();
    let told: Vec<_> = stops.map(|stop| (stop.kind, stop.required)).collect();
    assert_eq!(
        told,
        [
            (Some(ACCOUNTING), false),
            (Some(COMMERCE), true),
            (Some(PAYMENTS), false)
        ]
    );
}

#[test]
fn a_required_kind_is_passed_only_with_a_connection_that_is_active() {
    let mut walk = Walk::begin(Plan {
        required: vec![ACCOUNTING],
        ..kinds(&[ACCOUNTING, COMMERCE])
    });
    walk.gets(Message::Next);
    walk.ignores(Message::Next);
    walk.connections = vec![connection("xero", ConnectionStatus::Expired)];
    walk.lay();
    walk.ignores(Message::Next);
    walk.connections = vec![connection("xero", ConnectionStatus::Active)];
    walk.lay();
    walk.gets(Message::Next);
    assert_eq!(walk.at(), (Stage::Picker, Some(COMMERCE)));
}

#[test]
fn where_nothing_may_be_skipped_every_kind_is_required() {
    let mut walk = Walk::begin(Plan {
        strict: true,
        ..Plan::default()
    });
    assert_eq!(walk.at(), (Stage::Picker, None));
    walk.ignores(Message::Next);
    walk.connects(1);
    walk.gets(Message::ChooseAnother);
    walk.gets(Message::Next);
    assert_eq!(walk.step.stage(), Stage::Summary);
}

#[test]
fn the_overview_comes_and_goes_as_it_is_asked_for() {
    let walk = Walk::begin(Plan {
        overview: Some(false),
        ..kinds(&[ACCOUNTING, COMMERCE])
    });
    assert_eq!(walk.step.stage(), Stage::Picker);
    let walk = Walk::begin(Plan {
        overview: Some(true),
        ..Plan::default()
    });
    assert_eq!(walk.step, Step::Overview);
    assert_eq!(
        walk.marks(),
        [
            Mark::Current,
            Mark::Ahead,
            Mark::Ahead,
            Mark::Ahead,
            Mark::Ahead
        ]
    );
}

#[test]
fn back_goes_one_step_back_from_everywhere_and_never_past_the_beginning() {
    let mut walk = Walk::begin(kinds(&[ACCOUNTING, COMMERCE]));
    walk.gets(Message::Next);
    walk.gets(Message::Next);
    walk.gets(Message::Pick(Arc::clone(&walk.services[1]), None));
    let mut told = Vec::new();
    loop {
        told.push((walk.at(), walk.journey.depth(&walk.step)));
        if walk.journey.depth(&walk.step) == Some(0) {
            break;
        }
        walk.gets(Message::Back);
    }
    assert_eq!(
        told,
        [
            ((Stage::Consent, Some(COMMERCE)), Some(3)),
            ((Stage::Picker, Some(COMMERCE)), Some(2)),
            ((Stage::Picker, Some(ACCOUNTING)), Some(1)),
            ((Stage::Overview, Some(ACCOUNTING)), Some(0)),
        ]
    );
    walk.ignores(Message::Back);
}

#[test]
fn what_was_passed_over_can_be_made_up_for_from_the_summary() {
    let mut walk = Walk::begin(kinds(&[ACCOUNTING, COMMERCE]));
    for _ in 0..3 {
        walk.gets(Message::Next);
    }
    walk.ignores(Message::Visit(2));
    walk.gets(Message::Visit(0));
    assert_eq!(walk.at(), (Stage::Picker, Some(ACCOUNTING)));
    assert_eq!(
        walk.marks(),
        [Mark::Done, Mark::Current, Mark::Skipped, Mark::Ahead]
    );
    walk.connects(0);
    walk.gets(Message::Next);
    walk.gets(Message::Next);
    assert_eq!(
        walk.marks(),
        [Mark::Done, Mark::Done, Mark::Skipped, Mark::Current]
    );
    walk.gets(Message::Back);
    assert_eq!(walk.at(), (Stage::Picker, Some(COMMERCE)));
}

#[test]
fn good_news_about_a_stop_that_lies_behind_does_not_pass_the_present_one() {
    let mut walk = Walk::begin(kinds(&[ACCOUNTING, COMMERCE]));
    walk.gets(Message::Next);
    walk.gets(Message::Next);
    walk.connects(0);
    walk.gets(Message::Next);
    assert_eq!(walk.at(), (Stage::Picker, Some(COMMERCE)));
    assert!(!walk.journey.stop().skipped);
}

#[test]
fn a_new_plan_keeps_the_person_where_they_are_if_that_is_still_there() {
    let mut walk = Walk::begin(kinds(&[ACCOUNTING, COMMERCE, PAYMENTS]));
    walk.gets(Message::Next);
    walk.gets(Message::Next);
    walk.plan = kinds(&[PAYMENTS, COMMERCE]);
    walk.lay();
    assert_eq!((walk.journey.here(), walk.at().1), (1, Some(COMMERCE)));
    walk.plan = kinds(&[PAYMENTS]);
    walk.lay();
    assert_eq!((walk.journey.here(), walk.at().1), (0, Some(PAYMENTS)));
}

#[test]
fn a_connection_is_renewed_joined_by_another_or_ended_after_one_more_question() {
    let mut walk = Walk::begin(Plan::default());
    let xero = Arc::clone(&walk.services[0]);
    let known = connection("xero", ConnectionStatus::Active);
    walk.gets(Message::Show(Arc::clone(&xero)));
    assert!(matches!(
        walk.asked[..],
        [Command::Emit(Event::Select { .. })]
    ));
    let shown = walk.step.clone();
    walk.gets(Message::Pick(xero, Some("con_xero".into())));
    assert!(
        matches!(&walk.step, Step::Consent(consent) if consent.attempt.connection_id.is_some())
    );

    walk.step = shown.clone();
    walk.ignores(Message::Disconnect);
    walk.gets(Message::End(known));
    assert_eq!(walk.step.stage(), Stage::Disconnect);
    assert!(walk.asked.is_empty(), "nothing happens before the answer");
    walk.gets(Message::Cancel);
    assert_eq!(walk.step, shown);
}

#[test]
fn ending_a_connection_asks_the_server_once_and_says_when_that_fails() {
    let mut walk = Walk::begin(Plan::default());
    walk.gets(Message::Show(Arc::clone(&walk.services[0])));
    walk.gets(Message::End(connection("xero", ConnectionStatus::Active)));
    walk.gets(Message::Disconnect);
    assert_eq!(walk.asked, [Command::Disconnect("con_xero".into())]);
    walk.ignores(Message::Disconnect);
    walk.ignores(Message::Back);
    let trouble = Trouble::local(ErrorCode::Offline, "No line.");
    walk.gets(Message::Refused(trouble.clone()));
    let said = |step: &Step| match step {
        Step::Details(Details { trouble, .. }) => trouble.clone(),
        _ => None,
    };
    assert_eq!(said(&walk.step), Some(trouble));
    walk.gets(Message::Disconnect);
    assert_eq!(said(&walk.step), None);
    walk.gets(Message::Disconnected);
    assert_eq!(walk.step, Step::Picker);
}
