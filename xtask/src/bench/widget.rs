//! `cargo xtask bench widget`: one broker for each size of catalogue, the pages of `bench/floor/`, and Chromium.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::broker::{Broker, WIDGET, free_address};
use crate::browser_build;
use crate::command;
use crate::progress;
use crate::tools;
use crate::workspace::Workspace;

/// How many services there are: as many as are usual, and as many as there may be.
const CATALOGUES: [usize; 2] = [30, 500];
/// Words that the services' names are made of: short ones and long ones, and no two beginnings alike that matter in a search.
const FIRST: [&str; 10] = [
    "Amber", "Blue", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Iris", "Juniper",
];
const SECOND: [&str; 10] = [
    "Books",
    "Ledger",
    "Accounting",
    "Invoices",
    "Finance",
    "Payroll",
    "Commerce",
    "Banking",
    "Numbers",
    "Reports",
];
const THIRD: [&str; 5] = ["", " Online", " Pro", " Enterprise", " Cloud"];

/// Builds, starts and measures; the results are printed and kept in `target/bench/widget.json` and `widget.md`. With `hold`
/// nothing is measured: all pages stay there until the command is ended.
pub(super) fn run(workspace: &Workspace, rounds: usize, hold: bool) -> Result<()> {
    tools::floor(workspace)?;
    let browser = tools::browser()?;
    browser_build::ensure(workspace)?;
    super::build(workspace)?;
    let folder = super::folder(workspace)?;
    let pages = folder.join("pages");
    let mut build = workspace.command("node")?;
    command::run(build.arg("bench/floor/build.mjs").arg(&pages))?;
    progress::heading("starting");
    let (host_port, stub_port) = (free_port()?, free_port()?);
    let origin = format!("http://127.0.0.1:{host_port}");
    let mut brokers = Vec::new();
    for services in CATALOGUES {
        let catalogue = catalogue(workspace, &folder, services)?;
        let catalogue = catalogue.to_string_lossy();
        let variables = [
            ("RAILHEAD_LOG", "warn"),
            ("RAILHEAD_SERVICES_DIRS", &*catalogue),
            // Nobody goes there: services only have to be offered.
            ("RAILHEAD_SANDBOX__PROVIDER_URL", "http://127.0.0.1:9"),
        ];
        let program = workspace.target("release/railhead");
        let log = folder.join(format!("{services}-services.log"));
        let broker = Broker::start_for(workspace, &program, &variables, &log, &origin)?;
        // The one for trying out is no service that anybody uses, and would stand first.
        broker.leave_out(&["sandbox"])?;
        progress::done(format!(
            "a broker with {services} services at {}",
            broker.origin()
        ));
        brokers.push((services, broker));
    }
    progress::heading(if hold { "holding" } else { "measuring" });
    let plan = json!({
        "pages": pages,
        "hostPort": host_port,
        "stubPort": stub_port,
        "widget": WIDGET,
        "brokers": brokers
            .iter()
            .map(|(services, broker)| json!({ "services": services, "url": broker.origin() }))
            .collect::<Vec<_>>(),
        "rounds": rounds,
        "hold": hold,
    });
    let mut bench = workspace.command(workspace.target("release/railhead-bench-widget"))?;
    bench
        .arg(&folder)
        .env("RAILHEAD_BENCH_PLAN", plan.to_string())
        .env("CHROMIUM", &browser.chromium)
        .env("CHROMEDRIVER", &browser.driver);
    command::run(&mut bench)?;
    progress::done(format!(
        "kept in {} and widget.md",
        folder.join("widget.json").display()
    ));
    Ok(())
}

/// A folder with the files of so many made-up services and with marks for them.
fn catalogue(workspace: &Workspace, folder: &Path, services: usize) -> Result<PathBuf> {
    let catalogue = folder.join(format!("{services}-services"));
    if catalogue.exists() {
        fs::remove_dir_all(&catalogue)?;
    }
    let icons = catalogue.join("icons");
    fs::create_dir_all(&icons).with_context(|| format!("cannot make {}", icons.display()))?;
    let mut marks = Vec::new();
    for entry in fs::read_dir(workspace.path("services/icons"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "svg") {
            marks.push(fs::read(path)?);
        }
    }
    for (number, name) in names().take(services).enumerate() {
        // Each mark has an address of its own, as it would.
        let mark = &marks[number % marks.len()];
        fs::write(icons.join(format!("service_{number}.svg")), mark)?;
        fs::write(
            catalogue.join(format!("service_{number}.toml")),
            file(number, &name),
        )?;
    }
    Ok(catalogue)
}

fn names() -> impl Iterator<Item = String> {
    THIRD.iter().flat_map(|third| {
        SECOND.iter().flat_map(move |second| {
            FIRST
                .iter()
                .map(move |first| format!("{first} {second}{third}"))
        })
    })
}

fn file(number: usize, name: &str) -> String {
    format!(
        r##"service_name = "service_{number}"
display_name = "{name}"
kind = "accounting"
rank = {rank}
icon = "service_{number}.svg"
color = "#1F4BD8"
authorization = "oauth2_code"

[oauth]
authorize_url = "https://service-{number}.example/authorize"
token_url = "https://service-{number}.example/token"
pkce = "s256"
client_auth = "basic"
scopes = ["read"]
refresh = {{ semantics = "reuse", access_seconds = 3600 }}

[facts]
verified = false
sources = ["https://service-{number}.example/docs"]
"##,
        rank = number + 1
    )
}

fn free_port() -> Result<u16> {
    let address = free_address()?;
    let port = address.rsplit(':').next().unwrap_or_default();
    port.parse()
        .with_context(|| format!("no port in {address}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_as_many_names_as_services() {
        let all: BTreeSet<String> = names().collect();
        assert_eq!(Some(all.len()), CATALOGUES.into_iter().max());
    }
}
