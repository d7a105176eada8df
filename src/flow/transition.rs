//! What happens when: each message consumes the step it arrives at and gives the next one, with what is to be done.

use super::journey::Journey;
use super::leaving::leave;
use super::message::{Command, Message, Refused};
use super::outcome::{
    authorization, connected, give_up, refuse, settle, step_back, time_up, watch,
};
use super::step::{
    AccountChoice, Attempt, Consent, Details, FieldRefusal, Link, Phase, Step, Success, Waiting,
};
use railhead_protocol::{
    AuthorizationKind, AuthorizationStatus, Connection, Event, ExitReason, ServiceCard,
};
use std::sync::Arc;

/// The next step, and what to do.
pub type Turn = (Step, Vec<Command>);

impl Step {
    /// Takes in `message`: the next step, and what to do, in this order. `journey` is the way it is a step of.
    pub fn advance(self, message: Message, journey: &mut Journey) -> Result<Turn, Box<Refused>> {
        let (step, message) = match self.begin(message, journey) {
            Ok(turn) => return Ok(turn),
            Err(beyond) => *beyond,
        };
        match (step, message) {
            (step, Message::Close) => Ok(step.close()),
            (step, Message::ConnectedAfterAll(service, connection)) => {
                Ok(step.connected_after_all(service, connection))
            }
            (step, Message::Resumed(resumed)) => step.resume(resumed, journey),
            // Another account than the one that was to be connected again, perhaps.
            (Self::Picker | Self::Failure(_), Message::Pick(service, connection_id)) => {
                let event = selected(&service);
                let attempt = Attempt::new(service, connection_id);
                Ok((Consent::asking(attempt, None), vec![event]))
            }
            (Self::Picker, Message::Show(service)) => {
                let event = selected(&service);
                let details = Details {
                    service,
                    ending: None,
                    phase: Phase::Asking,
                    trouble: None,
                };
                Ok((Self::Details(details), vec![event]))
            }
            (step @ Self::Picker, Message::Next) => walk(step, journey.go_on()),
            (step @ Self::Picker, Message::Back) => walk(step, journey.go_back()),
            (Self::Details(details), message) => details.advance(message),
            (Self::Consent(consent), message) => consent.advance(message),
            (Self::Waiting(waiting), message) => waiting.advance(message),
            (Self::AccountChoice(choice), message) => choice.advance(message),
            (Self::Failure(failure), Message::Retry) => Ok(failure.again()),
            (Self::Failure(_) | Self::Success(_), Message::ChooseAnother)
            | (
                Self::Failure(_)
                | Self::Success(Success {
                    phase: Phase::Asking,
                    ..
                })
                | Self::Summary(Phase::Asking),
                Message::Back,
            ) => Ok((Self::Picker, Vec::new())),
            (Self::Success(success), message) => success.advance(message, journey),
            (step @ Self::Summary(Phase::Asking), Message::Visit(place)) => {
                walk(step, journey.visit(place))
            }
            (Self::Summary(phase), message) => leave(Self::Summary, phase, message),
            (Self::Farewell, Message::Reopen) => Ok((journey.begin(), vec![Command::Open])),
            (step, _) => Err(Box::new(Refused(step))),
        }
    }

    /// Leaves; what was under way is given up.
    fn close(self) -> Turn {
        let (step, mut commands) = match self {
            Self::Farewell => (self, Vec::new()),
            Self::Waiting(Waiting { attempt, asked, .. }) => {
                give_up(attempt, asked.authorization_id())
            }
            Self::AccountChoice(AccountChoice {
                attempt,
                authorization_id,
                ..
            }) => give_up(attempt, Some(authorization_id)),
            Self::Consent(_) => (Self::Picker, vec![Command::Rest]),
            // Before anything was chosen nothing is given up: that is the beginning's to know.
            Self::Loading
            | Self::LoadFailed(_)
            | Self::Overview
            | Self::Picker
            | Self::Details(_)
            | Self::Success(_)
            | Self::Failure(_)
            | Self::Summary(_) => (Self::Picker, Vec::new()),
        };
        commands.push(Command::Exit(ExitReason::Closed));
        (step, commands)
    }

    /// Late good news: shown if the person is not in the middle of something else.
    fn connected_after_all(self, service: Arc<ServiceCard>, connection: Connection) -> Turn {
        let commands = vec![Command::Emit(connected(&connection))];
        let is_free = self.attempt().is_none()
            && !matches!(self, Self::Loading | Self::LoadFailed(_) | Self::Success(_));
        let step = match self {
            _ if is_free => Self::Success(Success {
                service,
                connection,
                phase: Phase::Asking,
            }),
            other => other,
        };
        (step, commands)
    }
}

/// To the step that the way leads to, if it leads anywhere.
fn walk(from: Step, to: Option<Step>) -> Result<Turn, Box<Refused>> {
    to.map(|step| (step, Vec::new()))
        .ok_or_else(|| Box::new(Refused(from)))
}

fn selected(service: &ServiceCard) -> Command {
    Command::Emit(Event::Select {
        service_name: service.service_name.clone(),
    })
}

impl Consent {
    pub(super) fn asking(attempt: Attempt, refusal: Option<FieldRefusal>) -> Step {
        Step::Consent(Self {
            attempt,
            phase: Phase::Asking,
            refusal,
        })
    }

    fn advance(self, message: Message) -> Result<Turn, Box<Refused>> {
        match (self.phase, message) {
            (_, Message::Back) => Ok((Step::Picker, vec![Command::Rest])),
            (Phase::Asking, Message::Submit(fields)) => {
                let attempt = Attempt {
                    fields,
                    ..self.attempt
                };
                if attempt.service.authorization == AuthorizationKind::Popup {
                    return Ok((Waiting::begin(attempt), vec![Command::OpenWindow]));
                }
                let commands = vec![Command::Start(attempt.clone())];
                let phase = Phase::Sending;
                Ok((
                    Step::Consent(Self {
                        attempt,
                        phase,
                        refusal: None,
                    }),
                    commands,
                ))
            }
            (Phase::Sending, Message::Started(started)) => {
                let (step, mut commands) = settle(self.attempt, started.authorization.clone())
                    .unwrap_or_else(|attempt| {
                        let watch = vec![watch(&started.authorization)];
                        (
                            Step::Consent(Self {
                                attempt,
                                phase: Phase::Sending,
                                refusal: None,
                            }),
                            watch,
                        )
                    });
                commands.insert(0, Command::Emit(authorization(&started.authorization)));
                Ok((step, commands))
            }
            (Phase::Sending, Message::Polled(state)) => Ok(settle(self.attempt, state)
                .unwrap_or_else(|attempt| {
                    (
                        Step::Consent(Self {
                            attempt,
                            phase: Phase::Sending,
                            refusal: None,
                        }),
                        vec![],
                    )
                })),
            (Phase::Sending, Message::Refused(trouble)) => Ok(refuse(self.attempt, trouble)),
            (Phase::Sending, Message::SessionBack) => {
                Ok((Self::asking(self.attempt, None), Vec::new()))
            }
            (_, _) => Err(Box::new(Refused(Step::Consent(self)))),
        }
    }
}

impl AccountChoice {
    fn advance(mut self, message: Message) -> Result<Turn, Box<Refused>> {
        match (self.phase, message) {
            (Phase::Asking, Message::Choose(account_id))
                if self
                    .accounts
                    .iter()
                    .any(|account| account.account_id == account_id) =>
            {
                self.phase = Phase::Sending;
                let authorization_id = self.authorization_id.clone();
                let commands = vec![Command::Choose {
                    authorization_id,
                    account_id,
                }];
                Ok((Step::AccountChoice(self), commands))
            }
            // While the person chooses, the poll goes on: the authorization may run out.
            (_, Message::Polled(state)) if state.status == AuthorizationStatus::ChooseAccount => {
                Ok((
                    Step::AccountChoice(Self {
                        link: Link::Live,
                        ..self
                    }),
                    vec![],
                ))
            }
            (_, Message::Polled(state)) => Ok(match settle(self.attempt, state) {
                Ok(turn) => turn,
                Err(attempt) => (Step::AccountChoice(Self { attempt, ..self }), vec![]),
            }),
            (_, Message::Line(link)) => {
                self.link = link;
                Ok((Step::AccountChoice(self), vec![]))
            }
            (_, Message::Refused(trouble)) => Ok(refuse(self.attempt, trouble)),
            (_, Message::TimeUp) => Ok(time_up(self.attempt, Some(self.authorization_id))),
            (_, Message::Cancel) => Ok(give_up(self.attempt, Some(self.authorization_id))),
            (_, Message::Back) => Ok(step_back(self.attempt, Some(self.authorization_id))),
            (_, _) => Err(Box::new(Refused(Step::AccountChoice(self)))),
        }
    }
}

impl Success {
    fn advance(self, message: Message, journey: &mut Journey) -> Result<Turn, Box<Refused>> {
        // Where there are more stops, one goes on to the next; the last leads to the summary.
        if message == Message::Next && self.phase == Phase::Asking {
            // Good news that came late may be about a stop that lies behind.
            let step = if journey.is_about(self.service.kind) {
                journey.go_on()
            } else {
                Some(Step::Picker)
            };
            return walk(Step::Success(self), step);
        }
        let (service, connection) = (self.service, self.connection);
        let step = |phase| {
            Step::Success(Self {
                service,
                connection,
                phase,
            })
        };
        leave(step, self.phase, message)
    }
}
