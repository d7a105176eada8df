//! The browser's Back button goes back in the widget: each step that one can go back from has an entry in the page's
//! history, at the page's own address and with the page's own state. All widgets of a page share one stack of them.
//! docs/adr/0010-back-goes-back-in-the-widget.md says why it is done this way.

use super::widget::Widget;
use crate::listener::Listener;
use js_sys::{Object, Reflect};
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Window;

/// The member of an entry's state that makes it ours: how many entries of ours there are up to it, a space, and the
/// address it stands at. A page that copies it to an entry of its own does so at another address.
const MARK: &str = "railhead";

/// The entries of ours below and at the one that the page stands on.
struct Entries {
    /// Whose each is, the lowest first. `None`: its widget has gone back by itself, or is gone.
    owners: Vec<Option<Weak<Widget>>>,
    /// The address that they stand at, and the page's own entry below them.
    address: String,
    /// The browser was asked to go, and has not said yet that it has.
    leaving: Option<Leaving>,
    widgets: Vec<Weak<Widget>>,
    heard: Option<Listener>,
}

/// On the way, as the browser was asked to go.
#[derive(Clone, Copy)]
struct Leaving {
    /// How many entries of ours there were.
    from: usize,
    /// Where the page stood in its history.
    place: Place,
    /// How many the page has made since.
    made: usize,
    /// How many more steps forward there are to go.
    forward: usize,
}

impl Leaving {
    /// Has the page made entries of its own meanwhile?
    fn look(&mut self, page: &Window) {
        self.made = Place::of(page).since(self.place).max(self.made);
    }
}

/// Where the page stands in its history, as far as the browser says so.
#[derive(Clone, Copy)]
enum Place {
    /// At this entry. Browsers without the Navigation API don't say.
    At(usize),
    /// At one of so many. That is less sure: Chromium counts too few for a moment when several are made in a row, and
    /// those ahead are lost when one is made.
    Among(usize),
}

impl Place {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number of an entry; the cast saturates"
    )]
    fn of(page: &Window) -> Self {
        let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
        let index = get(page, "navigation")
            .and_then(|navigation| get(&navigation, "currentEntry"))
            .and_then(|entry| get(&entry, "index")?.as_f64());
        let length = || page.history().and_then(|history| history.length());
        index.map_or_else(
            || Self::Among(length().unwrap_or(0) as usize),
            |index| Self::At(index as usize),
        )
    }

    /// How many entries were made since it stood there.
    fn since(self, before: Self) -> usize {
        match (self, before) {
            (Self::At(now), Self::At(before)) | (Self::Among(now), Self::Among(before)) => {
                now.saturating_sub(before)
            }
            _ => 0,
        }
    }
}

thread_local! {
    static ENTRIES: RefCell<Entries> = const {
        RefCell::new(Entries {
            owners: Vec::new(),
            address: String::new(),
            leaving: None,
            widgets: Vec::new(),
            heard: None,
        })
    };
}

/// Begins to go back in this widget too.
pub(super) fn join(page: &Window, widget: &Rc<Widget>) {
    ENTRIES.with_borrow_mut(|entries| {
        let widget = Rc::downgrade(widget);
        if entries.heard.is_none() {
            // Entries that a reload has left are the first widget's.
            entries.owners = vec![Some(widget.clone()); mark(page)];
            entries.address = address(page);
            let window = page.clone();
            entries.heard = Some(Listener::new(page, "popstate", move |_| went(&window)));
        }
        entries.widgets.push(widget);
    });
}

/// The widget is gone, and so are its entries.
pub(super) fn quit(page: &Window, widget: &Widget) {
    ENTRIES.with_borrow_mut(|entries| {
        entries.settle(page, widget, 0);
        entries.widgets.retain(|known| !is(known, widget));
        entries.end();
    });
}

/// Gives the widget as many entries as one can go back in it.
pub(super) fn settle(page: &Window, widget: &Widget) {
    // Unknown while it loads: what a reload has left may be needed.
    if let Some(depth) = widget.depth() {
        ENTRIES.with_borrow_mut(|entries| entries.settle(page, widget, depth));
    }
}

impl Entries {
    fn settle(&mut self, page: &Window, widget: &Widget, depth: usize) {
        let mut have = 0;
        for owner in &mut self.owners {
            if owner.as_ref().is_some_and(|owner| is(owner, widget)) {
                have += 1;
                if have > depth {
                    *owner = None;
                }
            }
        }
        self.trim(page);
        // An entry made while the browser is on its way back would be gone back from.
        if self.leaving.is_none() {
            for _ in have..depth {
                self.push(page, widget);
            }
        }
    }

    /// Goes back from entries that are nobody's any more, if the page stands on them.
    fn trim(&mut self, page: &Window) {
        let here = self.owners.len();
        let nobodys = |owner: &&Option<Weak<Widget>>| owner.is_none();
        let surplus = self.owners.iter().rev().take_while(nobodys).count();
        if surplus == 0 || self.leaving.is_some() {
            return;
        }
        self.owners.truncate(here - surplus);
        // Or else the page has gone on by itself: they lie behind it, and it may come back to them.
        if mark(page) == here {
            self.go_back(page, here, self.owners.len());
        }
    }

    /// Asks the browser to go back from one of our entries to another, or to the page's own.
    fn go_back(&mut self, page: &Window, from: usize, to: usize) {
        let delta = i32::try_from(from - to).unwrap_or(0);
        self.leaving = page.history().ok().and_then(|history| {
            let place = Place::of(page);
            history.go_with_delta(-delta).ok()?;
            Some(Leaving {
                from,
                place,
                made: 0,
                forward: 0,
            })
        });
        // When the page has done what it does about it, and before the browser goes: afterwards Chromium counts what it
        // knew when it set out.
        let page = page.clone();
        wasm_bindgen_futures::spawn_local(async move {
            ENTRIES.with_borrow_mut(|entries| {
                if let Some(leaving) = &mut entries.leaving {
                    leaving.look(&page);
                }
            });
        });
    }

    /// The browser has gone where it was asked to. If the page has made entries of its own meanwhile, as a router does
    /// that hears of the exit, it stood on the last of these: there it belongs.
    fn arrive(&mut self, page: &Window, here: usize, mut asked: Leaving) {
        if asked.forward == 0 {
            asked.look(page);
            if asked.made == 0 {
                return;
            }
            asked.forward = asked.from.saturating_sub(here) + asked.made;
            self.owners.clear();
            // That one may stand anywhere.
            self.address.clear();
        } else if asked.forward == 1 {
            return;
        } else {
            asked.forward -= 1;
        }
        // One by one: Chromium goes no further than it believes there are entries.
        let went = page.history().and_then(|history| history.forward());
        self.leaving = went.is_ok().then_some(asked);
    }

    fn push(&mut self, page: &Window, widget: &Widget) {
        if mark(page) != self.owners.len() {
            // The page has gone on by itself: what it left behind is no way back any more.
            self.owners.clear();
        }
        self.address = address(page);
        let count = (self.owners.len() + 1).to_string();
        let pushed = page.history().and_then(|history| {
            let state = Object::new();
            // The page's own state stays, as far as it is an object; nothing else can have a member.
            Object::assign(&state, history.state()?.unchecked_ref());
            let mark = [&*count, " ", &self.address].concat();
            Reflect::set(&state, &MARK.into(), &mark.into())?;
            history.push_state(&state, "")
        });
        // Where a page may not change its history, Back does what it did.
        if pushed.is_ok() {
            self.owners.push(Some(widget.me()));
        }
    }

    /// Listens no more once no widget is left, and the browser has come back.
    fn end(&mut self) {
        if self.widgets.is_empty() && self.leaving.is_none() {
            self.heard = None;
            self.owners.clear();
        }
    }
}

/// The browser has gone back, or forward.
fn went(page: &Window) {
    let here = mark(page);
    let left = ENTRIES.with_borrow_mut(|entries| {
        // A fragment has been navigated to: the page has gone on by itself.
        if !entries.address.is_empty() && entries.address != address(page) {
            return Vec::new();
        }
        let mut left = Vec::new();
        if let Some(asked) = entries.leaving.take() {
            entries.arrive(page, here, asked);
        } else if here < entries.owners.len() {
            left = entries.owners.split_off(here);
        } else {
            // Onto entries that are nobody's any more: back again, from all of them.
            entries.owners.resize(here, None);
        }
        left
    });
    for widget in left.into_iter().rev().flatten() {
        if let Some(widget) = widget.upgrade() {
            widget.back();
        }
    }
    let widgets = ENTRIES.with_borrow(|entries| entries.widgets.clone());
    for widget in widgets.iter().filter_map(Weak::upgrade) {
        settle(page, &widget);
    }
    ENTRIES.with_borrow_mut(|entries| {
        entries.trim(page);
        entries.end();
    });
}

/// How many entries of ours there are up to the one that the page stands on; 0 if that one is the page's own.
fn mark(page: &Window) -> usize {
    let read = || {
        let state = page.history().ok()?.state().ok()?;
        let mark = Reflect::get(&state, &MARK.into()).ok()?.as_string()?;
        let (count, address) = mark.split_once(' ')?;
        (self::address(page) == address).then_some(count.parse().ok()?)
    };
    read().unwrap_or(0)
}

fn address(page: &Window) -> String {
    page.location().href().unwrap_or_default()
}

fn is(known: &Weak<Widget>, widget: &Widget) -> bool {
    std::ptr::eq(known.as_ptr(), widget)
}
