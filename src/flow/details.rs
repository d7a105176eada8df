//! Seeing to what is connected: renewing it, connecting another account, ending it.

use super::message::{Command, Message, Refused};
use super::outcome::error;
use super::step::{Attempt, Consent, Details, Phase, Step};
use super::transition::Turn;

impl Details {
    pub(super) fn advance(self, message: Message) -> Result<Turn, Box<Refused>> {
        match (self.phase, message) {
            (Phase::Asking, Message::Pick(service, connection_id)) => {
                let attempt = Attempt::new(service, connection_id);
                Ok((Consent::asking(attempt, None), Vec::new()))
            }
            (Phase::Asking, Message::End(connection)) => {
                let ending = Some(connection);
                Ok((Step::Details(Self { ending, ..self }), Vec::new()))
            }
            (Phase::Asking, Message::Back | Message::Cancel) => Ok((
                match self.ending {
                    Some(_) => Step::Details(Self {
                        ending: None,
                        trouble: None,
                        ..self
                    }),
                    None => Step::Picker,
                },
                Vec::new(),
            )),
            (Phase::Asking, Message::Disconnect) => {
                let Some(connection) = &self.ending else {
                    return Err(Box::new(Refused(Step::Details(self))));
                };
                let commands = vec![Command::Disconnect(connection.connection_id.clone())];
                let phase = Phase::Sending;
                Ok((
                    Step::Details(Self {
                        phase,
                        trouble: None,
                        ..self
                    }),
                    commands,
                ))
            }
            (Phase::Sending, Message::Disconnected) => Ok((Step::Picker, Vec::new())),
            (Phase::Sending, Message::Refused(trouble)) => {
                let commands = vec![Command::Emit(error(&trouble, None))];
                let (phase, trouble) = (Phase::Asking, Some(trouble));
                Ok((
                    Step::Details(Self {
                        phase,
                        trouble,
                        ..self
                    }),
                    commands,
                ))
            }
            (_, _) => Err(Box::new(Refused(Step::Details(self)))),
        }
    }
}
