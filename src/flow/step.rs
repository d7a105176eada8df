//! The steps of the flow, each with the data it needs and nothing else.

use railhead_protocol::{Account, Connection, ErrorCode, ServiceCard};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the person sees.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The session has not answered yet.
    Loading,
    /// There is no session.
    LoadFailed(Trouble),
    /// Who asks for what, before the first list.
    Overview,
    /// The list of services of the present stop.
    Picker,
    /// A connected service, and what can be done about it.
    Details(Details),
    /// Who asks for what, before going to the service.
    Consent(Consent),
    /// The person is at the service, in the other window.
    Waiting(Waiting),
    /// The service has several accounts; one is to be chosen.
    AccountChoice(AccountChoice),
    /// Connected.
    Success(Success),
    /// Not connected.
    Failure(Failure),
    /// The end of the way: what is connected, and what was passed over.
    Summary(Phase),
    /// The person is done, and there is no page to go on to.
    Farewell,
}

/// One try at connecting one service.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The service.
    pub service: Arc<ServiceCard>,
    /// The connection to authorize again, if there is one.
    pub connection_id: Option<String>,
    /// What was entered in the service's fields, kept for another try.
    pub fields: BTreeMap<String, String>,
}

/// [`Step::Consent`]
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// What is tried.
    pub attempt: Attempt,
    /// Asking, or on its way.
    pub phase: Phase,
    /// The field the server refused.
    pub refusal: Option<FieldRefusal>,
}

/// [`Step::Details`]
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// The service.
    pub service: Arc<ServiceCard>,
    /// The connection that is about to be ended, once the person has said so.
    pub ending: Option<Connection>,
    /// Asking, or ending it.
    pub phase: Phase,
    /// Why it could not be ended.
    pub trouble: Option<Trouble>,
}

/// Is something asked of the person, or of the server?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The person decides.
    Asking,
    /// The server was asked and has not answered.
    Sending,
}

/// A field that the server did not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRefusal {
    /// The field's name.
    pub field: String,
    /// Why, in the server's words.
    pub message: String,
}

/// [`Step::Waiting`]
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// What is tried.
    pub attempt: Attempt,
    /// The authorization, as far as it has come.
    pub asked: Asked,
    /// The other window.
    pub window: Window,
    /// The line to the server.
    pub link: Link,
    /// Has it been long enough to offer help?
    pub long: bool,
}

/// Has the server been asked to start an authorization?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// No: there is no window yet.
    NotYet,
    /// Yes, but it has not answered.
    Sent,
    /// It answered with this id.
    Authorization(String),
}

/// What is known of the other window. A hint, never the truth: some services hide their window from its opener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Open, as far as can be seen.
    Open,
    /// It reads as closed.
    Closed,
    /// It reads as closed, and the server still waits for the person.
    Gone,
    /// The browser did not let it open.
    Blocked,
    /// It may be open: the page was loaded again meanwhile.
    Unknown,
    /// There is none: the widget's own tab is on its way to the service.
    Leaving,
    /// There is none: the widget's own tab has come back.
    Returned,
}

/// Does the server answer?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It does.
    Live,
    /// Not at present; trying again.
    Reconnecting,
}

/// [`Step::AccountChoice`]
#[derive(Clone, Debug, PartialEq)]
pub struct AccountChoice {
    /// What is tried.
    pub attempt: Attempt,
    /// The authorization.
    pub authorization_id: String,
    /// What there is to choose from.
    pub accounts: Vec<Account>,
    /// Asking, or on its way.
    pub phase: Phase,
    /// The line to the server.
    pub link: Link,
}

/// [`Step::Success`]
#[derive(Clone, Debug, PartialEq)]
pub struct Success {
    /// The service.
    pub service: Arc<ServiceCard>,
    /// The connection made or renewed.
    pub connection: Connection,
    /// Asking, or on the way out.
    pub phase: Phase,
}

/// [`Step::Failure`]
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What was tried.
    pub attempt: Attempt,
    /// What went wrong.
    pub trouble: Trouble,
}

/// What went wrong, as the person and the host page are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What to branch on.
    pub code: ErrorCode,
    /// One sentence for the developer.
    pub message: String,
    /// Is trying again worth it?
    pub recoverable: bool,
    /// The request field concerned.
    pub field: Option<String>,
}

/// The step without its data: which view is shown, and how far the person has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// [`Step::Loading`]
    Loading,
    /// [`Step::LoadFailed`]
    LoadFailed,
    /// [`Step::Overview`]
    Overview,
    /// [`Step::Picker`]
    Picker,
    /// [`Step::Details`]
    Details,
    /// [`Step::Details`] with a connection about to be ended.
    Disconnect,
    /// [`Step::Consent`]
    Consent,
    /// [`Step::Waiting`] with a window the browser did not open.
    Blocked,
    /// [`Step::Waiting`] with no other window to wait for.
    OwnTab,
    /// [`Step::Waiting`]
    Waiting,
    /// [`Step::AccountChoice`]
    AccountChoice,
    /// [`Step::Failure`]
    Failure,
    /// [`Step::Success`]
    Success,
    /// [`Step::Summary`]
    Summary,
    /// [`Step::Farewell`]
    Farewell,
}

impl Stage {}

impl Step {
    /// The summary, asking.
    pub(super) fn summary() -> Self {
        Self::Summary(Phase::Asking)
    }

    /// The step without its data.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self::Loading => Stage::Loading,
            Self::LoadFailed(_) => Stage::LoadFailed,
            Self::Overview => Stage::Overview,
            Self::Picker => Stage::Picker,
            Self::Details(Details { ending: None, .. }) => Stage::Details,
            Self::Details(_) => Stage::Disconnect,
            Self::Consent(_) => Stage::Consent,
            Self::Waiting(waiting) if waiting.window == Window::Blocked => Stage::Blocked,
            Self::Waiting(waiting)
                if matches!(waiting.window, Window::Leaving | Window::Returned) =>
            {
                Stage::OwnTab
            }
            Self::Waiting(_) => Stage::Waiting,
            Self::AccountChoice(_) => Stage::AccountChoice,
            Self::Success(_) => Stage::Success,
            Self::Failure(_) => Stage::Failure,
            Self::Summary(_) => Stage::Summary,
            Self::Farewell => Stage::Farewell,
        }
    }

    /// Asking the person, or asking the server? Steps that send nothing are always asking.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self {
            Self::Consent(Consent { phase, .. })
            | Self::AccountChoice(AccountChoice { phase, .. })
            | Self::Details(Details { phase, .. })
            | Self::Summary(phase)
            | Self::Success(Success { phase, .. }) => *phase,
            _ => Phase::Asking,
        }
    }

    /// Is the server being asked, so that pressing again does nothing?
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.phase() == Phase::Sending
    }

    /// What is known of the other window. Steps without one have none to lose.
    #[must_use]
    pub fn window(&self) -> Window {
        match self {
            Self::Waiting(waiting) => waiting.window,
            _ => Window::Open,
        }
    }

    /// Does the server answer? Steps that wait for nothing don't ask.
    #[must_use]
    pub fn link(&self) -> Link {
        match self {
            Self::Waiting(Waiting { link, .. })
            | Self::AccountChoice(AccountChoice { link, .. }) => *link,
            _ => Link::Live,
        }
    }
}

impl Asked {
    /// The authorization's id, once the server has answered.
    #[must_use]
    pub fn authorization_id(self) -> Option<String> {
        match self {
            Self::Authorization(id) => Some(id),
            Self::NotYet | Self::Sent => None,
        }
    }
}

impl Attempt {
    /// A first try, with the fields as they are filled in at first.
    #[must_use]
    pub fn new(service: Arc<ServiceCard>, connection_id: Option<String>) -> Self {
        let mut fields = BTreeMap::new();
        for field in &service.fields {
            if let Some(default) = &field.default {
                fields.insert(field.name.clone(), default.clone());
            }
        }
        Self {
            service,
            connection_id,
            fields,
        }
    }
}

impl Trouble {
    /// A trouble that comes from here and not from the server.
    #[must_use]
    pub fn local(code: ErrorCode, message: &str) -> Self {
        Self {
            code,
            message: message.into(),
            recoverable: true,
            field: None,
        }
    }
}
