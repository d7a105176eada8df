//! What can happen in the flow, and what is to be done about it.

use super::resume::Resumed;
use super::step::{Attempt, Link, Step, Trouble};
use railhead_protocol::{
    AuthorizationState, Connection, Event, ExitReason, ServiceCard, StartedAuthorization,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something that happened: the person did it, the server answered it, or the other window showed it.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The session answered; `widget_id` for the host page.
    Loaded(String),
    /// A service was picked, perhaps to renew a connection.
    Pick(Arc<ServiceCard>, Option<String>),
    /// A connected service was picked, to see to its connections.
    Show(Arc<ServiceCard>),
    /// On to what comes next: the first list, the next one, or the summary.
    Next,
    /// To the list at this place of the way.
    Visit(usize),
    /// This connection is to be ended; the person is asked once more.
    End(Connection),
    /// It is.
    Disconnect,
    /// The server has ended it.
    Disconnected,
    /// One step back.
    Back,
    /// Consent was given, with the values of the service's fields.
    Submit(BTreeMap<String, String>),
    /// The window opened.
    WindowOpened,
    /// The browser refused to open it.
    WindowBlocked,
    /// It reads as closed.
    WindowClosed,
    /// The window is to be opened again.
    OpenAgain,
    /// No window is wanted: the widget's own tab is to go to the service.
    LeaveTab,
    /// The page is shown again after it was left.
    TabShown,
    /// Something was under way in an earlier life of this visit.
    Resumed(Resumed),
    /// The authorization has started.
    Started(StartedAuthorization),
    /// The server refused what was asked of it, or could not be reached for long enough.
    Refused(Trouble),
    /// A fresh nonce for a window opened again.
    Renewed(String),
    /// The server said where the authorization stands.
    Polled(AuthorizationState),
    /// The server answers, or does not.
    Line(Link),
    /// The person has been away for a while.
    TakesLong,
    /// The host page gives no more time.
    TimeUp,
    /// A session has taken the place of the one that ended.
    SessionBack,
    /// An account was chosen, by its id.
    Choose(String),
    /// The attempt is given up.
    Cancel,
    /// An attempt given up here had already succeeded at the server.
    ConnectedAfterAll(Arc<ServiceCard>, Connection),
    /// Once more.
    Retry,
    /// Back to the list.
    ChooseAnother,
    /// From the beginning, after having been done.
    Reopen,
    /// Finished.
    Done,
    /// The server said where to go on; or there is nowhere to go.
    Finished(Option<String>),
    /// The widget is closed, by the person or the host page.
    Close,
}

impl Message {
    /// Does the person go on by it, or back, from a first step? Then it is worth waiting for what comes next.
    #[must_use]
    pub fn leads_on(&self) -> bool {
        matches!(
            self,
            Self::Pick(..) | Self::Show(_) | Self::Next | Self::Visit(_) | Self::Back
        )
    }
}

/// Something to do about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Get a session.
    Load,
    /// Open the window now, within the click.
    OpenWindow,
    /// Close the window.
    CloseWindow,
    /// Start an authorization.
    Start(Attempt),
    /// Leave for the service with the widget's own tab.
    Leave(String),
    /// Ask where this authorization stands, in a moment.
    Look(String),
    /// Get another session in the place of the one that ended.
    RenewSession,
    /// Get a fresh nonce for this authorization.
    RenewNonce(String),
    /// Tell the window which authorization it is for.
    Introduce {
        /// The authorization.
        authorization_id: String,
        /// Its nonce.
        nonce: String,
    },
    /// Poll this authorization for what comes after this version of its state.
    Watch {
        /// The authorization.
        authorization_id: String,
        /// The version that is known.
        version: u32,
    },
    /// Poll sooner.
    Hurry,
    /// Stop whatever is asked of the server for this attempt.
    Rest,
    /// Tell the server that the attempt is given up; it may answer that it had succeeded.
    Cancel(String, Arc<ServiceCard>),
    /// Tell the server which account was chosen.
    Choose {
        /// The authorization.
        authorization_id: String,
        /// The account.
        account_id: String,
    },
    /// Tell the server to end this connection.
    Disconnect(String),
    /// Ask the server where to go on.
    Finish,
    /// Show the widget again, which the person has left.
    Open,
    /// Tell the host page.
    Emit(Event),
    /// Leave.
    Exit(ExitReason),
    /// Leave for this address.
    Redirect(String),
}

/// The message means nothing in this step, which is handed back unchanged.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("the message means nothing in this step")]
pub struct Refused(pub Step);
