//! `cargo xtask bench server`: builds the broker for release, starts it on SQLite and on PostgreSQL, and has the crate
//! `bench/` measure both.

use anyhow::Result;
use serde_json::{Value, json};

use crate::broker::{Broker, WIDGET, text, unlimited};
use crate::command;
use crate::postgres::Postgres;
use crate::progress;
use crate::workspace::Workspace;

/// The setting that puts the broker on PostgreSQL, and the option that says it is there.
const DATABASE: (&str, &str) = ("RAILHEAD_DATABASE", "--database");

/// Builds, starts and measures; the results are printed and kept in `target/bench/server.json`.
pub(super) fn run(workspace: &Workspace, polls: usize, rounds: usize) -> Result<()> {
    super::build(workspace)?;
    let folder = super::folder(workspace)?;
    progress::heading("starting");
    let program = workspace.target("release/railhead");
    let start = |name: &str, variables: &[(&str, &str)]| {
        let mut all = vec![
            ("RAILHEAD_LOG", "warn"),
            ("RAILHEAD_LIMITS__CONNECTIONS", "100000"),
            // Nobody goes there: authorizations only have to begin.
            ("RAILHEAD_SANDBOX__PROVIDER_URL", "http://127.0.0.1:9"),
        ];
        all.extend(variables);
        let broker = Broker::start(
            workspace,
            &program,
            &all,
            &folder.join(format!("{name}.log")),
        );
        broker.inspect(|broker| progress::done(format!("a broker on {name} at {}", broker.url())))
    };
    let sqlite = start("SQLite", &[])?;
    let mut targets = vec![target("SQLite", &sqlite)?];
    let help = command::capture(workspace.command(&program)?.args(["serve", "--help"]))?;
    // The second broker goes before its database does.
    let (postgres, second);
    if help.contains(DATABASE.1) {
        postgres = Postgres::start(workspace)?;
        second = start("PostgreSQL", &[(DATABASE.0, postgres.url())])?;
        targets.push(target("PostgreSQL", &second)?);
    } else {
        println!(
            "   this broker has no {}: SQLite alone is measured",
            DATABASE.1
        );
    }
    progress::heading("measuring");
    let plan = json!({ "servers": targets, "polls": polls, "rounds": rounds });
    let results = folder.join("server.json");
    let mut bench = unlimited(workspace.target("release/railhead-bench"));
    // Not as an argument, which everybody on the machine could read: there are keys in it.
    command::run(
        bench
            .arg(&results)
            .env("RAILHEAD_BENCH_PLAN", plan.to_string()),
    )?;
    progress::done(format!("kept in {}", results.display()));
    Ok(())
}

fn target(name: &str, broker: &Broker) -> Result<Value> {
    let (_, state) = broker.connect()?;
    Ok(json!({
        "name": name,
        "address": broker.address(),
        "process": broker.process(),
        "widget": WIDGET,
        "apiKey": broker.api_key(),
        "connection": text(&state, "/authorization/connection/connectionId")?,
    }))
}
