//! People in the middle of an authorization, and who of them is signed in.

use crate::{entropy::Fingerprint, request::AuthorizationRequest, service::Service};
use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};

const VISIT_LIFETIME: Duration = Duration::from_mins(10);
const LOGIN_LIFETIME: Duration = Duration::from_hours(12);

/// One authorization request on its way through the pages.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// What was asked.
    pub(crate) request: AuthorizationRequest,
    service: Service,
    stage: Stage,
    expires: SystemTime,
}

#[derive(Clone, Debug)]
enum Stage {
    /// Nobody has answered yet.
    Asking,
    /// Answered; a second press of the button leads to the same place.
    Answered { location: String },
}

struct Login {
    service: Service,
    user: String,
    expires: SystemTime,
}

/// All open visits and logins, found by the fingerprints of their secrets.
#[derive(Default)]
pub(crate) struct Visits {
    visits: HashMap<Fingerprint, Visit>,
    logins: HashMap<Fingerprint, Login>,
}

impl Visits {
    /// Begins a visit.
    pub(crate) fn begin(
        &mut self,
        id: Fingerprint,
        service: Service,
        request: AuthorizationRequest,
        now: SystemTime,
    ) {
        self.visits.retain(|_, visit| visit.expires > now);
        let visit = Visit {
            request,
            service,
            stage: Stage::Asking,
            expires: now + VISIT_LIFETIME,
        };
        self.visits.insert(id, visit);
    }

    /// The request of a visit that still waits for an answer.
    pub(crate) fn asking(
        &self,
        id: Fingerprint,
        service: &Service,
        now: SystemTime,
    ) -> Option<AuthorizationRequest> {
        let visit = self
            .visits
            .get(&id)
            .filter(|visit| visit.is_at(service, now))?;
        matches!(visit.stage, Stage::Asking).then(|| visit.request.clone())
    }

    /// Answers a visit: `decide` makes the location to go to, once; later calls get the same location.
    pub(crate) fn answer(
        &mut self,
        id: Fingerprint,
        service: &Service,
        now: SystemTime,
        decide: impl FnOnce(&AuthorizationRequest) -> String,
    ) -> Option<String> {
        let visit = self
            .visits
            .get_mut(&id)
            .filter(|visit| visit.is_at(service, now))?;
        if let Stage::Answered { location } = &visit.stage {
            return Some(location.clone());
        }
        let location = decide(&visit.request);
        visit.stage = Stage::Answered {
            location: location.clone(),
        };
        Some(location)
    }

    /// Signs a user in.
    pub(crate) fn log_in(
        &mut self,
        cookie: Fingerprint,
        service: Service,
        user: String,
        now: SystemTime,
    ) {
        self.logins.retain(|_, login| login.expires > now);
        self.logins.insert(
            cookie,
            Login {
                service,
                user,
                expires: now + LOGIN_LIFETIME,
            },
        );
    }

    /// Who is signed in with this cookie.
    pub(crate) fn user(
        &self,
        cookie: Fingerprint,
        service: &Service,
        now: SystemTime,
    ) -> Option<String> {
        let login = self.logins.get(&cookie)?;
        (login.service == *service && login.expires > now).then(|| login.user.clone())
    }
}

impl Visit {
    fn is_at(&self, service: &Service, now: SystemTime) -> bool {
        self.service == *service && self.expires > now
    }
}

#[cfg(test)]
mod tests {
    use super::{VISIT_LIFETIME, Visits};
    use crate::{
        entropy::Fingerprint, params::Params, request::AuthorizationRequest, service::Service,
    };
    use std::time::{Duration, UNIX_EPOCH};

    fn begun() -> (Visits, Service) {
        let service = Service::parse("xero").unwrap();
        let query = "client_id=railhead-sandbox&redirect_uri=http://localhost:1/v1/callback/w/s&response_type=code\
                     &code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let request = AuthorizationRequest::read(&Params::parse(query)).unwrap();
        let mut visits = Visits::default();
        visits.begin(
            Fingerprint::of("visit"),
            service.clone(),
            request,
            UNIX_EPOCH,
        );
        (visits, service)
    }

    #[test]
    fn gives_a_second_press_of_the_button_the_same_answer() {
        let (mut visits, service) = begun();
        let id = Fingerprint::of("visit");
        let first = visits.answer(id, &service, UNIX_EPOCH, |_| "first".into());
        let second = visits.answer(id, &service, UNIX_EPOCH, |_| "second".into());
        assert_eq!(
            (first.as_deref(), second.as_deref()),
            (Some("first"), Some("first"))
        );
        assert!(visits.asking(id, &service, UNIX_EPOCH).is_none());
    }

    #[test]
    fn forgets_visits_in_time_and_never_shows_them_to_another_service() {
        let (visits, service) = begun();
        let id = Fingerprint::of("visit");
        let other = Service::parse("sage").unwrap();
        assert!(
            visits
                .asking(
                    id,
                    &service,
                    UNIX_EPOCH + VISIT_LIFETIME - Duration::from_secs(1)
                )
                .is_some()
        );
        assert!(
            visits
                .asking(id, &service, UNIX_EPOCH + VISIT_LIFETIME)
                .is_none()
        );
        assert!(visits.asking(id, &other, UNIX_EPOCH).is_none());
    }
}
