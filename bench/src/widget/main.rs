//! Measures the widget in a real browser beside pages of equal function: how soon services are seen and can be chosen, what that
//! costs, and how fast the search is. All pages are visited in turns, so that what else the machine does falls on all of them.

mod contestant;
mod pages;
mod plan;
mod results;
mod visit;

use crate::contestant::Contestant;
use crate::plan::Plan;
use crate::results::{Figure, Results};
use crate::visit::{Load, Pace, Visitor};
use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// A measure of a load: its name, its unit, and where it is found.
type LoadFigure = (&'static str, &'static str, fn(&Load) -> f64);

/// The measures of a load.
const FIGURES: [LoadFigure; 7] = [
    ("shell painted", "ms", |load| load.shell),
    ("first service visible", "ms", |load| load.visible),
    ("first service clickable", "ms", |load| load.clickable),
    ("blocked until then", "ms", |load| load.blocked),
    ("heap", "MiB", |load| load.heap),
    ("received until visible", "kB", |load| load.bytes / 1_000.0),
    ("requests until visible", "", |load| load.requests),
];

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out] = arguments.as_slice() else {
        bail!("this program is run by `cargo xtask bench widget`");
    };
    let plan = std::env::var("RAILHEAD_BENCH_PLAN").context("no plan")?;
    let plan: Plan = serde_json::from_str(&plan).context("the plan")?;
    pages::serve(&plan).await?;
    if plan.hold {
        return hold(&plan).await;
    }
    let out = Path::new(out);
    let mut visitor = Visitor::start(out).await?;
    let results = measure(&plan, &mut visitor).await;
    visitor.end().await?;
    results?.write(out)
}

/// Says where the pages are, and waits to be ended.
async fn hold(plan: &Plan) -> Result<()> {
    for broker in &plan.brokers {
        for contestant in Contestant::ALL {
            let address = address(plan, broker.services, contestant);
            println!("   {:<14} {address}", contestant.name());
        }
    }
    println!("   Ctrl-C ends it.");
    tokio::signal::ctrl_c().await.context("Ctrl-C")
}

async fn measure(plan: &Plan, visitor: &mut Visitor) -> Result<Results> {
    let mut results = Results::default();
    let usual = plan.brokers.first().context("no broker")?.services;
    for round in 0..plan.rounds {
        println!("   round {} of {}", round + 1, plan.rounds);
        for pace in [Pace::Plain, Pace::Slow] {
            for contestant in in_turn(round) {
                let load = visitor
                    .load(&address(plan, usual, contestant), contestant, pace)
                    .await?;
                for (name, unit, value) in FIGURES {
                    let figure = Figure::of_load(name, unit, pace, usual);
                    results.add(figure, contestant, value(&load));
                }
            }
        }
        for broker in &plan.brokers {
            for contestant in in_turn(round) {
                let address = address(plan, broker.services, contestant);
                let times = visitor.keystrokes(&address, contestant).await?;
                for time in times {
                    results.add(Figure::of_search(broker.services), contestant, time);
                }
            }
        }
    }
    Ok(results)
}

/// Everybody, somebody else first each time.
fn in_turn(round: usize) -> impl Iterator<Item = Contestant> {
    let all = Contestant::ALL;
    (0..all.len()).map(move |place| all[(place + round) % all.len()])
}

fn address(plan: &Plan, services: usize, contestant: Contestant) -> String {
    let page = contestant.page();
    format!("http://127.0.0.1:{}/{services}/{page}", plan.host_port)
}
