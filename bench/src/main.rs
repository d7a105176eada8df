//! Measures a running broker against what the same machine does without it: every aim but the memory and the latency of
//! waiting polls is a ratio of two measurements of one run, taken in turns.

mod bare;
mod client;
mod load;
mod polls;
mod report;
mod seals;

use crate::client::Target;
use crate::report::Report;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::path::Path;

/// What is measured: brokers that run already.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan {
    servers: Vec<Target>,
    /// How many polls wait at the first one at the same time.
    polls: usize,
    /// How often each pair of measurements is taken.
    rounds: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bare", answer] => bare::serve(answer).await,
        [out] => {
            let plan = std::env::var("RAILHEAD_BENCH_PLAN").context("no plan")?;
            measure(&plan, Path::new(out)).await
        }
        _ => bail!("this program is run by `cargo xtask bench server`"),
    }
}

async fn measure(plan: &str, out: &Path) -> Result<()> {
    let plan: Plan = serde_json::from_str(plan).context("the plan")?;
    let mut report = Report::default();
    seals::measure(&mut report, plan.rounds)?;
    for server in &plan.servers {
        load::bootstrap(&mut report, server, plan.rounds).await?;
    }
    load::side_by_side(&mut report, &plan.servers, plan.rounds).await?;
    let waited = match plan.servers.first() {
        Some(first) => polls::measure(&mut report, first, plan.polls).await,
        None => Ok(()),
    };
    // What was measured is shown though the last part failed, as it does on a machine that is busy otherwise.
    report.print();
    report.write(out)?;
    waited
}
