//! The other window: opened within the click, told by `postMessage` which authorization it is for, and watched for the
//! hint that it was closed. `app` is the only caller.

use crate::listener::Listener;
use gloo_timers::callback::Interval;
use js_sys::Reflect;
use railhead_protocol::StartMessage;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Window};

/// How often the window is looked at, in milliseconds.
const GLANCE: u32 = 500;
/// The size of the window: what the sign-in pages of the services are made for.
const SIZE: (f64, f64) = (560.0, 720.0);

/// What the window lets be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// The authorization has come to an end in it.
    Done,
    /// It reads as closed. Services that cut the window off from its opener make it read so while it is open.
    Closed,
}

/// The window of one attempt. Closing it and forgetting it is one thing: dropping it.
#[derive(Debug)]
pub(crate) struct Popup {
    talk: Rc<Talk>,
    _messages: Listener,
    _glance: Interval,
}

/// The conversation with the start page.
#[derive(Debug)]
struct Talk {
    window: Window,
    /// The API's origin: only its pages are listened to and talked to.
    origin: String,
    /// The start page has loaded and waits to be told.
    ready: Cell<bool>,
    /// What to tell it, once known.
    introduction: RefCell<Option<JsValue>>,
    seen_closed: Cell<bool>,
    left_open: Cell<bool>,
}

impl Popup {
    /// Opens the window. Must be called within the click, or browsers block it. `None` when they do all the same.
    pub(crate) fn open(
        opener: &Window,
        address: &str,
        name: &str,
        origin: String,
        hint: impl Fn(Hint) + 'static,
    ) -> Option<Self> {
        let window = opener.open_with_url_and_target_and_features(address, name, &place(opener));
        let window = window.ok().flatten()?;
        let talk = Rc::new(Talk {
            window,
            origin,
            ready: Cell::new(false),
            introduction: RefCell::new(None),
            seen_closed: Cell::new(false),
            left_open: Cell::new(false),
        });
        let hint = Rc::new(hint);
        let messages = {
            let (talk, hint) = (Rc::clone(&talk), Rc::clone(&hint));
            Listener::new(opener, "message", move |event| {
                if talk.hears(&event) {
                    hint(Hint::Done);
                }
            })
        };
        let glance = {
            let talk = Rc::clone(&talk);
            Interval::new(GLANCE, move || {
                if talk.window.closed().unwrap_or(true) && !talk.seen_closed.replace(true) {
                    hint(Hint::Closed);
                }
            })
        };
        Some(Self {
            talk,
            _messages: messages,
            _glance: glance,
        })
    }

    /// Tells the window which authorization it is for: now, or as soon as it is ready.
    pub(crate) fn introduce(&self, authorization_id: String, nonce: String) {
        let message = StartMessage::Start {
            authorization_id,
            nonce,
        };
        let message = message.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
        self.talk.introduction.replace(message.ok());
        self.talk.answer();
    }

    /// Stops listening to the window and leaves it open.
    pub(crate) fn forget(self) {
        self.talk.left_open.set(true);
    }

    /// Does it read as closed?
    pub(crate) fn is_closed(&self) -> bool {
        self.talk.window.closed().unwrap_or(true)
    }

    /// Brings the window to the front.
    pub(crate) fn focus(&self) {
        // A window that is gone can't come forward.
        let _ = self.talk.window.focus();
    }
}

impl Drop for Popup {
    fn drop(&mut self) {
        if !self.talk.left_open.get() {
            // A window that is gone, or cut off, can't be closed from here.
            let _ = self.talk.window.close();
        }
    }
}

impl Talk {
    /// Takes a message in; says whether the authorization is done.
    fn hears(&self, event: &Event) -> bool {
        let Some(event) = event.dyn_ref::<MessageEvent>() else {
            return false;
        };
        let ours = event
            .source()
            .is_some_and(|source| source.loose_eq(&self.window));
        if !ours || event.origin() != self.origin {
            return false;
        }
        let kind = Reflect::get(&event.data(), &"type".into())
            .ok()
            .and_then(|kind| kind.as_string());
        match kind.as_deref() {
            Some("railhead:ready") => {
                self.ready.set(true);
                self.answer();
                false
            }
            Some("railhead:done") => true,
            _ => false,
        }
    }

    fn answer(&self) {
        if let (true, Some(introduction)) = (self.ready.get(), &*self.introduction.borrow()) {
            // A window that has left the origin does not get the message, which is what the origin is given for.
            let _ = self.window.post_message(introduction, &self.origin);
        }
    }
}

/// In the middle of the opener's window, and no larger than it.
fn place(opener: &Window) -> String {
    let number = |value: Result<JsValue, JsValue>, or: f64| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or(or)
    };
    let (outer_width, outer_height) = (
        number(opener.outer_width(), SIZE.0),
        number(opener.outer_height(), SIZE.1),
    );
    let (width, height) = (SIZE.0.min(outer_width), SIZE.1.min(outer_height));
    let left = number(opener.screen_x(), 0.0) + (outer_width - width) / 2.0;
    let top = number(opener.screen_y(), 0.0) + (outer_height - height) / 2.0;
    let (width, height, left, top) = (whole(width), whole(height), whole(left), whole(top));
    [
        "popup,width=",
        &width,
        ",height=",
        &height,
        ",left=",
        &left,
        ",top=",
        &top,
    ]
    .concat()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "pixels on a screen; the cast saturates"
)]
fn whole(value: f64) -> String {
    (value as i32).to_string()
}
