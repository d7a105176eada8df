//! One component per step of the flow. A step shows its data and sends messages; it knows no network and no window.

#![expect(
    unreachable_pub,
    reason = "the `component` macro writes a public function for each component"
)]

mod account_choice;
mod blocked;
mod consent;
mod fields;
mod failure;
mod load_failed;
mod loading;
mod notice_step;
mod picker;
mod stage;
mod success;
mod waiting;

pub use account_choice::AccountChoiceStep;
pub use blocked::BlockedStep;
pub use consent::ConsentStep;
pub use failure::FailureStep;
pub use load_failed::LoadFailedStep;
pub use loading::LoadingStep;
pub use picker::PickerStep;
pub use stage::{Scene, progress_names, title};
pub use success::SuccessStep;
pub use waiting::WaitingStep;

use crate::components::{Rules, stylesheet};

/// The stylesheet of the widget: all components and all steps.
#[must_use]
pub fn styles() -> String {
    stylesheet(STEPS)
}

const STEPS: &[Rules] = &[stage::STEP, stage::BODY, stage::ACTIONS, picker::RULES, success::RULES];
