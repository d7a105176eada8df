//! The border between the app and the host page, as the app sees it.

use super::messages;
use super::widget::Widget;
use crate::app::Border;
use railhead_protocol::{Event, ExitReason};
use std::rc::Weak;

/// The gate of one widget. Weak, because the widget owns the app.
pub(super) struct Gate(pub(super) Weak<Widget>);

impl Border for Gate {
    fn emit(&self, event: Event) {
        let Some(widget) = self.0.upgrade() else {
            return;
        };
        if matches!(event, Event::Load { .. }) {
            widget.paint();
            messages::check(&widget.state());
        }
        widget.emit(&event);
    }

    fn leave(&self, reason: ExitReason, connections: Vec<String>) {
        if let Some(widget) = self.0.upgrade() {
            widget.leave(reason, connections);
        }
    }

    fn moved(&self) {
        if let Some(widget) = self.0.upgrade() {
            widget.moved();
        }
    }

    fn complete(&self) {
        if let Some(widget) = self.0.upgrade() {
            messages::check(&widget.state());
        }
    }

    fn open(&self) {
        if let Some(widget) = self.0.upgrade() {
            widget.open();
        }
    }

    fn address(&self) -> String {
        let widget = self.0.upgrade();
        widget
            .and_then(|widget| widget.host_page.address())
            .unwrap_or_default()
    }

    fn redirect(&self, address: &str) {
        if let Some(widget) = self.0.upgrade() {
            widget.host_page.go(address);
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one source of chance, for jitter"
    )]
    fn random(&self) -> f64 {
        js_sys::Math::random()
    }
}
