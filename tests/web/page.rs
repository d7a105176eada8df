//! A widget on a page, found and used as a person would: by role and name, never by its HTML.

use super::{clean, stub};
use js_sys::{Array, Function, Object, Promise, Reflect};
use railhead_widget::{Handle, init};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit,
    ShadowRoot, ShadowRootInit, ShadowRootMode,
};

const SHELL: [&str; 4] = [
    include_str!("../../style/tokens.css"),
    include_str!("../../style/shell.css"),
    include_str!("../../style/components.css"),
    include_str!("../../style/later.css"),
];

/// A widget on a page.
pub(crate) struct Page {
    pub(crate) host: HtmlElement,
    pub(crate) root: ShadowRoot,
    pub(crate) handle: Rc<Handle>,
    events: Rc<RefCell<Vec<(String, JsValue)>>>,
    /// Keeps the listener of the events alive.
    _listener: Closure<dyn FnMut(String, JsValue)>,
}

/// Where a widget goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Modal,
    Inline,
}

impl Page {
    /// A modal widget whose session has answered; options as JSON.
    pub(crate) async fn open(options: &str) -> Self {
        let page = Self::start(Place::Modal, 201, stub::SESSION, options);
        page.heading("Connect your software").await;
        page
    }

    /// A widget whose session answers this.
    pub(crate) fn start(place: Place, status: u16, session: &str, options: &str) -> Self {
        clean::begin();
        let (host, root) = shell(place);
        let given = Object::new();
        set(&given, "host", &host);
        set(&given, "root", &root);
        set(&given, "session", &stub::response(status, session));
        let events = Rc::new(RefCell::new(Vec::new()));
        let listener = {
            let events = Rc::clone(&events);
            Closure::<dyn FnMut(String, JsValue)>::new(move |name, detail| {
                events.borrow_mut().push((name, detail));
            })
        };
        let options = options_of(options, listener.as_ref());
        let handle = init(&"wid_1".into(), &"Harbor Coffee".into(), &options, &given).unwrap();
        let handle = clean::keep(handle);
        Self {
            host,
            root,
            handle,
            events,
            _listener: listener,
        }
    }

    /// Everything of this role that can be seen, with its name.
    pub(crate) fn all(&self, role: &str) -> Vec<(String, HtmlElement)> {
        let selector = match role {
            "button" => "button:not([role])",
            "option" => "[role=option]",
            "listbox" => "[role=listbox]",
            "list" => "ol",
            "heading" => "h2",
            "radio" => "input[type=radio]",
            "searchbox" => "[role=searchbox]",
            "textbox" => "input[type=text]:not([role])",
            "status" => "[role=status]",
            "alert" => "[role=alert]",
            "link" => "a[href]",
            other => panic!("no such role here: {other}"),
        };
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length())
            .map(|index| found.get(index).unwrap().unchecked_into::<HtmlElement>())
            .filter(|element| element.get_client_rects().length() > 0)
            .map(|element| (name_of(&self.root, &element), element))
            .collect()
    }

    /// The one of this role whose name begins like this.
    pub(crate) fn find(&self, role: &str, name: &str) -> Option<HtmlElement> {
        self.all(role)
            .into_iter()
            .find(|(found, _)| found.starts_with(name))
            .map(|(_, element)| element)
    }

    /// Waits for it.
    pub(crate) async fn wait(&self, role: &str, name: &str) -> HtmlElement {
        until(&format!("{role} {name:?}"), || self.find(role, name)).await
    }

    /// Waits for a heading, which must have the focus.
    pub(crate) async fn heading(&self, name: &str) -> HtmlElement {
        self.wait("heading", name).await
    }

    /// Waits for a button, or a service in the list, and presses it.
    pub(crate) async fn press(&self, name: &str) {
        let either = || {
            self.find("button", name)
                .or_else(|| self.find("option", name))
        };
        until(&format!("something to press: {name:?}"), either)
            .await
            .click();
    }

    /// Fills in what has this role and name.
    pub(crate) fn fill(&self, role: &str, name: &str, text: &str) {
        let input: HtmlInputElement = self.find(role, name).unwrap().unchecked_into();
        input.set_value(text);
        input.dispatch_event(&Event::new("input").unwrap()).unwrap();
    }

    /// What the live region says.
    pub(crate) fn said(&self) -> String {
        self.all("status")
            .remove(0)
            .1
            .text_content()
            .unwrap_or_default()
    }

    /// All that can be read.
    pub(crate) fn text(&self) -> String {
        let frame: HtmlElement = self.root.first_element_child().unwrap().unchecked_into();
        frame.inner_text()
    }

    /// Is the frame to be seen?
    pub(crate) fn is_shown(&self) -> bool {
        self.root
            .first_element_child()
            .is_some_and(|frame| frame.get_client_rects().length() > 0)
    }

    /// The names of the events so far.
    pub(crate) fn events(&self) -> Vec<String> {
        self.events
            .borrow()
            .iter()
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// The detail of the first event of this name, as JSON.
    pub(crate) fn detail(&self, name: &str) -> String {
        let events = self.events.borrow();
        let (_, detail) = events.iter().find(|(found, _)| found == name).expect(name);
        js_sys::JSON::stringify(detail).unwrap().into()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.handle.destroy();
        self.host.remove();
        clean::forget(&self.handle);
        stub::reset();
    }
}

/// Presses a key on an element; says whether the browser would still do what it does by itself.
pub(crate) fn key(element: &HtmlElement, key: &str) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    element.dispatch_event(&event).unwrap()
}

/// The document of the test page.
#[expect(clippy::disallowed_methods, reason = "the tests are the host page")]
pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// Waits until there is something, for as long as a slow machine may take.
pub(crate) async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..1_000 {
        if let Some(found) = look() {
            return found;
        }
        assert!(!clean::is_needed(), "the widget has panicked: {what}");
        next_frame().await;
    }
    panic!("did not come about: {what}");
}

/// Waits until something holds.
pub(crate) async fn holds(what: &str, mut look: impl FnMut() -> bool) {
    until(what, || look().then_some(())).await;
}

/// Lets the browser do what it has to do.
pub(crate) async fn next_frame() {
    let frame = Promise::new(&mut |resolve, _| {
        let window = web_sys::window().unwrap();
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 10)
            .unwrap();
    });
    JsFuture::from(frame).await.unwrap();
}

/// The frame as the loader draws it.
fn shell(place: Place) -> (HtmlElement, ShadowRoot) {
    let document = document();
    let make = |tag: &str, class: &str| {
        let element: HtmlElement = document.create_element(tag).unwrap().unchecked_into();
        element.set_class_name(class);
        element
    };
    let host = make("div", "");
    let modal = place == Place::Modal;
    host.set_attribute("data-railhead", if modal { "modal" } else { "inline" })
        .unwrap();
    let root = host
        .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
        .unwrap();
    let sheet = web_sys::CssStyleSheet::new().unwrap();
    sheet.replace_sync(&SHELL.concat()).unwrap();
    root.set_adopted_style_sheets(&Array::of1(&sheet));
    let frame = if modal {
        make("dialog", "rh-frame")
    } else {
        make("div", "rh-frame rh-inline")
    };
    frame.append_child(&make("div", "rh-view")).unwrap();
    root.append_child(&frame).unwrap();
    document.body().unwrap().append_child(&host).unwrap();
    (host, root)
}

fn options_of(json: &str, listener: &JsValue) -> JsValue {
    let options = if json.is_empty() {
        Object::new().into()
    } else {
        js_sys::JSON::parse(json).unwrap()
    };
    let listener: &Function = listener.unchecked_ref();
    set(options.unchecked_ref(), "onEvent", listener);
    options
}

fn set(object: &Object, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).unwrap();
}

/// The accessible name, as far as it is used here: its label, or what stands in it and can be seen.
fn name_of(root: &ShadowRoot, element: &HtmlElement) -> String {
    if let Some(label) = element.get_attribute("aria-label") {
        return label;
    }
    if let Some(label) = label_of(root, element) {
        return words(&label.unchecked_into());
    }
    words(element)
}

/// What is read out of an element: not what is hidden, from all or from assistive technology.
fn words(element: &HtmlElement) -> String {
    let copy: Element = element.clone_node_with_deep(true).unwrap().unchecked_into();
    let unread = copy
        .query_selector_all("[aria-hidden=true], [hidden]")
        .unwrap();
    for index in 0..unread.length() {
        unread
            .get(index)
            .unwrap()
            .unchecked_into::<Element>()
            .remove();
    }
    let text = copy.text_content().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn label_of(root: &ShadowRoot, element: &HtmlElement) -> Option<Element> {
    let id = element.id();
    let by_id = || root.query_selector(&format!("label[for='{id}']")).unwrap();
    let around = element.closest("label").unwrap();
    if id.is_empty() {
        around
    } else {
        by_id().or(around)
    }
}
