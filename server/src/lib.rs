//! The broker: runs authorizations at services, keeps connections sealed, hands fresh access tokens to the
//! company's server.

pub mod catalogue;
pub mod clock;
pub mod entropy;
pub mod oauth;
