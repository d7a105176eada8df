//! What the host page holds.

use super::registry;
use super::widget::Widget;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

/// A running widget. After `destroy` its methods do nothing.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Handle {
    widget: Weak<Widget>,
}

impl Handle {
    pub(super) fn new(widget: &Rc<Widget>) -> Self {
        Self {
            widget: Rc::downgrade(widget),
        }
    }
}

#[wasm_bindgen]
impl Handle {
    /// Shows the widget.
    pub fn open(&self) {
        if let Some(widget) = self.widget.upgrade() {
            widget.open();
        }
    }

    /// Hides the widget, as its close button does.
    pub fn close(&self) {
        if let Some(widget) = self.widget.upgrade() {
            widget.close();
        }
    }

    /// Changes options; what is left out stays as it is. With `same`, by which the loader says that they change nothing about
    /// the views, these and what was entered in them are left alone.
    pub fn update(&self, options: &JsValue, same: Option<bool>) {
        if let Some(widget) = self.widget.upgrade() {
            widget.update(options, same == Some(true));
        }
    }

    /// Removes the widget and everything it made.
    pub fn destroy(&self) {
        if let Some(widget) = self.widget.upgrade() {
            registry::remove(&widget);
            widget.destroy();
        }
    }
}
