//! The end-to-end tests: what the person in front of the widget, the embedding company and an attacker live to see,
//! in a real browser.

mod attacks;
mod businesses;
mod connecting;
mod embedding;
mod examples;
mod gallery;
mod harness;
mod languages;
mod later_part;
mod options;
mod packages;
mod peer;
mod recovery;
mod refusals;
mod screenshots;
mod secrets;
mod themes;
mod windows;
