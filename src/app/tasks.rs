//! What is asked of the server, and how often: calls that are repeated while the server is away, and the long-poll.

use super::driver::Driver;
use super::later::Later;
use super::settings::is_web;
use crate::client::Error;
use crate::flow::{Link, Message, Outcome, Schedule, Session, Trouble};
use crate::listener::Listener;
use gloo_timers::callback::Timeout;
use railhead_protocol::{
    AuthorizationStatus, FinishRequest, ServiceCard, SessionRequest, StartAuthorization,
};
use std::rc::Rc;
use std::sync::Arc;
use web_sys::{AbortController, AbortSignal};

/// How often something is tried that nothing can be seen of meanwhile.
const FEW_TRIES: u32 = 3;
/// From how many failures in a row on the line is called lost.
const LOST: u32 = 2;
/// After how long a call without an answer is taken for dead, in milliseconds. After sleep and wake a line may be so
/// without anybody saying.
const DEAD: u32 = 20_000;
/// The same for a poll, which the server answers after 25 s.
const DEAD_POLL: u32 = 35_000;

/// Something asked of the server.
pub(super) enum Call {
    /// An authorization.
    Start(StartAuthorization),
    /// A fresh nonce for an authorization.
    Renew(String),
    /// An account.
    Choose {
        /// The authorization.
        authorization_id: String,
        /// The account.
        account_id: String,
    },
    /// To give up an authorization.
    Cancel(String, Arc<ServiceCard>),
    /// To end a connection.
    Disconnect(String),
    /// Where to go on.
    Finish(FinishRequest),
}

impl Call {
    /// Giving up is said even though the attempt is over; ending and finishing belong to none.
    pub(super) fn outlives_the_attempt(&self) -> bool {
        matches!(
            self,
            Self::Cancel(..) | Self::Disconnect(_) | Self::Finish(_)
        )
    }

    /// How often it is tried before the person is told. Where something can be seen to be under way, there is time.
    fn tries(&self) -> u32 {
        match self {
            Self::Disconnect(_) | Self::Finish(_) => FEW_TRIES,
            _ => 8,
        }
    }

    /// Does nobody wait for its answer? What becomes of the authorization, the poll will tell.
    fn is_courtesy(&self) -> bool {
        matches!(self, Self::Cancel(..) | Self::Renew(_))
    }
}

/// Gets the session.
pub(super) async fn load(driver: Rc<Driver>, request: SessionRequest, signal: AbortSignal) {
    let session = async |signal: &AbortSignal| {
        let client = &driver.client;
        let state = match driver.take_asked_already() {
            Some(answer) => client.take_session(answer, signal).await?,
            None => client.open_session(&request, signal).await?,
        };
        let widget_id = state.widget.widget_id.clone();
        driver.enter(Session::new(state));
        Ok(Some(Message::Loaded(widget_id)))
    };
    if let Some(error) = persist(&driver, &signal, FEW_TRIES, session).await {
        driver.dispatch(refused(&error));
    }
}

/// Asks, and passes the answer on.
pub(super) async fn ask(driver: Rc<Driver>, call: Call, signal: AbortSignal) {
    let once = async |signal: &AbortSignal| once(&driver, &call, signal).await;
    let error = persist(&driver, &signal, call.tries(), once).await;
    if let Some(error) = error.filter(|_| !call.is_courtesy()) {
        driver.dispatch(refused(&error));
    }
}

/// Asks again and again while the server is away, and passes the answer on; or returns why there is none.
async fn persist(
    driver: &Driver,
    signal: &AbortSignal,
    tries: u32,
    once: impl AsyncFn(&AbortSignal) -> Result<Option<Message>, Error>,
) -> Option<Error> {
    let mut schedule = Schedule::default();
    loop {
        let answer = match Deadline::new(signal, DEAD) {
            Some(deadline) => once(&deadline.signal).await,
            None => Err(Error::Aborted),
        };
        let error = match answer {
            Ok(message) => {
                message
                    .into_iter()
                    .for_each(|message| driver.dispatch(message));
                return None;
            }
            Err(_) if signal.aborted() => return None,
            Err(Error::Aborted) => Error::Unreachable,
            Err(error) => error,
        };
        if !error.is_passing() || schedule.failures() + 1 >= tries {
            return Some(error);
        }
        pause(driver, &mut schedule).await;
        if signal.aborted() {
            return None;
        }
    }
}

async fn once(
    driver: &Driver,
    call: &Call,
    signal: &AbortSignal,
) -> Result<Option<Message>, Error> {
    let client = &driver.client;
    Ok(Some(match call {
        Call::Start(request) => Message::Started(client.start(request, signal).await?),
        Call::Renew(id) => Message::Renewed(client.renew_nonce(id, signal).await?),
        Call::Choose {
            authorization_id,
            account_id,
        } => {
            let account_id = account_id.clone();
            Message::Polled(client.choose(authorization_id, account_id, signal).await?)
        }
        Call::Cancel(id, service) => {
            let state = client.cancel(id, signal).await?;
            match state.connection {
                Some(connection) if state.status == AuthorizationStatus::Succeeded => {
                    Message::ConnectedAfterAll(Arc::clone(service), connection)
                }
                _ => return Ok(None),
            }
        }
        Call::Disconnect(id) => {
            let connection = client.disconnect(id, signal).await?;
            driver.forget(&connection);
            Message::Disconnected
        }
        Call::Finish(request) => {
            let finished = client.finish(request, signal).await?;
            Message::Finished(finished.redirect_url.filter(|address| is_web(address)))
        }
    }))
}

/// Asks where an authorization stands until that is decided; the flow ends it by [`crate::flow::Command::Rest`].
pub(super) async fn watch(driver: Rc<Driver>, id: String, mut version: u32) {
    let attempt = driver.signal();
    let mut schedule = Schedule::default();
    loop {
        let Some(deadline) = Deadline::new(&attempt, DEAD_POLL) else {
            return;
        };
        match driver.client.poll(&id, version, &deadline.signal).await {
            Ok(state) => {
                version = state.version;
                driver.dispatch(Message::Polled(state));
                let breath = schedule.pause(Outcome::Answered, 0.0);
                if !attempt.aborted() {
                    driver.nap(breath).await;
                }
            }
            Err(_) if attempt.aborted() => return,
            Err(error) if error.is_passing() || matches!(error, Error::Aborted) => {
                pause(&driver, &mut schedule).await;
            }
            Err(error) => return driver.dispatch(refused(&error)),
        }
        if attempt.aborted() {
            return;
        }
    }
}

/// Gets what the later steps need, until it is there.
pub(super) async fn bring_later(driver: Rc<Driver>) {
    let mut schedule = Schedule::default();
    loop {
        let later = Later::load().await;
        if driver.living().is_none() {
            return;
        }
        match later {
            Ok(later) => return driver.complete(later),
            Err(_) => {
                let pause = schedule.pause(Outcome::Failed, driver.border.random());
                if schedule.failures() >= FEW_TRIES {
                    driver.do_without();
                }
                driver.nap(pause).await;
            }
        }
    }
}

/// Ends one call: when the attempt it belongs to ends, or when it is dead.
struct Deadline {
    signal: AbortSignal,
    _ended: Listener,
    _dead: Timeout,
}

impl Deadline {
    /// `None` when the attempt has ended already, before its call was made.
    fn new(attempt: &AbortSignal, milliseconds: u32) -> Option<Self> {
        let call = AbortController::new().ok().filter(|_| !attempt.aborted())?;
        let signal = call.signal();
        let ended = {
            let call = call.clone();
            Listener::new(attempt, "abort", move |_| call.abort())
        };
        Some(Self {
            signal,
            _ended: ended,
            _dead: Timeout::new(milliseconds, move || call.abort()),
        })
    }
}

async fn pause(driver: &Driver, schedule: &mut Schedule) {
    let pause = schedule.pause(Outcome::Failed, driver.border.random());
    if schedule.failures() >= LOST {
        driver.dispatch(Message::Line(Link::Reconnecting));
    }
    driver.nap(pause).await;
}

fn refused(error: &Error) -> Message {
    Message::Refused(Trouble {
        code: error.code(),
        message: error.to_string(),
        recoverable: error.is_passing() || is_renewable(error),
        field: error.field(),
    })
}

/// Refusals that another try may get past, because the person or time can change something.
fn is_renewable(error: &Error) -> bool {
    use railhead_protocol::ErrorCode as Code;
    matches!(
        error.code(),
        Code::SessionExpired
            | Code::AuthorizationNotFound
            | Code::AuthorizationNotOpen
            | Code::Internal
    )
}
