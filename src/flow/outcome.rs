//! How an attempt ends, and what the host page is told on the way.

use super::message::Command;
use super::step::{
    AccountChoice, Attempt, Consent, Failure, FieldRefusal, Link, Phase, Step, Success, Trouble,
};
use super::transition::Turn;
use railhead_protocol::{AuthorizationState, AuthorizationStatus, Connection, ErrorCode, Event};

/// Where an answer leads that ends the wait; the attempt is handed back if it goes on.
pub(super) fn settle(attempt: Attempt, state: AuthorizationState) -> Result<Turn, Attempt> {
    let trouble = match state.status {
        AuthorizationStatus::Pending => return Err(attempt),
        AuthorizationStatus::ChooseAccount => {
            let authorization_id = state.authorization_id;
            let accounts = state.accounts;
            let (phase, link) = (Phase::Asking, Link::Live);
            let choice = AccountChoice {
                attempt,
                authorization_id,
                accounts,
                phase,
                link,
            };
            return Ok((Step::AccountChoice(choice), vec![Command::CloseWindow]));
        }
        AuthorizationStatus::Cancelled => return Ok((Step::Picker, over())),
        AuthorizationStatus::Succeeded => {
            if let Some(connection) = state.connection {
                let mut commands = over();
                commands.push(Command::Emit(connected(&connection)));
                let service = attempt.service;
                let success = Success {
                    service,
                    connection,
                    phase: Phase::Asking,
                };
                return Ok((Step::Success(success), commands));
            }
            Trouble::local(
                ErrorCode::Internal,
                "The server answered a success with no connection.",
            )
        }
        AuthorizationStatus::Expired => Trouble::local(
            ErrorCode::TimedOut,
            "Nobody finished the authorization in time.",
        ),
        AuthorizationStatus::Failed => match state.failure {
            Some(failure) => Trouble {
                code: failure.code,
                message: failure.message,
                recoverable: failure.recoverable,
                field: None,
            },
            None => Trouble::local(ErrorCode::Unknown, "The authorization failed."),
        },
    };
    Ok(refuse(attempt, trouble))
}

/// The attempt has failed: back to the form if a field is to blame, or else the failure step.
pub(super) fn refuse(attempt: Attempt, trouble: Trouble) -> Turn {
    let mut commands = over();
    commands.push(Command::Emit(error(&trouble, Some(&attempt))));
    let blamed = trouble
        .field
        .as_deref()
        .and_then(|path| path.strip_prefix("fields."));
    let field = attempt
        .service
        .fields
        .iter()
        .find(|field| Some(&*field.name) == blamed);
    let step = match field {
        Some(field) => {
            let refusal = FieldRefusal {
                field: field.name.clone(),
                message: trouble.message,
            };
            Consent::asking(attempt, Some(refusal))
        }
        None => Step::Failure(Failure { attempt, trouble }),
    };
    (step, commands)
}

pub(super) fn give_up(attempt: Attempt, authorization_id: Option<String>) -> Turn {
    let mut commands = over();
    commands.extend(authorization_id.map(|id| Command::Cancel(id, attempt.service)));
    (Step::Picker, commands)
}

/// The host page gave no more time than this.
pub(super) fn time_up(attempt: Attempt, authorization_id: Option<String>) -> Turn {
    let cancel =
        authorization_id.map(|id| Command::Cancel(id, std::sync::Arc::clone(&attempt.service)));
    let why = "The time that the option `timeout` gives is over.";
    let (step, mut commands) = refuse(attempt, Trouble::local(ErrorCode::TimedOut, why));
    commands.extend(cancel);
    (step, commands)
}

/// Back to where consent was asked for; what was under way is given up.
pub(super) fn step_back(attempt: Attempt, authorization_id: Option<String>) -> Turn {
    let (_, commands) = give_up(attempt.clone(), authorization_id);
    (Consent::asking(attempt, None), commands)
}

pub(super) fn over() -> Vec<Command> {
    vec![Command::Rest, Command::CloseWindow]
}

pub(super) fn watch(state: &AuthorizationState) -> Command {
    let authorization_id = state.authorization_id.clone();
    Command::Watch {
        authorization_id,
        version: state.version,
    }
}

pub(super) fn authorization(state: &AuthorizationState) -> Event {
    Event::Authorization {
        authorization_id: state.authorization_id.clone(),
        service_name: state.service_name.clone(),
    }
}

pub(super) fn connected(connection: &Connection) -> Event {
    Event::Connect {
        connection_id: connection.connection_id.clone(),
        service_name: connection.service_name.clone(),
        business_name: connection.business_name.clone(),
        business_uuid: connection.business_uuid.clone(),
        account: connection.account.clone(),
    }
}

pub(super) fn error(trouble: &Trouble, attempt: Option<&Attempt>) -> Event {
    Event::Error {
        code: trouble.code,
        message: trouble.message.clone(),
        recoverable: trouble.recoverable,
        service_name: attempt.map(|attempt| attempt.service.service_name.clone()),
    }
}
