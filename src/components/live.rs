//! The live region: says what has changed to people who can't see it.

use super::sheet::Rules;
use leptos::prelude::*;
use stylist::ast::sheet;

// Off the screen but not `display: none`: a region that is not rendered is not read out.
pub(super) const RULES: Rules = ("rh-unseen", || {
    sheet!(
        r#"
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
        "#
    )
});

/// A polite live region, there before it says anything.
#[component]
pub fn LiveRegion(
    /// What there is to say.
    text: impl Fn() -> String + Send + 'static,
) -> impl IntoView {
    view! { <div class="rh-unseen" role="status" aria-live="polite">{text}</div> }
}
