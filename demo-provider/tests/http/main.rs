//! The provider as browsers and clients meet it: over real HTTP.

mod browser;
mod code_flow;
mod pages;
mod personas;
mod refresh_and_revoke;
mod running;
