//! What is to be measured, as `cargo xtask bench widget` says it.

use serde::Deserialize;
use std::path::PathBuf;

/// What is to be measured: brokers that run already, and pages that are built.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Plan {
    /// The folder with the pages.
    pub(crate) pages: PathBuf,
    /// Where they are to be served; the brokers know this origin.
    pub(crate) host_port: u16,
    /// Where the stub of the reference product's server is to be.
    pub(crate) stub_port: u16,
    /// The widget, by the same id at each broker.
    pub(crate) widget: String,
    /// One broker for each size of catalogue, the usual one first.
    pub(crate) brokers: Vec<Broker>,
    /// How often everything is measured.
    pub(crate) rounds: usize,
    /// Nothing is measured: the pages are there to be looked at.
    #[serde(default)]
    pub(crate) hold: bool,
}

/// A running broker.
#[derive(Debug, Deserialize)]
pub(crate) struct Broker {
    /// Its address.
    pub(crate) url: String,
    /// How many services it offers.
    pub(crate) services: usize,
}
