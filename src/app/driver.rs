//! Does what the flow commands: talks to the server, opens the window, tells the host page. `app` is the only caller of `client` and
//! `popup`; the flow up to its first step is in `beginning.rs`, the rest in `attempts.rs`.

use super::Model;
use super::beginning::Early;
use super::border::{Border, Place};
use super::memory::{Memory, Record};
use super::settings::Settings;
use crate::client::Client;
use crate::flow::{Command, Journey, Message, Session, Step, Turn};
use crate::popup::Popup;
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use leptos::prelude::*;
use railhead_protocol::{Connection, ErrorCode, Event};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

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
    pub(super) me: Weak<Self>,
    pub(super) client: Client,
    pub(super) border: Rc<dyn Border>,
    pub(super) model: Model,
    pub(super) place: Place,
    pub(super) page: web_sys::Window,
    pub(super) memory: Memory,
    /// The session answer that the loader has already asked for.
    asked_already: Cell<Option<Promise>>,
    pub(super) popup: RefCell<Option<Popup>>,
    /// Ends what is asked for the present attempt.
    pub(super) attempt: RefCell<AbortController>,
    /// Ends everything.
    pub(super) life: AbortController,
    /// What ends the pauses between polls early.
    naps: RefCell<Vec<Function>>,
    /// Counts the messages taken in.
    turn: Cell<u32>,
    pub(super) patience: RefCell<Option<Timeout>>,
    /// Ends what the host page gives no more time for.
    pub(super) limit: RefCell<Option<Timeout>>,
    pub(super) made: RefCell<Vec<String>>,
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
        let record = self.memory.record();
        if !(record.service.is_empty() && record.way.is_empty()) {
            return None;
        }
        let state = self.client.enter(answer).ok()?;
        if self.is_visit_of(&state.business.business_uuid) {
            self.remake(&record.made);
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
        self.memory.keep(self.memory.record().at_end());
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
            state.journey.take_up(&self.memory.record().way);
            state.edition += 1;
        });
        self.bring_later();
    }

    /// After this many milliseconds it takes long.
    pub(super) fn be_patient(&self, milliseconds: u32) {
        let end = self.after(milliseconds, Message::TakesLong);
        self.patience.replace(Some(end));
    }

    pub(super) fn after(&self, milliseconds: u32, message: Message) -> Timeout {
        let me = self.me.clone();
        Timeout::new(milliseconds, move || {
            if let Some(me) = me.upgrade() {
                me.dispatch(message);
            }
        })
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
        if matches!(event, Event::Connect { .. }) {
            let record = self.memory.record();
            self.memory.keep(Record {
                told: true,
                ..record
            });
        }
        self.border.emit(event);
    }

    /// A connection that was just made shows in the list from now on.
    pub(super) fn remember(&self, connection: &Connection) {
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

    /// Does the browser know that it is offline?
    pub(super) fn is_offline(&self) -> bool {
        !self.page.navigator().on_line()
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
