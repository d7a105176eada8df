//! One running widget: the frame, the app in it, and the border between the two and the host page.

use super::frame::Frame;
use super::gate::Gate;
use super::host_page::{HostPage, is_topmost};
use super::options::Options;
use super::{Shell, events, history, messages, paint};
use crate::BUILD;
use crate::app::{App, AppProps, Driver, Ends, Model, Place, State};
use crate::flow::{Message, Stage};
use crate::listener::Listener;
use any_spawner::Executor;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Mountable, PositionState};
use railhead_protocol::{Event, ExitReason};
use send_wrapper::SendWrapper;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlDialogElement, Url, Window};

/// What a widget is started with.
pub(super) struct Start {
    pub(super) widget_id: String,
    pub(super) business_name: Option<String>,
    pub(super) options: Options,
    pub(super) shell: Option<Shell>,
}

/// Is the widget on the page?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visibility {
    Hidden,
    Shown,
    /// Left for the success page; still to be seen until the browser has gone there.
    Left,
    /// Left, with nowhere to go; still to be seen, as a part of the page.
    Rested,
}

/// One running widget.
pub(super) struct Widget {
    me: Weak<Self>,
    frame: Frame,
    page: Window,
    pub(super) host_page: HostPage,
    options: RefCell<Options>,
    model: Model,
    owner: Owner,
    driver: Rc<Driver>,
    visibility: Cell<Visibility>,
    view: RefCell<Option<Box<dyn Any>>>,
    listeners: RefCell<Vec<Listener>>,
}

thread_local! {
    static STARTED: Cell<u32> = const { Cell::new(0) };
}

/// A name for the other window that no other widget of the page has: two of them may be open at once.
fn window_name(widget_id: &str) -> String {
    let number = STARTED.get() + 1;
    STARTED.set(number);
    ["railhead-", widget_id, "-", &number.to_string()].concat()
}

impl std::fmt::Debug for Widget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Widget")
            .field("visibility", &self.visibility)
            .finish_non_exhaustive()
    }
}

impl Widget {
    /// Puts a widget on the page and starts it. `None` where there is no page.
    pub(super) fn start(start: Start) -> Option<Rc<Self>> {
        let Start {
            widget_id,
            business_name,
            mut options,
            shell,
        } = start;
        options.settings.speak(None);
        let page = web_sys::window()?;
        let frame = Frame::new(&page, shell.as_ref(), options.container.as_ref())?;
        let api = options.api_url.as_deref().unwrap_or_default();
        let address = Url::new_with_base(api, &page.location().href().ok()?).ok()?;
        let embedder = shell.as_ref().and_then(|shell| shell.embedder.clone());
        let host_page = HostPage::new(page.clone(), embedder.clone());
        let place = Place {
            api_url: api.to_owned(),
            embedder: embedder.map(|embedder| embedder.origin),
            window_name: window_name(&widget_id),
            widget_id,
            business_name,
            base: address.href().trim_end_matches('/').to_owned(),
            origin: address.origin(),
        };
        let ends = Ends::new()?;
        let owner = Owner::new();
        let may_leave = is_topmost(&page);
        let model = owner.with(|| {
            RwSignal::new(State {
                may_leave,
                ..State::new(options.settings.clone())
            })
        });
        let base: Arc<str> = place.base.as_str().into();
        let opens = options.open;
        let (session, painted) = shell.map_or((None, None), |shell| (shell.session, shell.painted));
        let widget = Rc::new_cyclic(|me: &Weak<Self>| {
            let border = Rc::new(Gate(me.clone()));
            let driver = Driver::new(model, place, border, page.clone(), session, ends);
            Self {
                me: me.clone(),
                frame,
                page,
                host_page,
                options: RefCell::new(options),
                model,
                owner,
                driver,
                visibility: Cell::new(Visibility::Hidden),
                view: RefCell::new(None),
                listeners: RefCell::new(Vec::new()),
            }
        });
        // Nodes of another build would not be those that this one expects.
        let painted = painted.filter(|painted| painted.build.as_deref() == Some(BUILD));
        let begun = painted.and_then(|painted| widget.driver.take_up(painted.answer));
        widget.mount(base, begun.is_some());
        widget.listen();
        history::join(&widget.page, &widget);
        widget.paint();
        if opens {
            widget.open();
        }
        match begun {
            Some(commands) => widget.driver.obey_all(commands),
            None => widget.driver.load(),
        }
        Some(widget)
    }

    /// Puts the app into the frame; where the first step stands there already, takes over its nodes.
    fn mount(self: &Rc<Self>, base: Arc<str>, painted: bool) {
        let driver = SendWrapper::new(Rc::clone(&self.driver));
        let model = self.model;
        let is_modal = self.frame.dialog().is_some();
        let into: Element = self.frame.view.clone().unchecked_into();
        // Drives signals; it fails when it does so already.
        let _ = Executor::init_wasm_bindgen();
        let view = self.owner.with(|| {
            let dispatch = Callback::new(move |message| driver.dispatch(message));
            let app = App(AppProps {
                model,
                dispatch,
                base,
                is_modal,
                painted,
            });
            if painted {
                return app.hydrate::<true>(&Cursor::new(into), &PositionState::default());
            }
            into.replace_children_with_node_0();
            let mut view = app.build();
            view.mount(&into, None);
            view
        });
        self.view.replace(Some(Box::new(view)));
    }

    fn listen(self: &Rc<Self>) {
        let mut listeners = self.listeners.borrow_mut();
        let me = Rc::downgrade(self);
        let on_me = move |act: fn(&Self)| {
            let me = me.clone();
            move |_| {
                if let Some(me) = me.upgrade() {
                    act(&me);
                }
            }
        };
        if let Some(dialog) = self.frame.dialog() {
            let close = on_me(Self::close);
            listeners.push(Listener::new(dialog, "cancel", move |event| {
                event.prevent_default();
                close(event);
            }));
            // Browsers may close a dialog without asking; then the widget follows. The event comes late: the dialog may
            // be open again.
            listeners.push(Listener::new(
                dialog,
                "close",
                on_me(|me| {
                    if !me.frame.dialog().is_some_and(HtmlDialogElement::open) {
                        me.close();
                    }
                }),
            ));
        }
        for event in ["online", "offline"] {
            let heard = on_me(|me| me.driver.line());
            listeners.push(Listener::new(&self.page, event, heard));
        }
        // After sleep, and in a tab that was away, lines are dead without anybody having said so.
        listeners.push(Listener::new(
            &self.page,
            "focus",
            on_me(|me| me.driver.hurry()),
        ));
        listeners.push(Listener::new(
            &self.page,
            "pageshow",
            on_me(|me| {
                me.driver.dispatch(Message::TabShown);
                // The browser has come back to this page as it was left.
                if me.visibility.get() == Visibility::Left {
                    me.open();
                }
            }),
        ));
        let dark = self
            .page
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten();
        if let Some(dark) = dark {
            listeners.push(Listener::new(
                &dark,
                "change",
                on_me(|me| paint::check(&me.page, &me.frame)),
            ));
        }
    }

    /// Shows the widget.
    pub(super) fn open(&self) {
        self.frame.show();
        if self.visibility.replace(Visibility::Shown) == Visibility::Shown {
            return;
        }
        self.emit(&Event::Open {});
        match self.model.with_untracked(|state| state.step.stage()) {
            Stage::LoadFailed => self.driver.dispatch(Message::Retry),
            Stage::Farewell => self.driver.dispatch(Message::Reopen),
            _ => self.moved(),
        }
    }

    /// For those who hold on to it without keeping it.
    pub(super) fn me(&self) -> Weak<Self> {
        self.me.clone()
    }

    /// What is shown.
    pub(super) fn state(&self) -> State {
        self.model.get_untracked()
    }

    /// One step back, as the browser's Back button asks for.
    pub(super) fn back(&self) {
        self.driver.dispatch(Message::Back);
    }

    /// How many times one can go back in it; `None` while that is not known.
    pub(super) fn depth(&self) -> Option<usize> {
        let depth = |state: &State| state.journey.depth(&state.step);
        match self.visibility.get() {
            Visibility::Shown => self.model.try_with_untracked(depth)?,
            Visibility::Hidden | Visibility::Rested => Some(0),
            // The browser is on its way to another page, and must not be called back.
            Visibility::Left => None,
        }
    }

    pub(super) fn moved(&self) {
        history::settle(&self.page, self);
        // The host page may have changed its colours meanwhile.
        if self.model.with_untracked(|state| state.later.is_some()) {
            paint::check(&self.page, &self.frame);
        }
    }

    /// Hides the widget, and gives up what was under way.
    pub(super) fn close(&self) {
        match self.visibility.get() {
            Visibility::Shown => self.driver.dispatch(Message::Close),
            Visibility::Left | Visibility::Rested => {
                self.visibility.set(Visibility::Hidden);
                self.frame.hide();
            }
            Visibility::Hidden => {}
        }
    }

    /// Changes options; where these are the `same` to the views, they stay.
    pub(super) fn update(&self, given: &JsValue, same: bool) {
        let mut options = self.options.borrow().clone();
        options.read(given);
        self.model.update(|state| {
            let session = state.session.as_ref();
            options
                .settings
                .speak(session.map(|session| &session.widget.messages));
            state.settings = Arc::new(options.settings.clone());
            state.lay();
            state.edition += u32::from(!same);
        });
        let given = options.settings.session_token != self.options.borrow().settings.session_token;
        self.options.replace(options);
        messages::check(&self.state());
        self.paint();
        history::settle(&self.page, self);
        if given {
            self.driver.session_given();
        }
    }

    /// Removes the widget and everything it made.
    pub(super) fn destroy(&self) {
        self.driver.stop();
        self.listeners.take();
        history::quit(&self.page, self);
        if self.visibility.replace(Visibility::Hidden) == Visibility::Shown {
            let connections = self.driver.take_made();
            self.emit(&Event::Exit {
                reason: ExitReason::Closed,
                connections,
            });
        }
        self.view.take();
        self.owner.cleanup();
        self.frame.remove();
    }

    pub(super) fn paint(&self) {
        let options = self.options.borrow();
        let session = self.model.get_untracked().session;
        let theme = paint::Theme {
            settings: session.as_ref().map(|session| &session.widget.theme),
            options: &options.theme,
            scheme: options.scheme.as_deref(),
        };
        paint::apply(&self.page, &self.frame, &theme);
    }

    pub(super) fn emit(&self, event: &Event) {
        let (listener, metadata) = {
            let options = self.options.borrow();
            (options.on_event.clone(), options.metadata.clone())
        };
        if let Some(listener) = listener {
            events::deliver(&listener, event, &metadata);
        }
    }

    pub(super) fn leave(&self, reason: ExitReason, connections: Vec<String>) {
        if self.visibility.get() != Visibility::Shown {
            return;
        }
        let early = reason == ExitReason::Closed && connections.is_empty();
        match reason {
            ExitReason::Redirected => self.visibility.set(Visibility::Left),
            // As a part of the page it stays there, and says that the person is done.
            ExitReason::Done if self.frame.dialog().is_none() => {
                self.visibility.set(Visibility::Rested);
            }
            ExitReason::Done | ExitReason::Closed => {
                self.visibility.set(Visibility::Hidden);
                self.frame.hide();
            }
        }
        // Before the page hears of it: if it goes elsewhere then, that must be the last word.
        self.moved();
        let close_url = early.then(|| self.close_url()).flatten();
        self.emit(&Event::Exit {
            reason,
            connections,
        });
        if let Some(address) = close_url {
            self.host_page.go(&address);
        }
    }

    /// Where the end user goes when leaving before.
    fn close_url(&self) -> Option<String> {
        let State {
            session, settings, ..
        } = self.model.get_untracked();
        let theirs = session.and_then(|session| session.widget.close_url.clone());
        self.host_page.close_url(settings.close_url.clone(), theirs)
    }
}
