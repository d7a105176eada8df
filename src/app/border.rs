//! What the app asks of the page it stands on. `embed` does it.

use railhead_protocol::{Event, ExitReason};

/// The border to the host page.
pub trait Border {
    /// Tells the host page.
    fn emit(&self, event: Event);
    /// Hides the widget, and tells the host page why, once per opening. With the connections made since then.
    fn leave(&self, reason: ExitReason, connections: Vec<String>);
    /// The step has changed, and with it how far one can go back.
    fn moved(&self);
    /// What the first step does not need is there.
    fn complete(&self);
    /// Shows the widget again, which the person has left.
    fn open(&self);
    /// The address of the host page.
    fn address(&self) -> String;
    /// Sends the browser on.
    fn redirect(&self, address: &str);
    /// A random number in `0.0..1.0`.
    fn random(&self) -> f64;
}

/// Where the server is, and for whom the widget asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `wid_…`
    pub widget_id: String,
    /// The business, if the host page names it.
    pub business_name: Option<String>,
    /// The API's address as the host page has it.
    pub api_url: String,
    /// The API's address, without a slash at its end.
    pub base: String,
    /// Its origin.
    pub origin: String,
    /// The origin of the page that embeds the widget, where that is not the page it stands on.
    pub embedder: Option<String>,
    /// Names the other window, so that opening it again finds it.
    pub window_name: String,
}
