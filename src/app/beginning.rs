//! What the driver does while the later part of the code is not there: gets the session and shows the first step, or why there is
//! none. What goes beyond is kept until that part has come.

use super::driver::Driver;
use super::{Later, State, tasks};
use crate::flow::{Command, Message, without_the_rest};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::spawn_local;

/// What came too early.
#[derive(Debug, Default)]
pub(super) struct Early {
    messages: RefCell<Vec<Message>>,
    /// Is the later part on its way?
    coming: Cell<bool>,
}

impl Driver {
    /// Takes in something that happened before the later part is there.
    pub(super) fn begin(&self, state: State, message: Message) {
        let mut journey = state.journey;
        match state.step.begin(message, &mut journey) {
            Ok(turn) => self.turn_to(turn, journey, Self::obey_at_first),
            Err(beyond) => self.early.messages.borrow_mut().push(beyond.1),
        }
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
            Command::Exit(reason) => self.border.leave(reason, self.take_made()),
            _ => {}
        }
    }

    /// Has the later part come, unless it is here or on its way.
    pub(super) fn bring_later(&self) {
        let missing = self.model.with_untracked(|state| state.later.is_none());
        if let Some(me) = self
            .living()
            .filter(|_| missing && !self.early.coming.replace(true))
        {
            spawn_local(tasks::bring_later(me));
        }
    }

    /// The later part is here: what came too early is taken in now.
    pub(super) fn complete(&self, later: Later) {
        self.early.coming.set(false);
        self.model.update(|state| state.later = Some(later));
        for message in self.early.messages.take() {
            self.dispatch(message);
        }
    }

    /// It does not come. Whoever waits for it is told; as long as nobody does, it may still come.
    pub(super) fn do_without(&self) {
        if !self.early.messages.take().is_empty() {
            let journey = self.model.get_untracked().journey;
            self.turn_to(without_the_rest(), journey, Self::obey_at_first);
        }
    }
}
