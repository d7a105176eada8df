//! Going on where the person was: after a reload, in a tab that came back from the service, after a session that ended.

use super::journey::Journey;
use super::message::{Command, Refused};
use super::outcome::{settle, watch};
use super::step::{Asked, Attempt, Consent, Failure, Phase, Step, Waiting, Window};
use super::transition::Turn;
use railhead_protocol::{AuthorizationState, AuthorizationStatus, ErrorCode};

/// What is known of an earlier life of this visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Resumed {
    /// What was tried. What was entered in fields is not kept anywhere.
    pub attempt: Attempt,
    /// How its authorization stands, if it had begun.
    pub state: Option<AuthorizationState>,
    /// Has the widget's own tab come back from the service?
    pub returned: bool,
    /// Does the host page know the end of it already?
    pub told: bool,
}

impl Step {
    /// Goes on with what was under way, unless something is under way here.
    pub(super) fn resume(
        self,
        resumed: Resumed,
        journey: &mut Journey,
    ) -> Result<Turn, Box<Refused>> {
        if self.attempt().is_some() || matches!(self, Self::Loading | Self::LoadFailed(_)) {
            return Err(Box::new(Refused(self)));
        }
        let kind = Some(resumed.attempt.service.kind);
        let place = journey.stops().iter().position(|stop| stop.kind == kind);
        // Only the place counts; the step is the one that is gone on with.
        let _ = place.and_then(|place| journey.visit(place));
        let Some(state) = resumed.state else {
            return Ok((Consent::asking(resumed.attempt, None), Vec::new()));
        };
        let goes_on = matches!(
            state.status,
            AuthorizationStatus::Pending | AuthorizationStatus::ChooseAccount
        );
        let goes_on = goes_on.then(|| watch(&state));
        let asked = Asked::Authorization(state.authorization_id.clone());
        let (step, mut commands) = settle(resumed.attempt, state).unwrap_or_else(|attempt| {
            let window = if resumed.returned {
                Window::Returned
            } else {
                Window::Unknown
            };
            let waiting = Waiting::of(attempt, asked, window);
            (Step::Waiting(waiting), Vec::new())
        });
        if resumed.told {
            commands.retain(|command| !matches!(command, Command::Emit(_)));
        }
        commands.extend(goes_on);
        if resumed.returned {
            commands.push(Command::Open);
        }
        Ok((step, commands))
    }

    /// What is tried in this step.
    #[must_use]
    pub fn attempt(&self) -> Option<&Attempt> {
        match self {
            Self::Consent(consent) => Some(&consent.attempt),
            Self::Waiting(waiting) => Some(&waiting.attempt),
            Self::AccountChoice(choice) => Some(&choice.attempt),
            Self::Failure(failure) => Some(&failure.attempt),
            _ => None,
        }
    }

    /// The authorization that is under way in this step, once the server has begun it.
    #[must_use]
    pub fn authorization_id(&self) -> Option<&str> {
        match self {
            Self::Waiting(Waiting {
                asked: Asked::Authorization(id),
                ..
            }) => Some(id),
            Self::AccountChoice(choice) => Some(&choice.authorization_id),
            _ => None,
        }
    }
}

impl Failure {
    /// Tries once more. In the place of a session that has ended another one comes first; that is seen to be under way in the
    /// step of the service that was chosen.
    pub(super) fn again(self) -> Turn {
        if self.trouble.code != ErrorCode::SessionExpired {
            return (Consent::asking(self.attempt, None), Vec::new());
        }
        let step = Step::Consent(Consent {
            attempt: self.attempt,
            phase: Phase::Sending,
            refusal: None,
        });
        (step, vec![Command::RenewSession])
    }
}
