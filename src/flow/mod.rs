//! The flow as a pure state machine: what the person sees ([`Step`]), what can happen ([`Message`]) and what is to be
//! done about it ([`Command`]). Knows the wire types and nothing of browsers, so all of it is tested on the host.

mod begin;
mod details;
mod journey;
#[cfg(test)]
mod journey_tests;
mod leaving;
mod message;
mod outcome;
mod polling;
mod progress;
#[cfg(test)]
mod reload_tests;
mod resume;
mod search;
pub(crate) mod session;
mod spelling;
mod step;
#[cfg(test)]
mod tests;
mod transition;
#[cfg(test)]
mod trouble_tests;
mod waiting;

pub use begin::without_the_rest;
pub use journey::{Journey, Plan, Stop};
pub use message::{Command, Message, Refused};
pub use polling::{Outcome, Schedule};
pub use progress::{Mark, Milestone, progress};
pub use resume::Resumed;
pub use search::Index;
#[cfg(all(test, feature = "ssr"))]
pub(crate) use session::samples;
pub use session::{Session, TileState};
pub use spelling::meant;
pub use step::{
    AccountChoice, Asked, Attempt, Consent, Details, Failure, FieldRefusal, Link, Phase, Stage,
    Step, Success, Trouble, Waiting, Window,
};
pub use transition::Turn;
