//! One component per step of the flow. A step shows its data and sends messages; it knows no network and no window.

#![expect(
    unreachable_pub,
    reason = "the `component` macro writes a public function for each component"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "the props of a component are its own"
)]

mod account_choice;
mod blocked;
mod consent;
mod details;
mod failure;
mod fields;
mod load_failed;
mod loading;
mod notice_step;
mod overview;
mod picker;
mod stage;
mod success;
mod summary;
mod waiting;

pub use account_choice::AccountChoiceStep;
pub use blocked::BlockedStep;
pub use consent::ConsentStep;
pub use details::{Dated, DetailsStep, DisconnectStep};
pub use failure::FailureStep;
pub use load_failed::LoadFailedStep;
pub use loading::LoadingStep;
pub use overview::OverviewStep;
pub use picker::PickerStep;
pub use stage::{Scene, picker_title, progress_steps, title};
pub use success::{Next, SuccessStep};
pub use summary::{FarewellStep, SummaryStep};
pub use waiting::{OwnTabStep, WaitingStep};

use crate::components::stylesheet;

/// The stylesheet of the widget, all components and all steps, as rendered from their rules. The loader brings it, with
/// the JavaScript glue: a step that the server has rendered needs it before the WebAssembly is there.
pub const STYLES: &str = include_str!("../../style/components.css");

/// The same, rendered now. [`STYLES`] is made of it, and a test keeps the two equal.
#[must_use]
pub fn render_styles() -> String {
    stylesheet(&[
        stage::STAGE,
        stage::STEP,
        stage::BODY,
        stage::ACTIONS,
        picker::RULES,
        success::RULES,
        summary::RULES,
    ])
}

#[cfg(test)]
mod tests {
    use super::{STYLES, render_styles};

    /// To bring the file up to date: `RAILHEAD_UPDATE=1 cargo test -p railhead-widget --lib styles`.
    #[test]
    fn the_rendered_styles_are_those_of_the_components() {
        let rendered = render_styles();
        if std::env::var_os("RAILHEAD_UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/style/components.css");
            std::fs::write(path, &rendered).unwrap();
        } else {
            assert!(rendered == STYLES, "style/components.css is out of date");
        }
    }

    #[test]
    fn every_rule_is_scoped_to_its_component() {
        assert!(STYLES.contains(".rh-button{display:flex"));
        assert!(STYLES.contains(".rh-button:active{"));
        assert_eq!(STYLES.matches('{').count(), STYLES.matches('}').count());
        let unscoped = [
            "\ninput", "\nbutton", "}input", "}button", "&", ":root", "html",
        ];
        assert!(unscoped.iter().all(|selector| !STYLES.contains(selector)));
    }
}
