//! The frame on the page: the element, its shadow root, and the dialog or region in it. The only module that touches
//! the document.

use super::Shell;
use std::cell::RefCell;
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
    page: Window,
    scroll: RefCell<Option<ScrollLock>>,
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
            page: page.clone(),
            scroll: RefCell::new(None),
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
                if !dialog.open() {
                    // It fails when the element was taken off the page: then there is nothing to show it on.
                    let _ = dialog.show_modal();
                }
                let mut scroll = self.scroll.borrow_mut();
                *scroll = scroll.take().or_else(|| ScrollLock::new(&self.page));
            }
            None => self.element.set_hidden(false),
        }
    }

    /// Hides it. The browser gives the focus back to where it was.
    pub(super) fn hide(&self) {
        self.scroll.take();
        match self.dialog() {
            Some(dialog) => dialog.close(),
            None => self.element.set_hidden(true),
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

/// Keeps the page behind a modal from scrolling, for as long as there is one.
#[derive(Debug)]
struct ScrollLock {
    page: HtmlElement,
}

thread_local! {
    /// How many modals are open, and what the page's own styles were before the first.
    static LOCKS: RefCell<(u32, [String; 2])> = const { RefCell::new((0, [String::new(), String::new()])) };
}

const LOCKED: [&str; 2] = ["overflow", "padding-inline-end"];

impl ScrollLock {
    fn new(window: &Window) -> Option<Self> {
        let page: HtmlElement = document(window)?.document_element()?.dyn_into().ok()?;
        let style = page.style();
        LOCKS.with_borrow_mut(|(count, before)| {
            *count += 1;
            if *count == 1 {
                *before = LOCKED.map(|name| style.get_property_value(name).unwrap_or_default());
                let width = window
                    .inner_width()
                    .ok()
                    .and_then(|width| width.as_f64())
                    .unwrap_or(0.0);
                let scrollbar = width - f64::from(page.client_width());
                set(&page, LOCKED[0], "hidden");
                // The room of the scrollbar is kept, so that the page doesn't jump sideways.
                if scrollbar > 0.0 {
                    set(&page, LOCKED[1], &[&whole(scrollbar), "px"].concat());
                }
            }
        });
        Some(Self { page })
    }
}

impl Drop for ScrollLock {
    fn drop(&mut self) {
        LOCKS.with_borrow_mut(|(count, before)| {
            *count -= 1;
            if *count == 0 {
                for (name, value) in LOCKED.iter().zip(before) {
                    set(&self.page, name, value);
                }
                // Or an attribute that says nothing would be left on the page.
                if self.page.get_attribute("style").as_deref() == Some("") {
                    let _ = self.page.remove_attribute("style");
                }
            }
        });
    }
}

fn set(element: &HtmlElement, name: &str, value: &str) {
    // A property that the browser does not take is left as it is.
    let _ = element.style().set_property(name, value);
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "pixels on a screen; the cast saturates"
)]
fn whole(value: f64) -> String {
    (value as i32).to_string()
}
