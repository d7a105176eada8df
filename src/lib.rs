//! The widget of Railhead Connect: a business picks the software it uses, authorizes it on that software's own pages,
//! and the company whose page this is gets a connection.
//!
//! Where what lives: `embed` is the border to the host page, `app` matches the step to its view, `flow` is the pure
//! state machine, `steps` and `components` are what one sees, `text` what one reads, `theme` the colours; `client`
//! talks to the server and `popup` to the other window. Built natively, `first_paint` renders the first step.

// The type of a view names every node in it; the compiler has to look that deep.
#![recursion_limit = "256"]

pub mod app;
mod client;
pub mod components;
mod decode;
mod embed;
#[cfg(feature = "ssr")]
pub mod first_paint;
pub mod flow;
mod listener;
mod popup;
pub mod steps;
pub mod text;
pub mod theme;

pub use embed::Handle;

use wasm_bindgen::prelude::*;

/// Names the sources that this was built from. A first step is taken over only from a server built from the same.
pub const BUILD: &str = env!("RAILHEAD_BUILD");

/// Starts a widget on the page. `shell` is what the loader has prepared; without it the widget makes its own.
///
/// # Errors
/// Throws a `TypeError` when there is no widget id.
#[wasm_bindgen]
pub fn init(
    #[wasm_bindgen(js_name = widgetId, unchecked_param_type = "string")] widget_id: &JsValue,
    #[wasm_bindgen(js_name = businessName, unchecked_param_type = "string | null | undefined")]
    business_name: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "object | undefined")] options: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "object | undefined")] shell: &JsValue,
) -> Result<Handle, JsValue> {
    embed::start(widget_id, business_name, options, shell)
}
