//! What is asked of the server, and how often: calls that are repeated while the server is away, and the long-poll.

use super::driver::Driver;
use super::later::Later;
use super::settings::is_web;
use crate::client::{Client, Error};
use crate::flow::{Link, Message, Outcome, Schedule, Session, Trouble};
use crate::listener::Listener;
use gloo_timers::callback::{Interval, Timeout};
use railhead_protocol::{
    AuthorizationState, AuthorizationStatus, ErrorCode, FinishRequest, ServiceCard, SessionRequest,
    StartAuthorization,
};
use std::cell::Cell;
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
/// After how long a person who is still busy gets more time, in milliseconds: well before the ten minutes are over.
const EXTEND: u32 = 240_000;
/// How long an answer may take after a window has closed, in milliseconds, before it is said that it came to nothing.
const MOMENT: u32 = 1_500;

/// Something asked of the server.
pub(super) enum Call {
    /// An authorization.
    Start(StartAuthorization),
    /// A fresh nonce for an authorization.
    Renew(String),
    /// To leave for the service with the widget's own tab.
    Leave(String),
    /// Where an authorization stands, in a moment.
    Look(String),
    /// A session in the place of one that ended.
    Session,
    /// What became of what was under way in an earlier life of this visit, once the widget of this id is loaded.
    LookBack(String),
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
    /// Giving up is said even though the attempt is over; looking back, ending and finishing belong to none.
    pub(super) fn outlives_the_attempt(&self) -> bool {
        matches!(
            self,
            Self::LookBack(_) | Self::Cancel(..) | Self::Disconnect(_) | Self::Finish(_)
        )
    }

    /// How often it is tried before the person is told. Where something can be seen to be under way, there is time.
    fn tries(&self) -> u32 {
        match self {
            Self::LookBack(_) | Self::Disconnect(_) => FEW_TRIES,
            _ => 8,
        }
    }

    /// Does it begin something, so that any session of the business will do?
    fn begins(&self) -> bool {
        matches!(self, Self::Start(_) | Self::Finish(_) | Self::Disconnect(_))
    }

    /// Does nobody wait for its answer? What becomes of the authorization, the poll will tell.
    fn is_courtesy(&self) -> bool {
        matches!(self, Self::Cancel(..) | Self::Renew(_) | Self::Look(_))
    }
}

/// Gets the session, again and again while the server is away.
pub(super) async fn load(driver: Rc<Driver>, mut request: SessionRequest, signal: AbortSignal) {
    let mut schedule = Schedule::default();
    loop {
        let error = match session(&driver, &request, &signal).await {
            Ok(()) => return,
            Err(_) if signal.aborted() => return,
            Err(Error::Aborted) => Error::Unreachable,
            Err(error) => error,
        };
        if driver.forgets(&error, &mut request) {
            continue;
        }
        if !error.is_passing() || (schedule.failures() + 1 >= FEW_TRIES && !driver.is_offline()) {
            return driver.dispatch(refused(&error));
        }
        pause(&driver, &mut schedule).await;
        if signal.aborted() {
            return;
        }
    }
}

async fn session(
    driver: &Driver,
    request: &SessionRequest,
    signal: &AbortSignal,
) -> Result<(), Error> {
    let client = &driver.client;
    let deadline = Deadline::new(signal, DEAD).ok_or(Error::Aborted)?;
    let signal = &deadline.signal;
    let state = match driver.take_asked_already() {
        Some(answer) => client.take_session(answer, signal).await?,
        None => client.open_session(request, signal).await?,
    };
    let widget_id = state.widget.widget_id.clone();
    let goes_on = driver.is_under_way(&state.business.business_uuid);
    driver.enter(Session::new(state));
    if goes_on {
        driver.go_on(widget_id);
    } else {
        driver.dispatch(Message::Loaded(widget_id));
    }
    Ok(())
}

/// Asks, again and again while the server is away, and passes the answer on.
pub(super) async fn ask(driver: Rc<Driver>, call: Call, signal: AbortSignal) {
    let mut schedule = Schedule::default();
    let mut renewed = false;
    loop {
        let error = match once(&driver, &call, &signal).await {
            Ok(Some(message)) => return driver.dispatch(message),
            Ok(None) => return,
            Err(_) if signal.aborted() => return,
            Err(Error::Aborted) => Error::Unreachable,
            Err(error) => error,
        };
        if call.begins() && is_over(&error) && !std::mem::replace(&mut renewed, true) {
            // Nothing was begun in the session that ended: another one does as well.
            if driver.renew(&signal).await.is_ok() {
                continue;
            }
        }
        if !error.is_passing() || (schedule.failures() + 1 >= call.tries() && !driver.is_offline())
        {
            if !call.is_courtesy() {
                driver.dispatch(refused(&error));
            }
            return;
        }
        pause(&driver, &mut schedule).await;
        if signal.aborted() {
            return;
        }
    }
}

async fn once(
    driver: &Driver,
    call: &Call,
    signal: &AbortSignal,
) -> Result<Option<Message>, Error> {
    let client = &driver.client;
    let deadline = Deadline::new(signal, DEAD).ok_or(Error::Aborted)?;
    let signal = &deadline.signal;
    Ok(Some(match call {
        Call::Start(request) => Message::Started(client.start(request, signal).await?),
        Call::Renew(id) => Message::Renewed(client.renew_nonce(id, signal).await?),
        Call::Leave(id) => {
            let page = driver.border.address();
            let address = client.leave(id, page, signal).await?;
            driver.border.redirect(&address);
            return Ok(None);
        }
        Call::Look(id) => {
            driver.nap(MOMENT).await;
            Message::Polled(client.look(id, signal).await?)
        }
        Call::Session => {
            let news = driver.renew(signal).await?;
            driver.outlived(news).unwrap_or(Message::SessionBack)
        }
        Call::LookBack(widget_id) => {
            let resumed = driver.look_back(signal).await?;
            let record = driver.memory.record();
            driver.dispatch(Message::Loaded(widget_id.clone()));
            if resumed.is_some() {
                // The list is only passed through; what is gone on with is to be found again the next time, too.
                driver.memory.keep(record);
            }
            return Ok(resumed);
        }
        Call::Choose {
            authorization_id,
            account_id,
        } => {
            let chosen = client.choose(authorization_id, account_id.clone(), signal);
            Message::Polled(or_as_it_stands(client, authorization_id, chosen.await, signal).await?)
        }
        Call::Cancel(id, service) => {
            let cancelled = client.cancel(id, signal).await;
            let state = or_as_it_stands(client, id, cancelled, signal).await?;
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

/// An authorization may have come to its end meanwhile, perhaps to a good one; or an answer was lost, and what was asked had been
/// done.
async fn or_as_it_stands(
    client: &Client,
    id: &str,
    answer: Result<AuthorizationState, Error>,
    signal: &AbortSignal,
) -> Result<AuthorizationState, Error> {
    match answer {
        Err(Error::Problem(problem)) if problem.status == 409 => client.look(id, signal).await,
        answer => answer,
    }
}

/// Asks where an authorization stands until that is decided; the flow ends it by [`crate::flow::Command::Rest`].
pub(super) async fn watch(driver: Rc<Driver>, id: String, mut version: u32) {
    let attempt = driver.signal();
    let mut schedule = Schedule::default();
    let due = Rc::new(Cell::new(false));
    let _clock = {
        let due = Rc::clone(&due);
        Interval::new(EXTEND, move || due.set(true))
    };
    loop {
        let Some(deadline) = Deadline::new(&attempt, DEAD_POLL) else {
            return;
        };
        match driver.client.poll(&id, version, &deadline.signal).await {
            Ok(state) => {
                version = state.version;
                driver.dispatch(Message::Polled(state));
                if !attempt.aborted() && driver.is_busy() && due.take() {
                    // What becomes of it, the next poll will tell.
                    let _ = driver.client.extend(&id, &attempt).await;
                }
                let breath = schedule.pause(Outcome::Answered, 0.0);
                if !attempt.aborted() {
                    driver.nap(breath).await;
                }
            }
            Err(_) if attempt.aborted() => return,
            Err(error) if error.is_passing() || matches!(error, Error::Aborted) => {
                pause(&driver, &mut schedule).await;
            }
            Err(error) if is_over(&error) => {
                let news = driver.renew(&attempt).await.unwrap_or_default();
                let message = driver.outlived(news);
                return driver.dispatch(message.unwrap_or_else(|| refused(&error)));
            }
            Err(error) => return driver.dispatch(refused(&error)),
        }
        if attempt.aborted() {
            return;
        }
    }
}

/// Gets what the later steps need. Nobody hears of a failure: it is asked for until it comes (`later.js`).
pub(super) async fn bring_later(driver: Rc<Driver>) {
    if let Ok(later) = Later::load().await
        && driver.living().is_some()
    {
        driver.complete(later);
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

fn is_over(error: &Error) -> bool {
    error.code() == ErrorCode::SessionExpired
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
    use ErrorCode as Code;
    matches!(
        error.code(),
        Code::SessionExpired
            | Code::AuthorizationNotFound
            | Code::AuthorizationNotOpen
            | Code::Internal
    )
}
