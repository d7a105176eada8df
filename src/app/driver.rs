//! Does what the flow commands: talks to the server, opens the window, tells the host page. The only caller of
//! `client` and `popup`.

use super::beginning::Early;
use super::border::{Border, Place};
use super::memory::Memory;
use super::settings::Settings;
use super::tasks::Call;
use super::{Model, State, tasks};
use crate::client::Client;
use crate::flow::{Command, Journey, Message, Session, Step, Turn, Window};
use crate::popup::{Hint, Popup};
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use leptos::prelude::*;
use railhead_protocol::{Connection, ErrorCode, Event, FinishRequest, StartAuthorization};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// After how long waiting is called long, in milliseconds.
const LONG: u32 = 20_000;

/// What ends calls that are under way.
pub struct Ends {
    attempt: AbortController,
    life: AbortController,
}

impl Ends {
    /// None have ended yet. `None` in a browser that can't end calls.
    #[must_use]
    pub fn new() -> Option<Self> {
        Some(Self {
            attempt: AbortController::new().ok()?,
            life: AbortController::new().ok()?,
        })
    }
}

/// Does what the flow commands.
pub struct Driver {
    me: Weak<Self>,
    pub(super) client: Client,
    pub(super) border: Rc<dyn Border>,
    pub(super) model: Model,
    pub(super) place: Place,
    pub(super) page: web_sys::Window,
    pub(super) memory: Memory,
    /// The session answer that the loader has already asked for.
    asked_already: Cell<Option<Promise>>,
    popup: RefCell<Option<Popup>>,
    /// Ends what is asked for the present attempt.
    attempt: RefCell<AbortController>,
    /// Ends everything.
    pub(super) life: AbortController,
    /// What ends the pauses between polls early.
    naps: RefCell<Vec<Function>>,
    /// Counts the messages taken in.
    turn: Cell<u32>,
    patience: RefCell<Option<Timeout>>,
    /// Ends what the host page gives no more time for.
    limit: RefCell<Option<Timeout>>,
    made: RefCell<Vec<String>>,
    pub(super) early: Early,
}

impl Driver {
    /// A driver of `model`.
    #[must_use]
    pub fn new(
        model: Model,
        place: Place,
        border: Rc<dyn Border>,
        page: web_sys::Window,
        asked_already: Option<Promise>,
        ends: Ends,
    ) -> Rc<Self> {
        let business = place.business_name.as_deref().unwrap_or_default();
        let memory = Memory::new(&page, &place.api_url, &place.widget_id, business);
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            memory,
            client: Client::new(place.base.clone(), place.embedder.clone()),
            border,
            model,
            place,
            page,
            asked_already: Cell::new(asked_already),
            popup: RefCell::new(None),
            attempt: RefCell::new(ends.attempt),
            life: ends.life,
            naps: RefCell::new(Vec::new()),
            turn: Cell::new(0),
            patience: RefCell::new(None),
            limit: RefCell::new(None),
            made: RefCell::new(Vec::new()),
            early: Early::default(),
        })
    }

    /// Takes in something that happened. What means nothing in the present step is let go.
    pub fn dispatch(&self, message: Message) {
        // The widget may be gone, with its signals, when a late answer comes in.
        let Some(state) = self.model.try_get_untracked() else {
            return;
        };
        match state.later {
            Some(later) => later.take(self, state, message),
            None => self.begin(state, message),
        }
    }

    /// The same once everything is there.
    pub(super) fn take(&self, state: State, message: Message) {
        if let Message::ConnectedAfterAll(_, connection) = &message {
            self.remember(connection);
        }
        let mut journey = state.journey;
        if let Ok(turn) = state.step.advance(message, &mut journey) {
            self.turn_to(turn, journey, Self::obey);
        }
    }

    /// Shows the next step and does what is to be done.
    pub(super) fn turn_to(
        &self,
        (step, commands): Turn,
        journey: Journey,
        obey: fn(&Self, Command),
    ) {
        self.turn.set(self.turn.get() + 1);
        self.model.update(|state| {
            state.step = step;
            state.journey = journey;
        });
        self.keep(&self.made.borrow());
        self.obey_each(commands, obey);
        self.border.moved();
    }

    /// Gets the session.
    pub fn load(&self) {
        self.obey_at_first(Command::Load);
    }

    /// Takes up a session that has answered already. `None` when its answer can't be understood; else what is still to be
    /// obeyed, once the step is on the page.
    pub fn take_up(&self, answer: JsValue) -> Option<Vec<Command>> {
        // A visit that goes on somewhere else than at its first step is looked up first.
        if !self.memory.record().service.is_empty() {
            return None;
        }
        let state = self.client.enter(answer).ok()?;
        if self.is_visit_of(&state.business.business_uuid) {
            self.remake(&self.memory.record().made);
        }
        let session = Session::new(state);
        let loaded = Message::Loaded(session.widget.widget_id.clone());
        self.asked_already.take();
        self.enter(session);
        let state = self.model.get_untracked();
        let mut journey = state.journey;
        let (step, commands) = state.step.begin(loaded, &mut journey).ok()?;
        self.model.update(|state| {
            state.step = step;
            state.journey = journey;
        });
        self.keep(&self.made.borrow());
        Some(commands)
    }

    /// Does what is to be done in the first step.
    pub fn obey_all(&self, commands: Vec<Command>) {
        self.obey_each(commands, Self::obey_at_first);
    }

    /// Does what is to be done in the present step, unless it passes in between.
    fn obey_each(&self, commands: Vec<Command>, obey: fn(&Self, Command)) {
        let turn = self.turn.get();
        for command in commands {
            // What the host page does when it hears of an event may have moved the flow on, or removed the widget; then
            // the rest is stale.
            if self.turn.get() == turn && self.living().is_some() {
                obey(self, command);
            }
        }
    }

    /// There is reason to ask now: whatever waits need not wait any longer.
    pub fn hurry(&self) {
        for wake in self.naps.take() {
            // A promise that is settled already stays as it is.
            let _ = wake.call0(&wake);
        }
    }

    /// The browser knows whether it is online: shows it; back online, what waits goes on, and what failed for want of a
    /// line is tried again.
    pub fn line(&self) {
        let offline = self.is_offline();
        self.model.update(|state| state.offline = offline);
        if offline {
            return;
        }
        self.hurry();
        let gone = self.model.with_untracked(|state| {
            matches!(&state.step, Step::LoadFailed(trouble) if trouble.code == ErrorCode::Offline)
        });
        if gone {
            self.dispatch(Message::Retry);
        }
    }

    /// Ends everything: no call, timer or window is left.
    pub fn stop(&self) {
        self.life.abort();
        self.rest();
        self.popup.take();
        // Who is taken away gives up what was under way; who reloads goes on with it.
        self.memory.keep(self.memory.record().at_rest());
    }

    fn obey(&self, command: Command) {
        match command {
            Command::OpenWindow => self.open_window(),
            Command::CloseWindow => drop(self.popup.take()),
            Command::Start(attempt) => {
                self.limit.replace(self.limit());
                self.ask(Call::Start(StartAuthorization {
                    service_name: attempt.service.service_name.clone(),
                    fields: attempt.fields,
                    connection_id: attempt.connection_id,
                }));
            }
            Command::Leave(id) => self.ask(Call::Leave(id)),
            Command::RenewSession => self.ask(Call::Session),
            Command::Look(id) => self.ask(Call::Look(id)),
            Command::RenewNonce(id) => self.ask(Call::Renew(id)),
            Command::Introduce {
                authorization_id,
                nonce,
            } => {
                if let Some(popup) = &*self.popup.borrow() {
                    popup.introduce(authorization_id, nonce);
                }
            }
            Command::Watch {
                authorization_id,
                version,
            } => {
                if let Some(me) = self.living() {
                    wasm_bindgen_futures::spawn_local(tasks::watch(me, authorization_id, version));
                }
            }
            Command::Hurry => self.hurry(),
            Command::Rest => self.rest(),
            Command::Cancel(id, service) => self.ask(Call::Cancel(id, service)),
            Command::Choose {
                authorization_id,
                account_id,
            } => {
                self.ask(Call::Choose {
                    authorization_id,
                    account_id,
                });
            }
            Command::Disconnect(id) => self.ask(Call::Disconnect(id)),
            Command::Finish => self.finish(),
            Command::Open => self.border.open(),
            Command::Load | Command::Emit(_) | Command::Exit(_) => self.obey_at_first(command),
            Command::Redirect(address) => {
                self.memory.keep(self.memory.record().at_rest());
                self.border.redirect(&address);
            }
        }
    }

    fn ask(&self, call: Call) {
        let Some(me) = self.living() else { return };
        let signal = if call.outlives_the_attempt() {
            self.life.signal()
        } else {
            self.signal()
        };
        wasm_bindgen_futures::spawn_local(tasks::ask(me, call, signal));
    }

    pub(super) fn look_back_for(&self, widget_id: String) {
        self.ask(Call::LookBack(widget_id));
    }

    /// This driver, unless it was stopped.
    pub(super) fn living(&self) -> Option<Rc<Self>> {
        self.me.upgrade().filter(|me| !me.life.signal().aborted())
    }

    /// The connections made since the widget was opened; forgets them.
    pub fn take_made(&self) -> Vec<String> {
        self.made.take()
    }

    /// The session answer that was asked for before the widget's code was there; once.
    pub(super) fn take_asked_already(&self) -> Option<Promise> {
        self.asked_already.take()
    }

    pub(super) fn enter(&self, session: Session) {
        self.model.update(|state| {
            let mut settings = Settings::clone(&state.settings);
            settings.speak(Some(&session.widget.messages));
            state.settings = Arc::new(settings);
            state.session = Some(Arc::new(session));
            state.lay();
            state.edition += 1;
        });
        self.bring_later();
    }

    fn open_window(&self) {
        let base = &self.place.base;
        let widget_id = self.place.widget_id.as_str();
        let text = self
            .model
            .with_untracked(|state| Arc::clone(&state.settings.text));
        let start = [
            base,
            "/v1/connect/start?widgetId=",
            widget_id,
            "&locale=",
            text.language(),
        ];
        let address = start.concat();
        let me = self.me.clone();
        let hint = move |hint| {
            let Some(me) = me.upgrade() else { return };
            match hint {
                Hint::Done => me.hurry(),
                Hint::Closed => me.dispatch(Message::WindowClosed),
            }
        };
        // Forgotten, not closed: opening it again under its name finds the window if it is still there.
        if let Some(former) = self.popup.take() {
            former.forget();
        }
        let name = &self.place.window_name;
        let popup = Popup::open(&self.page, &address, name, self.place.origin.clone(), hint);
        let message = if popup.is_some() {
            Message::WindowOpened
        } else {
            Message::WindowBlocked
        };
        if let Some(popup) = &popup {
            popup.focus();
        }
        self.popup.replace(popup);
        self.be_patient(LONG);
        self.dispatch(message);
    }

    /// After this many milliseconds it takes long.
    pub(super) fn be_patient(&self, milliseconds: u32) {
        let end = self.after(milliseconds, Message::TakesLong);
        self.patience.replace(Some(end));
    }

    /// It is not too long any more.
    pub(super) fn lose_patience(&self) {
        self.patience.take();
    }

    /// The end of the time that the host page gives for an attempt.
    fn limit(&self) -> Option<Timeout> {
        let seconds = self.model.get_untracked().settings.timeout?;
        Some(self.after(seconds * 1000, Message::TimeUp))
    }

    fn after(&self, milliseconds: u32, message: Message) -> Timeout {
        let me = self.me.clone();
        Timeout::new(milliseconds, move || {
            if let Some(me) = me.upgrade() {
                me.dispatch(message);
            }
        })
    }

    fn finish(&self) {
        let State {
            settings, session, ..
        } = self.model.get_untracked();
        if settings.goes_on(session.as_deref()) {
            let success_url = settings.success_url.clone();
            let connection_ids = self.made.borrow().clone();
            self.ask(Call::Finish(FinishRequest {
                success_url,
                connection_ids,
            }));
        } else {
            self.dispatch(Message::Finished(None));
        }
    }

    pub(super) fn emit(&self, event: Event) {
        if let Event::Connect { connection_id, .. } = &event {
            let mut made = self.made.borrow_mut();
            if !made.contains(connection_id) {
                made.push(connection_id.clone());
            }
        }
        if let Step::Success(success) = self.model.get_untracked().step {
            self.remember(&success.connection);
        }
        self.keep(&self.made.borrow());
        self.border.emit(event);
    }

    /// A connection that was just made shows in the list from now on.
    fn remember(&self, connection: &Connection) {
        self.model.update_untracked(|state| {
            if let Some(session) = &mut state.session {
                Arc::make_mut(session).remember(connection);
                state.lay();
            }
        });
    }

    /// A connection has ended: the list says so, and the host page is not told of it as one that was made.
    pub(super) fn forget(&self, connection: &Connection) {
        self.made
            .borrow_mut()
            .retain(|made| *made != connection.connection_id);
        self.model.update_untracked(|state| {
            if let Some(session) = &mut state.session {
                Arc::make_mut(session).remember(connection);
                state.lay();
            }
        });
    }

    /// The connections made before the page was loaded again, with commas between them.
    pub(super) fn remake(&self, made: &str) {
        let ids = made.split(',').filter(|id| !id.is_empty());
        self.made.replace(ids.map(str::to_owned).collect());
    }

    /// Ends what is asked for the present attempt.
    fn rest(&self) {
        if let Ok(next) = AbortController::new() {
            self.attempt.replace(next).abort();
        }
        self.patience.take();
        self.limit.take();
        self.hurry();
    }

    /// Does the browser know that it is offline?
    pub(super) fn is_offline(&self) -> bool {
        !self.page.navigator().on_line()
    }

    /// Is the person still busy with the attempt, as far as can be seen?
    pub(super) fn is_busy(&self) -> bool {
        self.model.with_untracked(|state| match &state.step {
            Step::Waiting(waiting) => matches!(waiting.window, Window::Open | Window::Unknown),
            Step::AccountChoice(_) => true,
            _ => false,
        })
    }

    pub(super) fn signal(&self) -> AbortSignal {
        self.attempt.borrow().signal()
    }

    /// Waits, or less if there is reason to hurry.
    pub(super) async fn nap(&self, milliseconds: u32) {
        let mut pending = None;
        let promise = Promise::new(&mut |wake, _| pending = Some(wake));
        let Some(wake) = pending else { return };
        self.naps.borrow_mut().push(wake.clone());
        let _timer = {
            let wake = wake.clone();
            Timeout::new(milliseconds, move || {
                // A promise that is settled already stays as it is.
                let _ = wake.call0(&wake);
            })
        };
        // It is never rejected.
        let _ = JsFuture::from(promise).await;
        self.naps.borrow_mut().retain(|known| *known != wake);
    }
}
