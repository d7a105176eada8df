//! The catalogue: what there is to connect to, read from one TOML file per service.
//!
//! [`Catalogue`] watches the directories and hands out [`Snapshot`]s; a bad file is refused alone. Nothing here
//! talks to a service: [`crate::oauth`] does, with the [`Service`]s found here.

mod directory;
mod fields;
mod file;
mod refresh;
mod service;
mod snapshot;
mod template;
#[cfg(test)]
mod tests;
mod validate;
mod validate_oauth;
#[cfg(test)]
mod validate_tests;

pub use directory::{Catalogue, CatalogueError};
pub use fields::{CheckedFields, FieldError, FieldRule, MAX_FIELD_CHARS};
pub use refresh::{RefreshRule, RefreshSemantics, TokenTimes, Window};
pub use service::{
    AccountSource, CallbackProof, ClientAuth, Facts, LaterMethod, Method, OAuth, PkceMode,
    RedirectForm, Service, TokenBody,
};
pub use snapshot::{FileProblem, Snapshot};
pub use template::{HostRule, TemplateError, TextTemplate, UrlTemplate};

/// The service that `text` describes, for tests of what is built upon services.
///
/// # Panics
/// When the text is not a good service file.
#[cfg(test)]
pub(crate) fn parse_for_tests(text: &str) -> Service {
    let key = "service_name = \"";
    let rest = &text[text.find(key).unwrap() + key.len()..];
    validate::parse_service(&rest[..rest.find('"').unwrap()], text).unwrap()
}

/// The service in `text`, if it is a good file for the service `service`: for the fuzzers.
#[cfg(fuzzing)]
pub(crate) fn parse_for_fuzzing(text: &str) -> Option<Service> {
    validate::parse_service("service", text).ok()
}
