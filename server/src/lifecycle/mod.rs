//! What happens between the routes and the store: authorizations begun, exchanged and settled, tokens renewed,
//! the workspace told, leftovers swept away.

pub mod align;
pub mod begin;
pub mod claim;
pub mod deliver;
pub mod event;
pub mod exchange;
pub mod grant;
pub mod hear;
pub mod lease;
pub mod live;
pub mod rates;
pub mod refresh;
pub mod rotation;
pub mod send_off;
pub mod settle;
pub mod sweep;
pub mod webhook;
