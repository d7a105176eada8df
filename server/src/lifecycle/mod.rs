//! What happens between the routes and the store: authorizations begun, exchanged and settled, tokens renewed
//! and kept alive, ends written down, leftovers swept away.

pub mod alerts;
mod back_off;
pub mod begin;
pub mod ends;
pub mod event;
pub mod exchange;
pub mod grant;
pub mod keep_alive;
pub mod live;
pub mod refresh;
mod renewal;
pub mod send_off;
pub mod settle;
pub mod sweep;
pub mod upkeep;
