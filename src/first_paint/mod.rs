//! Renders the first step natively, for the time until the widget's own code is in the browser. It is the same root
//! component at the same step: what the flow gives once the session has loaded.

mod ahead;
mod nodes;
mod wishes;

use crate::BUILD;
use crate::app::{App, AppProps, State};
use crate::flow::{Message, Session};
use leptos::prelude::*;
use railhead_protocol::{FirstPaint, PaintNode, SessionState};
use std::sync::Arc;
use wishes::Wishes;

/// Why there is no first step to send. The widget then begins from nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unpaintable {
    /// The host page's options hold what only the widget can deal with: something unknown to this build, or wrong.
    #[error("the options can't be reproduced: {0}")]
    Options(String),
    /// The flow has no step for this session.
    #[error("the flow does not begin")]
    Flow,
    /// What was rendered is not what the loader may build.
    #[error("the rendered step can't be sent: {0}")]
    Nodes(#[from] nodes::Unsendable),
}

/// The first step of a session, as `paint` and `locale` of its request ask for it.
///
/// Pure: the same arguments give the same nodes, and nothing is kept.
pub fn first_step(
    paint: &str,
    locale: Option<&str>,
    session: &SessionState,
) -> Result<FirstPaint, Unpaintable> {
    let wishes: Wishes =
        serde_json::from_str(paint).map_err(|error| Unpaintable::Options(error.to_string()))?;
    let base: Arc<str> = wishes.base.as_str().into();
    let is_modal = wishes.modal;
    let mut state = State::new(wishes.settings(locale, session)?);
    let loaded = Message::Loaded(session.widget.widget_id.clone());
    state.session = Some(Arc::new(Session::new(session.clone())));
    state.lay();
    let begun = state.step.advance(loaded, &mut state.journey);
    state.step = begun.map_err(|_| Unpaintable::Flow)?.0;
    Ok(FirstPaint {
        build: BUILD.to_owned(),
        nodes: render(&state, &base, is_modal)?,
        ahead: ahead::look(&state, &base, is_modal)?,
    })
}

/// What stands in the frame.
fn render(state: &State, base: &Arc<str>, is_modal: bool) -> Result<Vec<PaintNode>, Unpaintable> {
    // Signals live as long as their owner: here, until the text is written.
    let owner = Owner::new();
    let html = owner.with(|| {
        let app = App(AppProps {
            model: RwSignal::new(state.clone()),
            dispatch: Callback::new(|_| {}),
            base: Arc::clone(base),
            is_modal,
            painted: false,
        });
        app.to_html()
    });
    owner.cleanup();
    Ok(nodes::read(&html)?)
}

#[cfg(test)]
mod tests;
