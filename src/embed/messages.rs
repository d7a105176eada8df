//! Says on the console what is wrong with the company's own sentences.

use super::console;
use crate::app::State;

/// Says it, once what knows it is there: that comes later.
pub(super) fn check(state: &State) {
    let Some(later) = state.later else { return };
    let mut complaints = later.complain("option `messages`", &state.settings.messages);
    if let Some(session) = &state.session {
        let words = &session.widget.messages;
        complaints.extend(later.complain("setting `messages` of the widget", words));
    }
    for complaint in complaints {
        console::warn(&[&complaint]);
    }
}
