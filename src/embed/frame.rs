//! The frame on the page: the element, its shadow root, and the dialog or region in it. The only module that touches
//! the document.

use super::Shell;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, HtmlDialogElement, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode,
    Window,
};

const LABEL: &str = "Connect your software";

/// The frame of one widget.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) host: HtmlElement,
    /// `.rh-frame`: the dialog, or the region.
    pub(super) element: HtmlElement,
    /// `.rh-view`: what the widget mounts into.
    pub(super) view: HtmlElement,
    /// Keeps the page behind a modal from scrolling, or no longer does.
    lock: Option<Function>,
}

impl Frame {
    /// Takes over the loader's frame, or makes one: in `container`, or as a modal at the end of the page.
    pub(super) fn new(
        page: &Window,
        shell: Option<&Shell>,
        container: Option<&Element>,
    ) -> Option<Self> {
        let document = document(page)?;
        let (host, root) = match shell {
            Some(shell) => (shell.host.clone(), shell.root.clone()),
            None => build(&document, container).ok()?,
        };
        let find = |class| {
            root.query_selector(class)
                .ok()?
                .and_then(|found| found.dyn_into().ok())
        };
        let (element, view) = (find(".rh-frame")?, find(".rh-view")?);
        Some(Self {
            host,
            element,
            view,
            lock: shell.and_then(|shell| shell.lock.clone()),
        })
    }

    /// The frame as a dialog, if it is modal.
    pub(super) fn dialog(&self) -> Option<&HtmlDialogElement> {
        self.element.dyn_ref()
    }

    /// Shows the frame, if it is not shown.
    pub(super) fn show(&self) {
        match self.dialog() {
            Some(dialog) => {
                self.lock(true);
                if !dialog.open() {
                    // It fails when the element was taken off the page: then there is nothing to show it on.
                    let _ = dialog.show_modal();
                }
            }
            None => self.element.set_hidden(false),
        }
    }

    /// Hides it. The browser gives the focus back to where it was.
    pub(super) fn hide(&self) {
        self.lock(false);
        match self.dialog() {
            Some(dialog) => dialog.close(),
            None => self.element.set_hidden(true),
        }
    }

    fn lock(&self, locked: bool) {
        if let Some(lock) = &self.lock {
            // It fails never.
            let _ = lock.call1(&JsValue::NULL, &locked.into());
        }
    }

    /// Takes it off the page.
    pub(super) fn remove(&self) {
        self.hide();
        self.host.remove();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the place that touches the document"
)]
fn document(page: &Window) -> Option<Document> {
    page.document()
}

/// The same frame as the loader's, without its looks: all stylesheets are the loader's to bring.
fn build(
    document: &Document,
    container: Option<&Element>,
) -> Result<(HtmlElement, ShadowRoot), JsValue> {
    let make = |tag: &str, class: &str| {
        let element = document.create_element(tag)?;
        element.set_class_name(class);
        Ok::<_, JsValue>(element)
    };
    let (mode, tag, class, part) = match container {
        Some(_) => ("inline", "div", "rh-frame rh-inline", "frame"),
        None => ("modal", "dialog", "rh-frame", "dialog"),
    };
    let host: HtmlElement = make("div", "")?.unchecked_into();
    host.set_attribute("data-railhead", mode)?;
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
    let frame = make(tag, class)?;
    frame.set_attribute("part", part)?;
    frame.set_attribute("aria-label", LABEL)?;
    if container.is_some() {
        frame.set_attribute("role", "region")?;
        frame.set_attribute("hidden", "")?;
    }
    frame.append_child(&*make("div", "rh-view")?)?;
    root.append_child(&frame)?;
    match container {
        Some(container) => container.append_child(&host)?,
        None => document
            .body()
            .ok_or(JsValue::UNDEFINED)?
            .append_child(&host)?,
    };
    Ok((host, root))
}
