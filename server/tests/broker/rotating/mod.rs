//! The vault's keys change while a server goes on, and whatever is wrong with them is told.

mod copies;
mod damaged;
mod each_place;
mod under_load;

use crate::support::process::railhead_with;
use crate::support::{World, config};
use railhead_server::entropy::SystemEntropy;
use railhead_server::server::{Parts, StartError};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// Runs `railhead vault …`, which prints JSON; answers whether it succeeded, and that.
fn vault(folder: &Path, arguments: &[&str]) -> (bool, Value) {
    let arguments = [&["vault"], arguments, &["--json"]].concat();
    let (succeeded, printed, errors) = railhead_with(folder, &arguments, &[]);
    let shown = serde_json::from_str(&printed);
    (
        succeeded,
        shown.unwrap_or_else(|_| panic!("{printed}{errors}")),
    )
}

/// How many values each key seals; the active one first.
fn keys(folder: &Path) -> Vec<(String, u64)> {
    let (_, shown) = vault(folder, &["status"]);
    let keys = shown["keys"].as_array().unwrap().iter();
    keys.map(|key| {
        let id = key["key"].as_str().unwrap().to_owned();
        (id, key["seals"].as_u64().unwrap())
    })
    .collect()
}

/// Everything opens, as `railhead vault verify` sees it; answers how many values there are.
fn all_open(folder: &Path) -> u64 {
    let (succeeded, shown) = vault(folder, &["verify"]);
    assert!(succeeded, "{shown}");
    assert_eq!(shown["broken"], Value::Array(Vec::new()));
    shown["values"].as_u64().unwrap()
}

/// Ends the world's server and starts another one on its data.
async fn restarted(world: World) -> Result<World, StartError> {
    let World {
        server,
        provider,
        clock,
        folder,
        machine,
    } = world;
    server.stop().await;
    let parts = Parts {
        config: config(folder.path(), &provider.url),
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
    };
    let server = machine.start(parts).await?;
    Ok(World {
        server,
        provider,
        clock,
        folder,
        machine,
    })
}
