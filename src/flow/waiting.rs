//! While the person is at the service: in the other window, or away with the widget's own tab.

use super::message::{Command, Message, Refused};
use super::outcome::{authorization, error, give_up, refuse, settle, step_back, time_up, watch};
use super::step::{Asked, Attempt, Link, Step, Trouble, Waiting, Window};
use super::transition::Turn;
use railhead_protocol::{ErrorCode, StartedAuthorization};

impl Waiting {
    pub(super) fn begin(attempt: Attempt) -> Step {
        Step::Waiting(Self::of(attempt, Asked::NotYet, Window::Open))
    }

    /// Waiting for `attempt`, about which nothing else is known yet.
    pub(super) fn of(attempt: Attempt, asked: Asked, window: Window) -> Self {
        Self {
            attempt,
            asked,
            window,
            link: Link::Live,
            long: false,
        }
    }

    pub(super) fn advance(mut self, message: Message) -> Result<Turn, Box<Refused>> {
        let mut commands = Vec::new();
        match message {
            Message::WindowOpened => {
                self.window = Window::Open;
                match &self.asked {
                    Asked::NotYet => commands.push(self.ask()),
                    Asked::Sent => {}
                    Asked::Authorization(id) => commands.push(Command::RenewNonce(id.clone())),
                }
            }
            Message::WindowBlocked => {
                self.window = Window::Blocked;
                let why = "The browser did not let the widget open a window.";
                commands.push(self.tell(ErrorCode::PopupBlocked, why));
            }
            Message::WindowClosed if self.window == Window::Open => {
                self.window = Window::Closed;
                commands.push(Command::Hurry);
                if let Asked::Authorization(id) = &self.asked {
                    commands.push(Command::Look(id.clone()));
                }
            }
            Message::OpenAgain => commands.push(Command::OpenWindow),
            Message::LeaveTab if self.window != Window::Leaving => {
                self.window = Window::Leaving;
                commands.push(Command::CloseWindow);
                match &self.asked {
                    Asked::NotYet => commands.push(self.ask()),
                    Asked::Sent => {}
                    Asked::Authorization(id) => commands.push(Command::Leave(id.clone())),
                }
            }
            // The browser shows the page again as it was when it left.
            Message::TabShown if matches!(self.window, Window::Leaving | Window::Unknown) => {
                self.window = Window::Unknown;
                commands.push(Command::Hurry);
            }
            Message::Started(started) if self.asked == Asked::Sent => {
                return Ok(self.started(started));
            }
            Message::Renewed(nonce) => {
                if let Asked::Authorization(id) = &self.asked {
                    let authorization_id = id.clone();
                    commands.push(Command::Introduce {
                        authorization_id,
                        nonce,
                    });
                }
            }
            Message::Polled(state) => match settle(self.attempt, state) {
                Ok(turn) => return Ok(turn),
                Err(attempt) => {
                    self = Self {
                        attempt,
                        link: Link::Live,
                        ..self
                    };
                    // It closed, and it was not because the person had finished.
                    if self.window == Window::Closed {
                        self.window = Window::Gone;
                        let why =
                            "The window was closed before the end; the widget goes on listening.";
                        commands.push(self.tell(ErrorCode::PopupClosed, why));
                    }
                }
            },
            Message::Line(link) => self.link = link,
            Message::TakesLong => self.long = true,
            Message::TimeUp => return Ok(time_up(self.attempt, self.asked.authorization_id())),
            Message::Refused(trouble) => return Ok(refuse(self.attempt, trouble)),
            Message::Cancel => {
                return Ok(give_up(self.attempt, self.asked.authorization_id()));
            }
            Message::Back => return Ok(step_back(self.attempt, self.asked.authorization_id())),
            _ => return Err(Box::new(Refused(Step::Waiting(self)))),
        }
        Ok((Step::Waiting(self), commands))
    }

    /// Asks the server to start; it has not answered yet.
    fn ask(&mut self) -> Command {
        self.asked = Asked::Sent;
        Command::Start(self.attempt.clone())
    }

    fn tell(&self, code: ErrorCode, why: &str) -> Command {
        Command::Emit(error(&Trouble::local(code, why), Some(&self.attempt)))
    }

    fn started(mut self, started: StartedAuthorization) -> Turn {
        let state = started.authorization;
        let mut commands = vec![Command::Emit(authorization(&state))];
        let authorization_id = state.authorization_id.clone();
        if self.window == Window::Leaving {
            commands.push(Command::Leave(authorization_id));
        } else if let Some(nonce) = started.nonce {
            commands.push(Command::Introduce {
                authorization_id,
                nonce,
            });
        }
        match settle(self.attempt, state.clone()) {
            Ok((step, more)) => {
                commands.extend(more);
                (step, commands)
            }
            Err(attempt) => {
                self.asked = Asked::Authorization(state.authorization_id.clone());
                commands.push(watch(&state));
                (
                    Step::Waiting(Self {
                        attempt,
                        link: Link::Live,
                        ..self
                    }),
                    commands,
                )
            }
        }
    }
}
