//! The border to the host page: options in, events out, the frame on the page, and the handle that the page holds.

mod console;
mod events;
mod frame;
mod gate;
mod handle;
mod history;
mod host_page;
mod messages;
mod options;
mod paint;
mod registry;
mod widget;

pub use handle::Handle;

use host_page::Embedder;
use js_sys::{Function, Promise, Reflect, TypeError};
use options::Options;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ShadowRoot};
use widget::{Start, Widget};

/// What the loader has prepared: the element on the page, its shadow root, the session answer it has asked for, and
/// perhaps the first step.
#[derive(Clone, Debug)]
struct Shell {
    host: HtmlElement,
    root: ShadowRoot,
    session: Option<Promise>,
    lock: Option<Function>,
    embedder: Option<Embedder>,
    painted: Option<Painted>,
}

/// The first step as the server has rendered it and the loader has built it, in the frame.
#[derive(Clone, Debug)]
struct Painted {
    /// The build that can take it over.
    build: Option<String>,
    /// The session answer that it shows.
    answer: JsValue,
}

impl Shell {
    fn read(value: &JsValue) -> Option<Self> {
        let get = |name: &str| Reflect::get(value, &name.into()).ok();
        Some(Self {
            host: get("host")?.dyn_into().ok()?,
            root: get("root")?.dyn_into().ok()?,
            session: get("session").and_then(|session| session.dyn_into().ok()),
            lock: get("lock").and_then(|lock| lock.dyn_into().ok()),
            embedder: get("embedder").and_then(|embedder| Embedder::read(&embedder)),
            painted: get("painted")
                .filter(JsValue::is_object)
                .and_then(|painted| Painted::read(&painted)),
        })
    }
}

impl Painted {
    fn read(value: &JsValue) -> Option<Self> {
        Some(Self {
            build: Reflect::get(value, &"build".into()).ok()?.as_string(),
            answer: Reflect::get(value, &"answer".into()).ok()?,
        })
    }
}

/// Starts a widget, or hands out the one that is already in this place.
///
/// # Errors
/// A `TypeError` for the host page's developer, when there is no widget id or no page.
pub(crate) fn start(
    widget_id: &JsValue,
    business_name: &JsValue,
    options: &JsValue,
    shell: &JsValue,
) -> Result<Handle, JsValue> {
    let widget_id = widget_id.as_string().filter(|id| !id.trim().is_empty());
    let Some(widget_id) = widget_id else {
        return Err(refuse(
            "`widgetId` must be the id of a widget, such as \"wid_…\"",
        ));
    };
    let mut given = Options::default();
    given.read(options);
    let shell = Shell::read(shell);
    let place = registry::Key::new(
        shell.as_ref().map(|shell| &shell.host),
        given.container.as_ref(),
        &widget_id,
    );
    if let Some(running) = registry::find(&place) {
        running.update(options, false);
        return Ok(Handle::new(&running));
    }
    let business_name = business_name.as_string().filter(|name| !name.is_empty());
    let start = Start {
        widget_id,
        business_name,
        options: given,
        shell,
    };
    let widget = Widget::start(start).ok_or_else(|| refuse("a page to stand on is needed"))?;
    registry::add(place, &widget);
    Ok(Handle::new(&widget))
}

fn refuse(why: &str) -> JsValue {
    TypeError::new(&["Railhead: ", why, "."].concat()).into()
}
