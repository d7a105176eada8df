//! The end-to-end tests: what the person in front of the widget, the embedding company and an attacker live to see,
//! in a real browser.

mod accessibility;
mod connecting;
mod embedding;
mod first_paint;
mod harness;
mod hosts;
mod journey;
mod languages;
mod later_part;
mod one_engine;
mod options;
mod own_tab;
mod phone;
mod refusals;
mod resuming;
mod windows;
