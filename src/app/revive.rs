//! Going on where a visit was: after a reload, back from the service, and when the session has ended meanwhile.

use super::State;
use super::driver::Driver;
use super::memory::{Record, brought_back};
use crate::client::{Client, Error};
use crate::flow::{Attempt, Message, Resumed, Step};
use leptos::prelude::*;
use railhead_protocol::{
    AuthorizationState, AuthorizationStatus, Connection, ErrorCode, SessionRequest, SessionState,
};
use std::sync::Arc;
use web_sys::AbortSignal;

impl Driver {
    /// What to ask for a session with: the host page's token, or that of an earlier life of this visit.
    pub(super) fn session_request(&self) -> SessionRequest {
        let settings = self.model.get_untracked().settings;
        let token = self.memory.record().token;
        let remembered = || Some(token).filter(|token| !token.is_empty());
        SessionRequest {
            widget_id: self.place.widget_id.clone(),
            business_name: self.place.business_name.clone(),
            business_uuid: None,
            session_token: settings.session_token.clone().or_else(remembered),
            locale: settings.locale.clone(),
            metadata: settings.metadata.clone(),
            paint: None,
        }
    }

    /// Was the session refused because of a token that nobody but this tab remembers? Then it is forgotten, and the
    /// visit starts anew.
    pub(super) fn forgets(&self, error: &Error, request: &mut SessionRequest) -> bool {
        let remembered = self.memory.record().token;
        let stale = matches!(
            error.code(),
            ErrorCode::SessionExpired
                | ErrorCode::SessionRequired
                | ErrorCode::BusinessMismatch
                | ErrorCode::BusinessNotFound
        );
        if !stale || request.session_token.as_ref() != Some(&remembered) {
            return false;
        }
        let given = self.model.get_untracked().settings.session_token.clone();
        self.memory.keep(Record::default());
        request.session_token = given.filter(|given| *given != remembered);
        true
    }

    /// Had this visit something under way, in an earlier life of it? What was connected then counts at once.
    pub(super) fn is_under_way(&self, business: &str) -> bool {
        if !self.is_visit_of(business) {
            return false;
        }
        let record = self.memory.record();
        self.remake(&record.made);
        !record.service.is_empty()
    }

    /// What was under way, once the session is there.
    pub(super) async fn look_back(&self, signal: &AbortSignal) -> Result<Option<Message>, Error> {
        let record = self.memory.record();
        let Some(attempt) = self.attempt_of(&record) else {
            return Ok(None);
        };
        if record.authorization.is_empty() {
            return Ok(Some(Message::Resumed(Resumed {
                attempt,
                state: None,
                returned: false,
                told: false,
            })));
        }
        // The host page may have asked for a session of its own since: the authorization belongs to the one before.
        let present = self.client.token();
        self.client.use_token(record.token.clone());
        let id = &record.authorization;
        let claim = brought_back(&self.page, id);
        let returned = claim.is_some();
        match stands(&self.client, id, claim, signal).await {
            Ok(state) if state.status != AuthorizationStatus::Cancelled => {
                Ok(Some(Message::Resumed(Resumed {
                    attempt,
                    state: Some(state),
                    returned,
                    told: record.told,
                })))
            }
            // Given up after a while, it is asked for once more.
            Err(error) if error.is_passing() || matches!(error, Error::Aborted) => Err(error),
            // It is gone, or somebody else's: nothing to make a noise about.
            Ok(_) | Err(_) => {
                self.client.use_token(present);
                Ok(None)
            }
        }
    }

    /// Is what is remembered of this business? If not, it is forgotten.
    pub(super) fn is_visit_of(&self, business: &str) -> bool {
        let is_same = self.memory.record().business == business;
        if !is_same {
            self.memory.keep(Record {
                business: business.to_owned(),
                ..Record::default()
            });
        }
        is_same
    }

    fn attempt_of(&self, record: &Record) -> Option<Attempt> {
        // The widget may be gone by now, with its signals.
        let session = self.model.try_get_untracked()?.session?;
        let service = session
            .services
            .iter()
            .find(|service| service.service_name == record.service)?;
        let connection = Some(record.connection.clone()).filter(|id| !id.is_empty());
        Some(Attempt::new(Arc::clone(service), connection))
    }

    /// Remembers what the present step has under way.
    pub(super) fn keep(&self, made: &[String]) {
        self.model.with_untracked(|state| {
            let before = self.memory.record();
            let record = match &state.step {
                // How these ended is seen again after a reload.
                Step::Loading | Step::LoadFailed(_) | Step::Success(_) | Step::Failure(_) => before,
                step => match step.attempt() {
                    Some(attempt) => Record {
                        told: false,
                        authorization: step.authorization_id().unwrap_or_default().to_owned(),
                        service: attempt.service.service_name.clone(),
                        connection: attempt.connection_id.clone().unwrap_or_default(),
                        ..before
                    },
                    None => before.at_rest(),
                },
            };
            let way = match &state.step {
                Step::Loading | Step::LoadFailed(_) => record.way.clone(),
                step => state.journey.written(step),
            };
            self.memory.keep(Record {
                token: self.client.token(),
                made: made.join(","),
                way,
                ..record
            });
        });
    }

    /// Takes another session in the place of one that has ended: a new token of the host page, or, where the widget
    /// may begin sessions by itself, another one for the same business. Answers what was connected meanwhile.
    pub(super) async fn renew(&self, signal: &AbortSignal) -> Result<Vec<Connection>, Error> {
        let mut request = self.session_request();
        let given = self.model.get_untracked().settings.session_token.clone();
        if given.is_some_and(|given| given == self.client.token()) {
            // Only the host page can ask for one that is like it.
            return Err(Error::SessionOver);
        }
        let business = self.memory.record().business;
        request.business_uuid = Some(business).filter(|id| !id.is_empty());
        if request.session_token.as_ref() == Some(&self.client.token()) {
            request.session_token = None;
        }
        let state = self.client.open_session(&request, signal).await?;
        Ok(self.take_over(&state))
    }

    fn take_over(&self, state: &SessionState) -> Vec<Connection> {
        let mut news = Vec::new();
        // The widget may be gone by now, with its signals; then there is nobody to tell.
        self.model.try_update_untracked(|model| {
            let Some(session) = &mut model.session else {
                return;
            };
            let session = Arc::make_mut(session);
            for connection in &state.connections {
                let known = session
                    .connections
                    .iter()
                    .find(|known| known.connection_id == connection.connection_id);
                if known.is_none_or(|known| known.authorized_at != connection.authorized_at) {
                    news.push(connection.clone());
                }
            }
            session.connections.clone_from(&state.connections);
        });
        news
    }

    /// What to say of an authorization whose session has ended: it may have come to its end all the same.
    pub(super) fn outlived(&self, news: Vec<Connection>) -> Option<Message> {
        let State { step, .. } = self.model.try_get_untracked()?;
        let service = &step.attempt()?.service.service_name;
        let connection = news
            .into_iter()
            .find(|connection| connection.service_name == *service)?;
        Some(Message::Polled(AuthorizationState {
            authorization_id: step.authorization_id()?.to_owned(),
            service_name: service.clone(),
            version: u32::MAX,
            status: AuthorizationStatus::Succeeded,
            expires_at: String::new(),
            accounts: Vec::new(),
            connection: Some(connection),
            failure: None,
        }))
    }

    /// The host page has given a session in the place of one that ended.
    pub(crate) fn session_given(&self) {
        let waits = self.model.with_untracked(|state| match &state.step {
            Step::Failure(failure) => failure.trouble.code == ErrorCode::SessionExpired,
            Step::LoadFailed(_) => true,
            _ => false,
        });
        if waits {
            self.dispatch(Message::Retry);
        }
    }
}

/// Where an authorization stands that was begun before, with what the browser brought back for it.
async fn stands(
    client: &Client,
    id: &str,
    claim: Option<String>,
    signal: &AbortSignal,
) -> Result<AuthorizationState, Error> {
    if let Some(claim) = claim {
        match client.claim(id, claim, signal).await {
            // Claimed before, or too late: where it stands says which.
            Err(error) if !error.is_passing() => {}
            answer => return answer,
        }
    }
    client.look(id, signal).await
}
