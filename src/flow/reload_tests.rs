//! The way through several kinds of service, gone on with after the page was loaded again.

use super::journey_tests::{ACCOUNTING, COMMERCE, PAYMENTS, Walk, kinds};
use super::session::samples::connection;
use super::{Journey, Message, Plan, Stage, Step};
use railhead_protocol::ConnectionStatus;

/// The page is loaded again: another life of the same visit.
fn reloads(walk: &Walk) -> Walk {
    let mut again = Walk {
        step: Step::Loading,
        journey: Journey::default(),
        plan: walk.plan.clone(),
        services: walk.services.clone(),
        connections: walk.connections.clone(),
        asked: Vec::new(),
    };
    again.lay();
    again.journey.take_up(&walk.journey.written(&walk.step));
    again.gets(Message::Loaded("wid_1".into()));
    again
}

#[test]
fn a_reload_goes_on_at_the_same_list_and_knows_what_was_passed_over() {
    let mut walk = Walk::begin(kinds(&[ACCOUNTING, COMMERCE, PAYMENTS]));
    assert_eq!(walk.journey.written(&walk.step), "");
    assert_eq!(reloads(&walk).at().0, Stage::Overview);
    walk.gets(Message::Next);
    assert_eq!(reloads(&walk).at(), (Stage::Picker, Some(ACCOUNTING)));
    walk.gets(Message::Next);
    walk.gets(Message::Next);
    let mut again = reloads(&walk);
    assert_eq!(again.at(), (Stage::Picker, Some(PAYMENTS)));
    // Of what lies ahead, too.
    again.gets(Message::Back);
    again.gets(Message::Back);
    assert_eq!(reloads(&again).journey.stops(), again.journey.stops());
    let again = reloads(&walk);
    assert_eq!(again.journey.stops(), walk.journey.stops());
    walk.connects(2);
    walk.gets(Message::Next);
    let mut again = reloads(&walk);
    assert_eq!(again.at().0, Stage::Summary);
    assert_eq!(again.journey.stops(), walk.journey.stops());
    // What comes after an end is another visit.
    again.gets(Message::Done);
    again.gets(Message::Finished(None));
    assert_eq!(again.journey.written(&again.step), "");
    again.gets(Message::Reopen);
    assert_eq!(again.at().0, Stage::Overview);
}

#[test]
fn a_reload_passes_nothing_that_has_to_be_connected_and_trusts_no_other_way() {
    let plan = Plan {
        required: vec![ACCOUNTING],
        ..kinds(&[ACCOUNTING, COMMERCE])
    };
    let mut walk = Walk::begin(plan);
    walk.gets(Message::Next);
    walk.connects(0);
    walk.gets(Message::Next);
    assert_eq!(reloads(&walk).at(), (Stage::Picker, Some(COMMERCE)));
    walk.connections.clear();
    assert_eq!(reloads(&walk).at(), (Stage::Picker, Some(ACCOUNTING)));
    for foreign in ["znn", "bnnn", "b", "", "\u{e9}nn"] {
        let mut journey = walk.journey.clone();
        journey.take_up(foreign);
        assert_eq!(journey, walk.journey, "{foreign}");
    }
}

#[test]
fn what_was_passed_over_and_connected_late_is_not_passed_over() {
    let mut walk = Walk::begin(kinds(&[ACCOUNTING, COMMERCE]));
    walk.gets(Message::Next);
    walk.gets(Message::Next);
    assert!(walk.journey.stops()[0].skipped);
    let late = connection("xero", ConnectionStatus::Active);
    walk.connections.push(late);
    walk.lay();
    assert!(walk.journey.stops()[0].connected && !walk.journey.stops()[0].skipped);
}
