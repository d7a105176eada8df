//! What the driver does while the later part of the code is not there: gets the session and shows the first step, or why there is
//! none. What goes beyond is kept until that part has come.

use super::driver::Driver;
use super::{Later, State, tasks};
use crate::flow::{Command, Message, without_the_rest};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

/// How long somebody waits for the later part before they are told, in milliseconds.
const PATIENCE: u32 = 10_000;

/// What came too early.
#[derive(Debug, Default)]
pub(super) struct Early {
    messages: RefCell<Vec<Message>>,
    /// The widget whose visit goes on where an earlier life of it was.
    visit: RefCell<Option<String>>,
    /// Is the later part on its way?
    coming: Cell<bool>,
}

impl Driver {
    /// Takes in something that happened before the later part is there.
    pub(super) fn begin(&self, state: State, message: Message) {
        let mut journey = state.journey;
        match state.step.begin(message, &mut journey) {
            Ok(turn) => {
                // Who turns elsewhere does not want that any more.
                self.let_go();
                self.turn_to(turn, journey, Self::obey_at_first);
            }
            Err(beyond) => self.hold(beyond.1),
        }
    }

    fn hold(&self, message: Message) {
        match message {
            Message::TakesLong => {
                self.let_go();
                let journey = self.model.get_untracked().journey;
                self.turn_to(
                    without_the_rest(self.is_offline()),
                    journey,
                    Self::obey_at_first,
                );
            }
            // All else concerns an attempt, and there is none.
            message if !message.leads_on() => {}
            message => {
                self.early.messages.borrow_mut().push(message);
                self.wait();
            }
        }
    }

    /// The visit goes on where an earlier life of it was; what was under way then is known to the later part.
    pub(super) fn go_on(&self, widget_id: String) {
        if let Some(later) = self.model.get_untracked().later {
            later.go_on(self, widget_id);
        } else {
            self.early.visit.replace(Some(widget_id));
            self.wait();
        }
    }

    fn wait(&self) {
        self.be_patient(PATIENCE);
        self.model.update(|state| state.held = true);
    }

    /// What came too early, which is kept no longer.
    fn let_go(&self) -> (Option<String>, Vec<Message>) {
        self.patience.take();
        self.model.update(|state| state.held = false);
        (self.early.visit.take(), self.early.messages.take())
    }

    /// Does what the beginning of the flow commands.
    pub(super) fn obey_at_first(&self, command: Command) {
        match command {
            Command::Load => {
                if let Some(me) = self.living() {
                    let signal = self.life.signal();
                    spawn_local(tasks::load(me, self.session_request(), signal));
                }
            }
            Command::Emit(event) => self.emit(event),
            Command::Exit(reason) => {
                let made = self.take_made();
                // What comes next in this tab is another visit.
                self.keep(&[]);
                self.border.leave(reason, made);
            }
            // The beginning commands nothing else.
            _ => {}
        }
    }

    /// Has the later part come, unless it is here or on its way.
    pub(super) fn bring_later(&self) {
        if let Some(later) = self.model.with_untracked(|state| state.later) {
            return later.arrive(&self.page);
        }
        if let Some(me) = self.living().filter(|_| !self.early.coming.replace(true)) {
            spawn_local(tasks::bring_later(me));
        }
    }

    /// The later part is here: what came too early is taken in now.
    pub(super) fn complete(&self, later: Later) {
        self.model.update(|state| state.later = Some(later));
        later.arrive(&self.page);
        self.border.complete();
        let (visit, messages) = self.let_go();
        if let Some(widget_id) = visit {
            later.go_on(self, widget_id);
        }
        for message in messages {
            self.dispatch(message);
        }
    }
}
