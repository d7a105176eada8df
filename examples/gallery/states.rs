//! Every step in every state, brought about as in a browser: by what happens, message after message.

use crate::answers::{authorization, connection, session, wire};
use railhead_protocol::{
    AuthorizationState, Connection, ErrorCode, ServiceKind, StartedAuthorization,
};
use railhead_widget::flow::{FieldRefusal, Journey, Link, Message, Plan, Session, Step, Trouble};
use railhead_widget::text::trouble_keys;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// One state of one step.
pub(crate) struct State {
    /// Names its page, for example `consent-fields`.
    pub(crate) name: String,
    /// The step.
    pub(crate) step: Step,
    /// The way it is a step of.
    pub(crate) journey: Journey,
    /// What the server answered, once it has.
    pub(crate) session: Option<Arc<Session>>,
}

/// Brings states about.
struct Director {
    session: Arc<Session>,
    plan: Plan,
    states: Vec<State>,
}

/// All states, each page name once.
pub(crate) fn all(root: &Path) -> Result<Vec<State>> {
    let mut director = Director {
        session: Arc::new(session(root, true)?),
        plan: Plan::default(),
        states: Vec::new(),
    };
    director.loading();
    director.picking(root)?;
    director.several_kinds(root)?;
    director.seeing_to_it()?;
    director.consenting()?;
    director.waiting()?;
    director.ending()?;
    Ok(director.states)
}

impl Director {
    /// A step that `messages` lead to, from the very beginning, and the way it is a step of.
    fn after(&self, messages: Vec<Message>) -> Result<(Step, Journey)> {
        let mut journey = Journey::default();
        let session = &self.session;
        journey.lay(&self.plan, &session.services, &session.connections);
        let mut step = Step::Loading;
        let widget_id = session.widget.widget_id.clone();
        for message in [Message::Loaded(widget_id)].into_iter().chain(messages) {
            step = step
                .advance(message, &mut journey)
                .map_err(|refused| refused.to_string())?
                .0;
        }
        Ok((step, journey))
    }

    fn keep(&mut self, name: &str, (step, journey): (Step, Journey)) {
        let session = Some(Arc::clone(&self.session));
        let name = name.to_owned();
        self.states.push(State {
            name,
            step,
            journey,
            session,
        });
    }

    /// Keeps the step that `messages` lead to.
    fn show(&mut self, name: &str, messages: Vec<Message>) -> Result<()> {
        let step = self
            .after(messages)
            .map_err(|error| format!("the step {name}: {error}"))?;
        self.keep(name, step);
        Ok(())
    }

    /// A service is chosen.
    fn pick(&self, service: &str) -> Result<Message> {
        let found = self
            .session
            .services
            .iter()
            .find(|card| card.service_name == service);
        let card = found.ok_or_else(|| format!("{service} is not in the catalogue"))?;
        Ok(Message::Pick(Arc::clone(card), None))
    }

    /// The window of a service is open, and its authorization has started.
    fn at_the_service(&self, service: &str) -> Result<Vec<Message>> {
        let started: StartedAuthorization = wire(json!({
            "authorization": authorization(service, "pending", json!({})),
            "kind": "popup",
            "nonce": "nonce",
        }))?;
        Ok(vec![
            self.pick(service)?,
            Message::Submit(BTreeMap::new()),
            Message::WindowOpened,
            Message::Started(started),
        ])
    }

    /// The server says where the authorization of a service stands.
    fn polled(&self, service: &str, status: &str, more: Value) -> Result<Vec<Message>> {
        let state: AuthorizationState = wire(authorization(service, status, more))?;
        let mut messages = self.at_the_service(service)?;
        messages.push(Message::Polled(state));
        Ok(messages)
    }

    fn loading(&mut self) {
        self.states.push(State {
            name: "loading".into(),
            step: Step::Loading,
            journey: Journey::default(),
            session: None,
        });
        for code in [
            ErrorCode::Offline,
            ErrorCode::Internal,
            ErrorCode::UnknownWidget,
            ErrorCode::OriginNotRegistered,
        ] {
            let trouble = Trouble {
                recoverable: matches!(code, ErrorCode::Offline | ErrorCode::Internal),
                ..Trouble::local(code, "")
            };
            let step = Step::LoadFailed(trouble);
            let name = format!("load-failed-{}", code.as_str());
            self.states.push(State {
                name: name.replace('_', "-"),
                step,
                journey: Journey::default(),
                session: None,
            });
        }
    }

    fn picking(&mut self, root: &Path) -> Result<()> {
        self.show("picker", vec![])?;
        let connected = std::mem::replace(&mut self.session, Arc::new(session(root, false)?));
        self.show("picker-fresh", vec![])?;
        let mut empty = (*self.session).clone();
        empty.services.clear();
        self.session = Arc::new(empty);
        self.show("picker-empty", vec![])?;
        self.session = connected;
        Ok(())
    }

    fn several_kinds(&mut self, root: &Path) -> Result<()> {
        use ServiceKind::{Accounting, Commerce, Payments, Payroll};
        let kinds = |kinds: &[ServiceKind]| Plan {
            kinds: kinds.into(),
            required: vec![Accounting],
            ..Plan::default()
        };
        self.plan = kinds(&[Accounting, Commerce, Payments, Payroll]);
        let next = |count| vec![Message::Next; count];
        self.show("overview", vec![])?;
        self.show("picker-kind-connected", next(1))?;
        self.show("picker-kind", next(2))?;
        self.show("summary", self.to_the_summary()?)?;
        let (mut done, journey) = self.after(self.to_the_summary()?)?;
        for message in [Message::Done, Message::Finished(None)] {
            let mut journey = journey.clone();
            done = done
                .advance(message, &mut journey)
                .map_err(|refused| refused.to_string())?
                .0;
        }
        self.keep("farewell", (done, journey));
        let connected = std::mem::replace(&mut self.session, Arc::new(session(root, false)?));
        self.show("picker-kind-required", next(1))?;
        self.plan = Plan {
            required: vec![],
            ..kinds(&[Commerce, Payments])
        };
        self.show("summary-nothing", self.to_the_summary()?)?;
        self.session = connected;
        self.plan = Plan::default();
        Ok(())
    }

    /// On from step to step, as many as there are kinds in the catalogue.
    fn to_the_summary(&self) -> Result<Vec<Message>> {
        let ways = (1..10).map(|count| vec![Message::Next; count]);
        ways.into_iter()
            .find(|way| matches!(self.after(way.clone()), Ok((Step::Summary(_), _))))
            .ok_or_else(|| "no number of steps leads to the summary".into())
    }

    fn seeing_to_it(&mut self) -> Result<()> {
        let Message::Pick(xero, _) = self.pick("xero")? else {
            return Err("a service is picked by another message".into());
        };
        let mut connection: Connection = wire(connection("xero", "active"))?;
        self.show("details", vec![Message::Show(Arc::clone(&xero))])?;
        let ask = vec![Message::Show(xero), Message::End(connection.clone())];
        self.show("disconnect", ask.clone())?;
        let mut failed = self.after(ask)?;
        if let Step::Details(details) = &mut failed.0 {
            details.trouble = Some(Trouble::local(ErrorCode::Offline, ""));
        }
        self.keep("disconnect-failed", failed);
        // With another account, and the person may disconnect.
        let only = Arc::clone(&self.session);
        let mut session = (*only).clone();
        session.widget.may_disconnect = true;
        connection.connection_id = "con_xero_2".into();
        if let Some(account) = &mut connection.account {
            account.name = "Harbor Roasters & Wholesale Beans of the Eastern Seaboard Ltd".into();
        }
        session.connections.push(connection);
        self.session = Arc::new(session);
        let Message::Pick(xero, _) = self.pick("xero")? else {
            return Err("a service is picked by another message".into());
        };
        self.show("details-several", vec![Message::Show(xero)])?;
        self.session = only;
        Ok(())
    }

    fn consenting(&mut self) -> Result<()> {
        let (quickbooks, shopify) = (self.pick("quickbooks_online")?, self.pick("shopify")?);
        let sandbox = self.pick("sandbox")?;
        self.show("consent", vec![quickbooks])?;
        self.show("consent-fields", vec![shopify.clone()])?;
        self.show("consent-trial", vec![sandbox.clone()])?;
        let sent = Message::Submit(BTreeMap::new());
        self.show("consent-busy", vec![sandbox, sent])?;
        let mut step = self.after(vec![shopify])?;
        if let Step::Consent(consent) = &mut step.0 {
            consent.refusal = Some(FieldRefusal {
                field: "shop".into(),
                message: "There is no shop at this address. Check it for typing mistakes.".into(),
            });
        }
        self.keep("consent-refused", step);
        Ok(())
    }

    fn waiting(&mut self) -> Result<()> {
        let at = |more: Vec<Message>| -> Result<Vec<Message>> {
            let mut messages = self.at_the_service("quickbooks_online")?;
            messages.extend(more);
            Ok(messages)
        };
        let states = [
            ("waiting", at(vec![])?),
            ("waiting-long", at(vec![Message::TakesLong])?),
            ("waiting-closed", at(vec![Message::WindowClosed])?),
            (
                "waiting-away",
                at(vec![Message::LeaveTab, Message::TabShown])?,
            ),
            ("own-tab", at(vec![Message::LeaveTab])?),
            (
                "waiting-reconnecting",
                at(vec![Message::Line(Link::Reconnecting)])?,
            ),
            (
                "blocked",
                vec![
                    self.pick("quickbooks_online")?,
                    Message::Submit(BTreeMap::new()),
                    Message::WindowBlocked,
                ],
            ),
        ];
        for (name, messages) in states {
            self.show(name, messages)?;
        }
        Ok(())
    }

    fn ending(&mut self) -> Result<()> {
        let accounts = json!({"accounts": [
            {"accountId": "1", "name": "Harbor Coffee Ltd"},
            {"accountId": "2", "name": "Harbor Roasters & Wholesale Beans of the Eastern Seaboard Ltd"},
            {"accountId": "3", "name": "Quayside Events"},
        ]});
        let choice = self.polled("quickbooks_online", "choose_account", accounts)?;
        self.show("account-choice", choice)?;
        let connection = json!({"connection": connection("quickbooks_online", "active")});
        let success = self.polled("quickbooks_online", "succeeded", connection)?;
        self.show("success", success)?;
        // One for each pair of sentences: codes that say the same look the same.
        let mut said = BTreeSet::new();
        for code in ErrorCode::ALL {
            let (title, text) = trouble_keys(*code);
            if !said.insert((title.name(), text.name())) {
                continue;
            }
            let failure = json!({"failure": {
                "code": code.as_str(), "message": "", "recoverable": *code != ErrorCode::UnauthorizedClient,
            }});
            let name = format!("failure-{}", code.as_str().replace('_', "-"));
            let messages = self.polled("quickbooks_online", "failed", failure)?;
            self.show(&name, messages)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::all;
    use railhead_widget::flow::Stage;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_step_is_shown_and_every_name_is_used_once() {
        let states = all(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let names: BTreeSet<_> = states.iter().map(|state| &state.name).collect();
        assert_eq!(names.len(), states.len());
        let shown = |stage: Stage| states.iter().any(|state| state.step.stage() == stage);
        for stage in [
            Stage::Loading,
            Stage::LoadFailed,
            Stage::Overview,
            Stage::Picker,
            Stage::Details,
            Stage::Disconnect,
            Stage::Consent,
            Stage::Blocked,
            Stage::OwnTab,
            Stage::Waiting,
            Stage::AccountChoice,
            Stage::Failure,
            Stage::Success,
            Stage::Summary,
            Stage::Farewell,
        ] {
            assert!(shown(stage), "{stage:?} is in no page of the gallery");
        }
    }
}
