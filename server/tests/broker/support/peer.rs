//! The published library of the Standard Webhooks specification, in the language most receivers are written in.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/peers/standardwebhooks");
    assert!(
        folder.join("node_modules/standardwebhooks").is_dir(),
        "the npm package standardwebhooks is not installed: `cargo xtask test --only host` installs it"
    );
    folder
}

/// Runs node in the library's folder; answers what it printed.
async fn node(arguments: &[&str], input: &str) -> String {
    let mut child = Command::new("node")
        .args(arguments)
        .current_dir(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).await.unwrap();
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "node failed");
    String::from_utf8(output.stdout).unwrap()
}

/// Which of `claims` (`secret`, `headers`, `body`) the library accepts.
pub(crate) async fn accepted(claims: Vec<Value>) -> Vec<bool> {
    let printed = node(&["verify.mjs"], &Value::Array(claims).to_string()).await;
    serde_json::from_str(&printed).unwrap()
}

/// Runs a module; answers what it printed.
pub(crate) async fn module(source: &str) -> String {
    node(&["--input-type=module", "-"], source).await
}
