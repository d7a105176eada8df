//! Renders the first step of a session with the widget's own components, so that it can be seen before the widget's code
//! has come. The only place that knows the widget.

use railhead_protocol::{FirstPaint, SessionState};
use railhead_widget::first_paint;
use std::panic::{self, AssertUnwindSafe};

/// The first step, as `paint` asks for it; `None` where the widget has to begin from nothing. It costs little beside the
/// database, so it is neither kept nor handed to another thread: nothing of a business is shared between visitors.
#[must_use]
pub fn first_step(paint: &str, locale: Option<&str>, session: &SessionState) -> Option<FirstPaint> {
    let render = AssertUnwindSafe(|| first_paint::first_step(paint, locale, session));
    // A component that can't be built natively costs the visitor this picture, and not the session.
    let rendered = panic::catch_unwind(render);
    match rendered {
        Ok(Ok(first)) => return Some(first),
        // The loader asks on the off chance; options that only the widget understands are nothing to report.
        Ok(Err(first_paint::Unpaintable::Options(why))) => {
            tracing::debug!(%why, "the first step is left to the widget");
        }
        Ok(Err(error)) => tracing::error!(%error, "the first step was not rendered"),
        Err(_) => tracing::error!("rendering the first step failed"),
    }
    None
}
