//! The way through the kinds of service: which are offered, in which order, which have to be connected, which were
//! passed over, and where the person is.

use super::step::{Stage, Step};
use railhead_protocol::{Connection, ConnectionStatus, ServiceCard, ServiceKind};
use std::sync::Arc;

/// What the widget's settings and the host page's options say about the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The kinds, in the order of the steps; when empty, all of them.
    pub kinds: Vec<ServiceKind>,
    /// The kinds that cannot be passed before one of their services is connected.
    pub required: Vec<ServiceKind>,
    /// Cannot any kind be passed before that?
    pub strict: bool,
    /// Does the way begin with an overview? When absent, it does where there is more than one stop.
    pub overview: Option<bool>,
}

/// One list of services on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The kind of its services; `None` when all are in one list.
    pub kind: Option<ServiceKind>,
    /// Can it only be passed with something connected?
    pub required: bool,
    /// Is something connected?
    pub connected: bool,
    /// Was it passed with nothing connected?
    pub skipped: bool,
}

/// The way, and where the person is on it. There is always at least one stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    stops: Vec<Stop>,
    here: usize,
    overview: bool,
    /// Where an earlier life of this visit was; one past the last stop is the summary.
    was: Option<usize>,
}

const EVERYTHING: Stop = Stop {
    kind: None,
    required: false,
    connected: false,
    skipped: false,
};

impl Default for Journey {
    fn default() -> Self {
        Self {
            stops: vec![EVERYTHING],
            here: 0,
            overview: false,
            was: None,
        }
    }
}

impl Journey {
    /// Lays the way anew: services or connections have changed, or what is asked for. The person stays where they are,
    /// and what was passed over stays so.
    pub fn lay(&mut self, plan: &Plan, services: &[Arc<ServiceCard>], connections: &[Connection]) {
        let kind_of = |connection: &Connection| {
            let is_its = |service: &&Arc<ServiceCard>| {
                service.service_name == connection.service_name
                    && connection.status == ConnectionStatus::Active
            };
            services.iter().find(is_its).map(|service| service.kind)
        };
        let connected: Vec<ServiceKind> = connections.iter().filter_map(kind_of).collect();
        let mut kinds: Vec<Option<ServiceKind>> = Vec::new();
        if plan.kinds.is_empty() && plan.required.is_empty() {
            kinds.push(None);
        } else {
            let all = ServiceKind::ALL;
            let wanted: &[ServiceKind] = if plan.kinds.is_empty() {
                &all
            } else {
                &plan.kinds
            };
            for kind in wanted {
                let offered = services.iter().any(|service| service.kind == *kind);
                if offered && !kinds.contains(&Some(*kind)) {
                    kinds.push(Some(*kind));
                }
            }
        }
        let here = self.stop().kind;
        let stops = kinds.into_iter().map(|kind| {
            let connected = kind.map_or(!connected.is_empty(), |kind| connected.contains(&kind));
            let passed = |stop: &Stop| stop.kind == kind && stop.skipped;
            Stop {
                kind,
                required: plan.strict || kind.is_some_and(|kind| plan.required.contains(&kind)),
                connected,
                // What was passed over may have been connected since.
                skipped: !connected && self.stops.iter().any(passed),
            }
        });
        let mut stops: Vec<Stop> = stops.collect();
        if stops.is_empty() {
            stops.push(EVERYTHING);
        }
        self.here = stops.iter().position(|stop| stop.kind == here).unwrap_or(0);
        self.overview = plan.overview.unwrap_or(stops.len() > 1);
        self.stops = stops;
    }

    /// Where the person is.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.stops.get(self.here).copied().unwrap_or(EVERYTHING)
    }

    /// The place of that stop, from 0.
    #[must_use]
    pub fn here(&self) -> usize {
        self.here
    }

    /// All stops, in their order.
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// Does it begin with an overview?
    #[must_use]
    pub fn has_overview(&self) -> bool {
        self.overview
    }

    /// Is there one list only? Then the way is as short as can be.
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.stops.len() == 1
    }

    /// May the person go on from here?
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        let stop = self.stop();
        stop.connected || !stop.required
    }

    /// Does the present stop have services of this kind?
    #[must_use]
    pub fn is_about(&self, kind: ServiceKind) -> bool {
        self.stop().kind.is_none_or(|here| here == kind)
    }

    /// To the beginning, or, once, to where an earlier life of this visit was.
    pub(super) fn begin(&mut self) -> Step {
        self.here = 0;
        match self.was.take() {
            Some(place) if place == self.stops.len() => {
                self.here = place - 1;
                Step::summary()
            }
            Some(place) => {
                self.here = place;
                Step::Picker
            }
            None if self.overview => Step::Overview,
            None => Step::Picker,
        }
    }

    /// Where the person is in `step`, in letters: the place, then `s` for each stop that was passed over and `n` for each other.
    /// Empty at the beginning.
    #[must_use]
    pub fn written(&self, step: &Step) -> String {
        let place = match step.stage() {
            Stage::Loading | Stage::LoadFailed | Stage::Overview | Stage::Farewell => {
                return String::new();
            }
            Stage::Summary => self.stops.len(),
            _ => self.here,
        };
        if place == 0 && !self.overview {
            return String::new();
        }
        let mut written = String::from(letter(place));
        for stop in &self.stops {
            written.push(if stop.skipped { 's' } else { 'n' });
        }
        written
    }

    /// Goes on where an earlier life of this visit was, if the way is still as long.
    pub fn take_up(&mut self, written: &str) {
        let [place, passed @ ..] = written.as_bytes() else {
            return;
        };
        if passed.len() != self.stops.len() {
            return;
        }
        self.was = (0..=passed.len()).find(|at| letter(*at) as u8 == *place);
        for (at, stop) in self.stops.iter_mut().enumerate() {
            stop.skipped = passed[at] == b's' && !stop.connected;
            // What has to be connected may no longer be.
            if stop.required && !stop.connected {
                self.was = self.was.map(|was| was.min(at));
            }
        }
    }

    /// On to the next stop, or to the summary after the last. `None` when the present one has to be connected first.
    pub(super) fn go_on(&mut self) -> Option<Step> {
        if !self.may_go_on() {
            return None;
        }
        let last = self.here + 1 >= self.stops.len();
        if let Some(stop) = self.stops.get_mut(self.here) {
            stop.skipped = !stop.connected;
        }
        if last {
            return Some(Step::summary());
        }
        self.here += 1;
        Some(Step::Picker)
    }

    /// One stop back. `None` at the beginning.
    pub(super) fn go_back(&mut self) -> Option<Step> {
        if self.here > 0 {
            self.here -= 1;
            return Some(Step::Picker);
        }
        self.overview.then_some(Step::Overview)
    }

    /// To the stop at this place. `None` when there is no such place.
    pub(super) fn visit(&mut self, place: usize) -> Option<Step> {
        let stop = self.stops.get_mut(place)?;
        stop.skipped = false;
        self.here = place;
        Some(Step::Picker)
    }

    /// How many times one can go back from a step. `None` while nothing has loaded, when that is not known yet.
    #[must_use]
    pub fn depth(&self, step: &Step) -> Option<usize> {
        let list = self.here + usize::from(self.overview);
        match step.stage() {
            Stage::Loading => None,
            Stage::LoadFailed | Stage::Overview | Stage::Farewell => Some(0),
            Stage::Picker => Some(list),
            Stage::Details | Stage::Consent | Stage::Failure | Stage::Success | Stage::Summary => {
                Some(list + 1)
            }
            Stage::Disconnect
            | Stage::Blocked
            | Stage::OwnTab
            | Stage::Waiting
            | Stage::AccountChoice => Some(list + 2),
        }
    }
}

/// There are never more stops than letters.
fn letter(place: usize) -> char {
    u8::try_from(place).map_or('z', |place| char::from(b'a' + place.min(25)))
}
