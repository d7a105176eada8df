//! How many requests a second: of the broker, of the bare handler, of one database and the other.

use crate::bare::Bare;
use crate::client::{Connection, Target};
use crate::report::{Aim, Report};
use anyhow::{Context as _, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How many connections ask at the same time.
const CONNECTIONS: usize = 16;
/// How long each measurement takes.
const SPAN: Duration = Duration::from_secs(2);
/// How many customers the sessions are for: each comes back again and again.
const BUSINESSES: usize = 200;

/// Session bootstrap of the broker against a handler that answers the same bytes.
pub(crate) async fn bootstrap(report: &mut Report, server: &Target, rounds: usize) -> Result<()> {
    let requests = sessions(server);
    let bare = Bare::like(&server.address, &requests[0]).await?;
    // Makes the businesses, and warms both up.
    rate(&server.address, &requests).await?;
    rate(&bare.address, &requests).await?;
    let (mut own, mut reference, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let first = rate(&server.address, &requests).await?;
        let second = rate(&bare.address, &requests).await?;
        own.push(first);
        reference.push(second);
        ratios.push(first / second);
    }
    let name = &server.name;
    let aim = (name == "SQLite").then_some(Aim::AtLeast(0.5));
    report.add(&format!("session bootstrap, {name}"), "/s", &own, None);
    report.add(
        "  a bare handler that answers the same bytes",
        "/s",
        &reference,
        None,
    );
    report.add("  ratio", "", &ratios, aim);
    Ok(())
}

/// The same work on each database, in turns.
pub(crate) async fn side_by_side(
    report: &mut Report,
    servers: &[Target],
    rounds: usize,
) -> Result<()> {
    for (what, with) in [
        ("session bootstrap", sessions as fn(&Target) -> Requests),
        ("credentials read", credentials),
    ] {
        let mut rates = vec![Vec::new(); servers.len()];
        for _ in 0..rounds {
            for (server, rates) in servers.iter().zip(&mut rates) {
                rates.push(rate(&server.address, &with(server)).await?);
            }
        }
        for (server, rates) in servers.iter().zip(&rates) {
            let name = format!("side by side: {what}, {}", server.name);
            report.add(&name, "/s", rates, None);
        }
    }
    Ok(())
}

type Requests = Arc<Vec<Vec<u8>>>;

fn sessions(server: &Target) -> Requests {
    let names = (0..BUSINESSES).map(|number| format!("Business {number}"));
    Arc::new(names.map(|name| server.begin_session(&name)).collect())
}

fn credentials(server: &Target) -> Requests {
    Arc::new(vec![server.read_credentials()])
}

/// Requests a second, sent one after the other on each of some connections.
async fn rate(address: &str, requests: &Requests) -> Result<f64> {
    let mut workers = JoinSet::new();
    let begin = Instant::now();
    for worker in 0..CONNECTIONS {
        let (address, requests) = (address.to_owned(), Arc::clone(requests));
        workers.spawn(async move {
            let mut connection = Connection::open(&address, 64 * 1024).await?;
            let mut answered = 0_u32;
            // Each begins elsewhere: no two ask for the same business at once.
            let first = worker * requests.len() / CONNECTIONS;
            for request in requests.iter().cycle().skip(first) {
                if begin.elapsed() >= SPAN {
                    break;
                }
                connection.send(request).await?;
                answered += 1;
            }
            anyhow::Ok(answered)
        });
    }
    let mut answered = 0;
    while let Some(worker) = workers.join_next().await {
        answered += worker?.context("under load")?;
    }
    Ok(f64::from(answered) / begin.elapsed().as_secs_f64())
}
