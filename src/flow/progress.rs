//! How far the person has come, for the progress bar: named steps, derived from what is offered.

use super::journey::Journey;
use super::step::{Stage, Step};
use railhead_protocol::ServiceKind;

/// What a step of the progress bar is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Milestone {
    /// The overview.
    Overview,
    /// A kind of service.
    Kind(ServiceKind),
    /// Choosing a service.
    Choose,
    /// Consenting.
    Agree,
    /// Signing in at the service.
    SignIn,
    /// The end.
    Done,
}

/// How a step of the progress bar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Behind.
    Done,
    /// Behind, with nothing connected.
    Skipped,
    /// The person is there.
    Current,
    /// Ahead.
    Ahead,
}

/// The steps of the progress bar, each with how it stands.
#[must_use]
pub fn progress(step: &Step, journey: &Journey) -> Vec<(Milestone, Mark)> {
    let stage = step.stage();
    let mut milestones = Vec::new();
    if journey.has_overview() {
        milestones.push((Milestone::Overview, Mark::Done));
    }
    let first = milestones.len();
    let current = if journey.is_short() {
        let short = [
            Milestone::Choose,
            Milestone::Agree,
            Milestone::SignIn,
            Milestone::Done,
        ];
        milestones.extend(short.map(|milestone| (milestone, Mark::Done)));
        first + of_one(stage)
    } else {
        for stop in journey.stops() {
            let mark = if stop.skipped {
                Mark::Skipped
            } else {
                Mark::Done
            };
            milestones.push((stop.kind.map_or(Milestone::Choose, Milestone::Kind), mark));
        }
        milestones.push((Milestone::Done, Mark::Done));
        if matches!(stage, Stage::Summary | Stage::Farewell) {
            milestones.len() - 1
        } else {
            first + journey.here()
        }
    };
    let current = if matches!(stage, Stage::Loading | Stage::LoadFailed | Stage::Overview) {
        0
    } else {
        current
    };
    for (place, (_, mark)) in milestones.iter_mut().enumerate() {
        if place == current {
            *mark = Mark::Current;
        } else if place > current && *mark == Mark::Done {
            *mark = Mark::Ahead;
        }
    }
    milestones
}

/// The place of a stage where there is one list only.
fn of_one(stage: Stage) -> usize {
    match stage {
        Stage::Loading
        | Stage::LoadFailed
        | Stage::Overview
        | Stage::Picker
        | Stage::Details
        | Stage::Disconnect => 0,
        Stage::Consent => 1,
        Stage::Blocked | Stage::OwnTab | Stage::Waiting | Stage::AccountChoice | Stage::Failure => {
            2
        }
        Stage::Success | Stage::Summary | Stage::Farewell => 3,
    }
}
