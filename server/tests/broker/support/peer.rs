//! The published library of the Standard Webhooks specification, in the language most receivers are written in; and
//! receivers in that and another language.

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

/// Runs a program in the library's folder; answers what it printed, or what it complained of.
async fn run(program: &str, arguments: &[&str], input: &str) -> Result<String, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).await.unwrap();
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() {
        Ok(text(output.stdout))
    } else {
        Err(text(output.stderr))
    }
}

/// Which of `claims` (`secret`, `headers`, `body`) the library accepts.
pub(crate) async fn accepted(claims: Vec<Value>) -> Vec<bool> {
    let claims = Value::Array(claims).to_string();
    let printed = run("node", &["verify.mjs"], &claims).await.unwrap();
    serde_json::from_str(&printed).unwrap()
}

/// Runs a module that may use the library.
pub(crate) async fn node(source: &str) -> Result<String, String> {
    run("node", &["--input-type=module", "-"], source).await
}

/// Runs a program that uses nothing but its language.
pub(crate) async fn python(source: &str) -> Result<String, String> {
    run("python3", &["-"], source).await
}
