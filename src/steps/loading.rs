//! While the session has not answered: the outline of the list, in its final shape.

use leptos::prelude::*;

/// How many tiles the outline has.
const TILES: usize = 10;

/// The outline of the service list. Painted by the shell's rules, as the loader's own outline is.
#[component]
pub fn LoadingStep() -> impl IntoView {
    let tiles = (0..TILES).map(|_| view! { <i class="rh-bone-tile"></i> });
    view! {
        <div class="rh-skeleton" aria-busy="true">
            <div class="rh-bones">
                <i class={"rh-bone rh-bone-title"}></i>
                <i class={"rh-bone rh-bone-line"}></i>
                <i class={"rh-bone rh-bone-search"}></i>
                <div class="rh-bone-grid">{tiles.collect_view()}</div>
            </div>
        </div>
    }
}
