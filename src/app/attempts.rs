//! What the driver does once the later part of the code is there: everything that an attempt to connect needs, from the window to the
//! way out.

use super::driver::Driver;
use super::tasks::Call;
use super::{State, tasks};
use crate::flow::{Command, Message, Step, Window};
use crate::popup::{Hint, Popup};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use railhead_protocol::{FinishRequest, StartAuthorization};
use std::sync::Arc;
use web_sys::AbortController;

/// After how long waiting is called long, in milliseconds.
const LONG: u32 = 20_000;

impl Driver {
    /// Takes in something that happened, whatever it is.
    pub(super) fn take(&self, state: State, message: Message) {
        if let Message::ConnectedAfterAll(_, connection) = &message {
            self.remember(connection);
        }
        let mut journey = state.journey;
        if let Ok(turn) = state.step.advance(message, &mut journey) {
            self.turn_to(turn, journey, Self::obey);
        }
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
                // After a reload nothing was started here.
                let mut limit = self.limit.borrow_mut();
                *limit = limit.take().or_else(|| self.limit());
                drop(limit);
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
                self.memory.keep(self.memory.record().at_end());
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

    /// Asks what became of what was under way, with the widget of this id.
    pub(super) fn look_back_for(&self, widget_id: String) {
        self.ask(Call::LookBack(widget_id));
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
        // It may be behind this page only, and what was entered in it is not to be lost.
        if let Some(popup) = self
            .popup
            .borrow()
            .as_ref()
            .filter(|popup| !popup.is_closed())
        {
            return popup.focus();
        }
        // Forgotten, not closed: what reads as closed may be open all the same, and is found under its name.
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

    /// The end of the time that the host page gives for an attempt.
    fn limit(&self) -> Option<Timeout> {
        let seconds = self.model.get_untracked().settings.timeout?;
        Some(self.after(seconds * 1000, Message::TimeUp))
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

    /// Ends what is asked for the present attempt.
    pub(super) fn rest(&self) {
        if let Ok(next) = AbortController::new() {
            self.attempt.replace(next).abort();
        }
        self.patience.take();
        self.limit.take();
        self.hurry();
    }

    /// Is the person still busy with the attempt, as far as can be seen?
    pub(super) fn is_busy(&self) -> bool {
        self.model.with_untracked(|state| match &state.step {
            Step::Waiting(waiting) => matches!(waiting.window, Window::Open | Window::Unknown),
            Step::AccountChoice(_) => true,
            _ => false,
        })
    }
}
