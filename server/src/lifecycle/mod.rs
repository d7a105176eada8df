//! What happens between the routes and the store: authorizations begun, exchanged and settled, tokens renewed,
//! what is over given back and swept away.

pub mod begin;
pub mod businesses;
pub mod disconnect;
pub mod event;
pub mod exchange;
pub mod grant;
pub mod live;
pub mod refresh;
pub mod revoke;
pub mod send_off;
pub mod sessions;
pub mod settle;
pub mod sweep;
pub mod widgets;
