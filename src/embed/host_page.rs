//! The host page on the web: the page that the widget stands on or, in a frame and in a window of its own, the page
//! that embeds it.

use super::console;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Url, Window};

/// The page that embeds the widget, where that is not the page it stands on.
#[derive(Clone, Debug)]
pub(super) struct Embedder {
    pub(super) origin: String,
    /// Its address.
    pub(super) page: String,
    /// Sends the browser on, there.
    go: Function,
}

impl Embedder {
    pub(super) fn read(value: &JsValue) -> Option<Self> {
        let get = |name: &str| Reflect::get(value, &name.into()).ok();
        Some(Self {
            origin: get("origin")?.as_string()?,
            page: get("page")?.as_string()?,
            go: get("go")?.dyn_into().ok()?,
        })
    }
}

/// The host page.
#[derive(Debug)]
pub(super) struct HostPage {
    window: Window,
    embedder: Option<Embedder>,
}

impl HostPage {
    pub(super) fn new(window: Window, embedder: Option<Embedder>) -> Self {
        Self { window, embedder }
    }

    /// Its address.
    pub(super) fn address(&self) -> Option<String> {
        match &self.embedder {
            Some(embedder) => Some(embedder.page.clone()),
            None => self.window.location().href().ok(),
        }
    }

    /// Sends the browser on.
    pub(super) fn go(&self, address: &str) {
        // Browsers refuse only what is no address, and the server has checked that.
        let _ = match &self.embedder {
            Some(embedder) => embedder.go.call1(&JsValue::NULL, &address.into()).map(drop),
            None => self.window.location().assign(address),
        };
    }

    /// Where the end user goes when leaving before: the widget's own address, or what the host page asks for, if that
    /// is of its own origin.
    pub(super) fn close_url(
        &self,
        asked: Option<String>,
        theirs: Option<String>,
    ) -> Option<String> {
        let Some(asked) = asked.filter(|asked| Some(asked) != theirs.as_ref()) else {
            return theirs;
        };
        let here = Url::new(&self.address()?).ok()?;
        let address = Url::new_with_base(&asked, &here.href()).ok();
        if let Some(address) = address.filter(|address| address.origin() == here.origin()) {
            return Some(address.href());
        }
        console::error(&[
            "option `closeUrl` must be an address of this page's own origin. It is ignored.",
        ]);
        theirs
    }
}

/// Is it the page of the tab itself, and not one in a frame? A frame can't leave: services refuse to be shown in one.
pub(super) fn is_topmost(page: &Window) -> bool {
    page.top()
        .ok()
        .flatten()
        .is_some_and(|top| top.loose_eq(page))
}
