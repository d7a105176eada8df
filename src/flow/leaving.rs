//! The way out, the same from a success and from the summary: the server says where to go on, if anywhere.

use super::message::{Command, Message, Refused};
use super::outcome::error;
use super::step::{Phase, Step};
use super::transition::Turn;
use railhead_protocol::{Event, ExitReason};

/// Leaves by `step`, which is handed back with the phase it is in then.
pub(super) fn leave(
    step: impl FnOnce(Phase) -> Step,
    phase: Phase,
    message: Message,
) -> Result<Turn, Box<Refused>> {
    let exit = Command::Exit(ExitReason::Done);
    match (phase, message) {
        (Phase::Asking, Message::Done) => Ok((step(Phase::Sending), vec![Command::Finish])),
        (Phase::Sending, Message::Finished(None)) => Ok((Step::Farewell, vec![exit])),
        // The step stays while the browser goes on, so that nothing flashes up in between.
        (Phase::Sending, Message::Finished(Some(url))) => {
            let redirect = Event::Redirect { url: url.clone() };
            let exit = Command::Exit(ExitReason::Redirected);
            let commands = vec![Command::Emit(redirect), exit, Command::Redirect(url)];
            Ok((step(Phase::Sending), commands))
        }
        // What passes can be tried again; and the browser may have come back to this page as it was left.
        (Phase::Sending, Message::Refused(trouble)) if trouble.recoverable => {
            let event = Command::Emit(error(&trouble, None));
            Ok((step(Phase::Asking), vec![event]))
        }
        (Phase::Sending, Message::TabShown) => Ok((step(Phase::Asking), Vec::new())),
        (Phase::Sending, Message::Refused(trouble)) => {
            let commands = vec![Command::Emit(error(&trouble, None)), exit];
            Ok((Step::Farewell, commands))
        }
        (phase, _) => Err(Box::new(Refused(step(phase)))),
    }
}
