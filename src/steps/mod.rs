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

use crate::components::{later_stylesheet, stylesheet};

/// The stylesheet of the first steps and of what is around all of them, as rendered from the rules. The loader brings it: a
/// step that the server has rendered needs it before the WebAssembly is there.
pub const STYLES: &str = include_str!("../../style/components.css");

/// The stylesheet of the other steps, which comes with their code.
pub const LATER_STYLES: &str = include_str!("../../style/later.css");

/// The same two, rendered now. [`STYLES`] and [`LATER_STYLES`] are made of them, and a test keeps them equal.
#[must_use]
pub fn render_styles() -> [String; 2] {
    [
        stylesheet(&[
            stage::STAGE,
            stage::STEP,
            stage::BODY,
            stage::ACTIONS,
            picker::RULES,
        ]),
        later_stylesheet(&[success::RULES, summary::RULES]),
    ]
}

#[cfg(test)]
mod tests {
    use super::{LATER_STYLES, STYLES, render_styles};

    /// To bring the files up to date: `cargo xtask generate`.
    #[test]
    fn the_rendered_styles_are_those_of_the_components() {
        let [first, later] = render_styles();
        for (name, rendered, known) in [
            ("components.css", first, STYLES),
            ("later.css", later, LATER_STYLES),
        ] {
            if std::env::var_os("RAILHEAD_UPDATE").is_some() {
                let path = [env!("CARGO_MANIFEST_DIR"), "/style/", name].concat();
                std::fs::write(path, &rendered).unwrap();
            } else {
                assert!(rendered == known, "style/{name} is out of date");
            }
        }
    }

    #[test]
    fn every_rule_is_scoped_to_its_component() {
        assert!(STYLES.contains(".rh-button{display:flex"));
        assert!(STYLES.contains(".rh-button:active{"));
        assert!(LATER_STYLES.contains(".rh-field{"));
        let unscoped = [
            "\ninput", "\nbutton", "}input", "}button", "&", ":root", "html",
        ];
        for styles in [STYLES, LATER_STYLES] {
            assert_eq!(styles.matches('{').count(), styles.matches('}').count());
            assert!(unscoped.iter().all(|selector| !styles.contains(selector)));
        }
    }
}
