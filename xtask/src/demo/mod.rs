//! `cargo xtask demo`: the whole product on localhost, with a site that embeds it.
//!
//! Builds, writes settings and seeds on the first start (`settings`, `seed`), then runs the server, the demo
//! provider and the lender's site (`processes`) until Ctrl-C.

mod place;
mod processes;
mod seed;
mod settings;

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use self::place::Place;
use self::processes::{Processes, Program};
use self::seed::{Seed, Seeds};
use crate::browser_build;
use crate::progress::{self, Ink, Stopwatch, ink};
use crate::signal;
use crate::workspace::Workspace;

/// How to start.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Opens the demo site in the browser.
    #[arg(long)]
    open: bool,
    /// Starts over: forgets the demo's database, keys and settings.
    #[arg(long)]
    fresh: bool,
    /// The server's port; the demo provider and the two demo sites take those that follow.
    #[arg(long, value_name = "PORT", default_value_t = place::DEFAULT_PORT)]
    port_base: u16,
}

/// Prepares, starts, and waits for Ctrl-C.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let place = Place::new(workspace, options.port_base)?;
    place.expect_free_ports()?;
    progress::heading("preparing");
    let watch = Stopwatch::start();
    browser_build::ensure(workspace)?;
    browser_build::host_binaries(workspace)?;
    if options.fresh && place.data().exists() {
        fs::remove_dir_all(place.data())
            .with_context(|| format!("cannot remove {}", place.data().display()))?;
    }
    settings::write(workspace, &place)?;
    let seeds = seed::ensure(workspace, &place)?;
    progress::done(format!("ready to start ({})", watch.reading()));
    progress::heading("starting");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(workspace, &place, &seeds, options.open))
}

async fn serve(workspace: &Workspace, place: &Place, seeds: &Seeds, open: bool) -> Result<()> {
    let mut processes = Processes::default();
    let outcome = tokio::select! {
        outcome = start_and_watch(workspace, place, seeds, open, &mut processes) => outcome,
        signal = signal::asked_to_stop() => signal,
    };
    println!("\nstopping …");
    processes.stop().await;
    outcome
}

async fn start_and_watch(
    workspace: &Workspace,
    place: &Place,
    seeds: &Seeds,
    open: bool,
    processes: &mut Processes,
) -> Result<()> {
    let watch = Stopwatch::start();
    for program in programs(workspace, place, seeds)? {
        processes.start(program)?;
    }
    processes.until_ready().await?;
    progress::done(format!("all answer ({})", watch.reading()));
    print_addresses(workspace, place, seeds);
    if open {
        open_browser(&place.sandbox_site());
    }
    processes.until_one_ends().await
}

fn programs(workspace: &Workspace, place: &Place, seeds: &Seeds) -> Result<[Program; 5]> {
    let mut server = workspace.command(workspace.binary("railhead"))?;
    server
        .args(["serve", "--config"])
        .arg(place.settings_file());
    let mut provider = workspace.command(workspace.binary("demo-provider"))?;
    provider.args(["--listen", &format!("127.0.0.1:{}", place.provider_port())]);
    provider
        .args(["--services", "services", "--services"])
        .arg(place.services());
    Ok([
        Program {
            name: "server",
            command: server,
            health: format!("{}/healthz", place.server()),
        },
        Program {
            name: "provider",
            command: provider,
            health: format!("{}/-/records", place.provider()),
        },
        Program {
            name: "lender",
            command: site(workspace, place, place.sandbox_site_port(), &seeds.sandbox)?,
            health: place.sandbox_site(),
        },
        Program {
            name: "lender 2",
            command: site(
                workspace,
                place,
                place.production_site_port(),
                &seeds.production,
            )?,
            health: place.production_site(),
        },
        Program {
            name: "themes",
            command: themes(workspace, place, &seeds.sandbox)?,
            health: place.themes(),
        },
    ])
}

fn site(workspace: &Workspace, place: &Place, port: u16, seed: &Seed) -> Result<Command> {
    let mut site = workspace.command("node")?;
    site.arg("examples/lender/server.mjs")
        .env("PORT", port.to_string())
        .env("RAILHEAD_URL", place.server())
        .env("RAILHEAD_WIDGET_ID", &seed.widget_id)
        .env("RAILHEAD_SIGNING_SECRET", &seed.signing_secret)
        .env("RAILHEAD_API_KEY", &seed.api_key);
    Ok(site)
}

fn themes(workspace: &Workspace, place: &Place, seed: &Seed) -> Result<Command> {
    let mut themes = workspace.command("node")?;
    themes
        .arg("examples/theme-gallery/server.mjs")
        .env("PORT", place.themes_port().to_string())
        .env("RAILHEAD_URL", place.server())
        .env("RAILHEAD_API_KEY", &seed.api_key);
    Ok(themes)
}

fn print_addresses(workspace: &Workspace, place: &Place, seeds: &Seeds) {
    let bold = |text: &str| ink(Ink::Bold, text);
    println!(
        "
{title}

  Open           {site}   a lender's page that embeds the widget
  Production     {production}   the same page with a production-like widget
  Themes         {themes}   the widget in eight brands, made of tokens
  Server         {server}
  Demo provider  {provider}   plays the login and consent pages of every service

  Choose a service, continue, and sign in there as one of these, with any password:
    alice    gives access              olga   has three companies to choose from
    denise   has no right to do so     nora   has no company at all
    sam      the service is slow       erin   the service answers with an error
    gary     … with garbage            carl   its pages cut the tie to the widget's window

  Then read what was connected, as the lender's server would:
    curl --header 'Authorization: Bearer {key}' {server}/v1/connections

  Settings, database and keys are in {data}
  (to start over: cargo xtask demo --fresh)

{stop}
",
        title = bold("Railhead Connect is running."),
        site = bold(&place.sandbox_site()),
        server = place.server(),
        provider = place.provider(),
        key = seeds.sandbox.api_key,
        production = place.production_site(),
        themes = place.themes(),
        data = place.shown_data(workspace),
        stop = bold("Ctrl-C stops everything."),
    );
}

/// Opens an address in the browser of whoever is here.
pub(crate) fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    if Command::new(opener).arg(address).status().is_err() {
        println!("   no browser could be opened here: go to {address} yourself");
    }
}
