//! The beginning of the flow, up to the first step that stands: as much as is known while the later part of the widget's code is
//! not there yet. [`Step::advance`] knows the whole.

use super::journey::Journey;
use super::message::{Command, Message};
use super::outcome::error;
use super::step::{Step, Trouble};
use super::transition::Turn;
use railhead_protocol::{ErrorCode, Event, ExitReason};

impl Step {
    /// Takes in `message` as [`Step::advance`] does. What goes beyond the beginning comes back as it is.
    pub fn begin(
        self,
        message: Message,
        journey: &mut Journey,
    ) -> Result<Turn, Box<(Self, Message)>> {
        match (self, message) {
            (Self::Loading, Message::Loaded(widget_id)) => {
                let event = Event::Load { widget_id };
                Ok((journey.begin(), vec![Command::Emit(event)]))
            }
            (Self::Loading, Message::Refused(trouble)) => Ok(not_loaded(trouble)),
            (Self::LoadFailed(_), Message::Retry) => Ok((Self::Loading, vec![Command::Load])),
            (Self::Overview, Message::Next) => Ok((Self::Picker, Vec::new())),
            (
                step @ (Self::Loading | Self::LoadFailed(_) | Self::Overview | Self::Picker),
                Message::Close,
            ) => Ok((step, vec![Command::Exit(ExitReason::Closed)])),
            (step, message) => Err(Box::new((step, message))),
        }
    }
}

/// The person wants to go on, and what that needs did not come.
#[must_use]
pub fn without_the_rest(offline: bool) -> Turn {
    let code = if offline {
        ErrorCode::Offline
    } else {
        ErrorCode::RequestTimeout
    };
    let why = "A part of the widget has not been loaded yet.";
    not_loaded(Trouble::local(code, why))
}

fn not_loaded(trouble: Trouble) -> Turn {
    let event = error(&trouble, None);
    (Step::LoadFailed(trouble), vec![Command::Emit(event)])
}
