//! What every store promises: the same tests on a new SQLite file and on a new PostgreSQL database.
//!
//! A test is `async fn name(place: Place)`; naming it in its module's `contract!` makes it two.

mod authorizations;
mod businesses;
mod clients;
mod connections;
mod deliveries;
mod idempotency;
mod keys;
mod links;
mod place;
mod replicas;
mod revocations;
mod sealed;
mod settling;
mod tenants;
mod webhooks;

use place::Place;

/// Runs each of the tests on both databases.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(super::Place::sqlite().await).await;
            }
        )+}
        mod postgres {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(place) = super::Place::postgres().await {
                    super::$name(place).await;
                }
            }
        )+}
    };
}
use contract;
