//! Which widget is where, so that `init` twice in one place gives one widget.

use super::widget::Widget;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

/// A place on the page: the shell of the loader, a container, or the modal of a widget.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    /// In this element.
    Element(JsValue),
    /// Above the page, by the widget's id.
    Modal(String),
}

impl Key {
    pub(super) fn new(
        host: Option<&HtmlElement>,
        container: Option<&Element>,
        widget_id: &str,
    ) -> Self {
        match (host, container) {
            (Some(host), _) => Self::Element(host.into()),
            (None, Some(container)) => Self::Element(container.into()),
            (None, None) => Self::Modal(widget_id.to_owned()),
        }
    }
}

thread_local! {
    static RUNNING: RefCell<Vec<(Key, Rc<Widget>)>> = const { RefCell::new(Vec::new()) };
}

/// The widget in this place.
pub(super) fn find(key: &Key) -> Option<Rc<Widget>> {
    RUNNING.with_borrow(|running| {
        running
            .iter()
            .find(|(place, _)| place == key)
            .map(|(_, widget)| Rc::clone(widget))
    })
}

/// Keeps a widget until it is removed, whether or not the host page keeps its handle.
pub(super) fn add(key: Key, widget: &Rc<Widget>) {
    RUNNING.with_borrow_mut(|running| running.push((key, Rc::clone(widget))));
}

/// Forgets a widget.
pub(super) fn remove(widget: &Widget) {
    let found = RUNNING.with_borrow_mut(|running| {
        let place = running
            .iter()
            .position(|(_, known)| std::ptr::eq(&raw const **known, widget));
        place.map(|place| running.swap_remove(place))
    });
    // Dropped only now, when the list is no longer borrowed.
    drop(found);
}
