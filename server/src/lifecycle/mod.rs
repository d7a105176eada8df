//! What happens between the routes and the store: authorizations begun, exchanged and settled, tokens renewed,
//! the workspace told, what is over given back and swept away.

pub mod alerts;
pub mod align;
mod back_off;
pub mod begin;
pub mod businesses;
pub mod claim;
pub mod deliver;
pub mod disconnect;
pub mod ends;
pub mod event;
pub mod exchange;
pub mod grant;
pub mod hear;
pub mod homecoming;
pub mod keep_alive;
pub mod lease;
pub mod live;
pub mod rates;
pub mod refresh;
mod renewal;
pub mod revoke;
pub mod rotation;
pub mod send_off;
pub mod sessions;
pub mod settle;
pub mod sweep;
pub mod upkeep;
pub mod webhook;
pub mod widgets;
