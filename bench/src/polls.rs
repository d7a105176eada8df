//! Many polls that wait at one process: what each costs in memory, and how soon it hears of the end of its
//! authorization.

use crate::client::{Connection, Target};
use crate::report::{Aim, Report};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep};

/// How many polls of one session may wait.
const POLLS_PER_SESSION: usize = 8;
/// A service with a window of its own, whose authorization stays open until somebody comes back or gives up.
const SERVICE: &str = "xero";
/// How many connections make what is waited for, and end it.
const WORKERS: usize = 16;
/// How many polls are opened at the same time.
const OPENING: usize = 64;
/// How long a poll waits.
const WAIT: Duration = Duration::from_secs(25);
/// When no more polls are woken: what is left ends by itself.
const ENOUGH: Duration = Duration::from_secs(21);
/// How many are woken at most.
const SAMPLES: usize = 2_000;

/// An authorization that somebody waits for.
#[derive(Debug)]
struct Waited {
    token: Arc<str>,
    id: String,
}

/// A poll on its way: when its answer came.
type Poll = JoinHandle<Result<Instant>>;

/// Opens so many polls, and ends the authorizations of some.
pub(crate) async fn measure(report: &mut Report, server: &Target, polls: usize) -> Result<()> {
    println!("   … beginning {polls} authorizations");
    let waited = begin(server, polls).await?;
    until_idle(server).await?;
    let before = memory(server)?;
    let opened = Instant::now();
    println!("   … opening {polls} polls");
    let waiting = open(server, waited).await?;
    let sending = opened.elapsed();
    until_idle(server).await?;
    let spent = opened.elapsed();
    println!("   they were sent within {sending:.1?}, and waited after {spent:.1?}");
    ensure!(
        spent < ENOUGH,
        "it took {spent:?} to open all polls: the first would be over"
    );
    let held = memory(server)? - before;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let each = held as f64 / waiting.len() as f64 / 1024.0;
    report.add(
        "polls that wait: memory for each",
        "KB",
        &[each],
        Some(Aim::AtMost(12.0)),
    );
    let mut latencies = wake(server, waiting, opened).await?;
    latencies.sort_by(f64::total_cmp);
    let at = |share: usize| latencies[(latencies.len() - 1) * share / 100];
    report.add(
        "  from the end asked for to the poll's answer, p50",
        "ms",
        &[at(50)],
        None,
    );
    let aim = Some(Aim::AtMost(100.0));
    report.add("  the same, p99", "ms", &[at(99)], aim);
    println!("   {} of them were woken", latencies.len());
    Ok(())
}

async fn begin(server: &Target, polls: usize) -> Result<Vec<Waited>> {
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let sessions = (worker..polls.div_ceil(POLLS_PER_SESSION)).step_by(WORKERS);
        let server = server.clone();
        workers.spawn(async move {
            let mut connection = Connection::open(&server.address, 64 * 1024).await?;
            let mut waited = Vec::new();
            for session in sessions {
                let begin = server.begin_session(&format!("Waiting {session}"));
                let token: Arc<str> =
                    text(&connection.json(&begin).await?, "/sessionToken")?.into();
                for _ in 0..POLLS_PER_SESSION {
                    let pick = json!({ "serviceName": SERVICE });
                    let pick = server.post("/v1/connect/authorizations", &token, &pick);
                    let started = connection.json(&pick).await?;
                    let id = text(&started, "/authorization/authorizationId")?;
                    let token = Arc::clone(&token);
                    waited.push(Waited { token, id });
                }
            }
            anyhow::Ok(waited)
        });
    }
    let mut all = Vec::new();
    while let Some(worker) = workers.join_next().await {
        all.extend(worker??);
    }
    all.truncate(polls);
    Ok(all)
}

async fn open(server: &Target, waited: Vec<Waited>) -> Result<Vec<(Waited, Poll)>> {
    let places = Arc::new(Semaphore::new(OPENING));
    let mut waiting = Vec::with_capacity(waited.len());
    let begin = Instant::now();
    for waited in waited {
        let place = Arc::clone(&places).acquire_owned().await?;
        let path = format!(
            "/v1/connect/authorizations/{}?wait={}&after=1",
            waited.id,
            WAIT.as_secs()
        );
        let (request, address) = (server.get(&path, &waited.token), server.address.clone());
        let poll = tokio::spawn(async move {
            let mut connection = Connection::open(&address, 512).await?;
            connection.write(&request).await?;
            drop(place);
            let answer = connection.answer().await?;
            let state: Value = serde_json::from_slice(answer.body)?;
            ensure!(state["status"] == "cancelled", "woken for nothing: {state}");
            Ok(Instant::now())
        });
        waiting.push((waited, poll));
    }
    // All have sent their request once every place is free again.
    drop(places.acquire_many(u32::try_from(OPENING)?).await?);
    if let Some(at) = waiting.iter().position(|(_, poll)| poll.is_finished()) {
        let (_, poll) = waiting.swap_remove(at);
        let (end, spent) = (poll.await?, begin.elapsed());
        bail!("the {at}th poll does not wait, {spent:.1?} after the first began: {end:?}");
    }
    Ok(waiting)
}

/// Ends authorizations, a few at a time; answers how long each poll took to say so, in milliseconds.
async fn wake(server: &Target, waiting: Vec<(Waited, Poll)>, opened: Instant) -> Result<Vec<f64>> {
    let mut connections = Vec::new();
    for _ in 0..WORKERS {
        connections.push(Connection::open(&server.address, 4096).await?);
    }
    let mut latencies = Vec::new();
    let mut waiting = waiting.into_iter();
    while latencies.len() < SAMPLES && opened.elapsed() < ENOUGH {
        let mut batch = JoinSet::new();
        for mut connection in std::mem::take(&mut connections) {
            let Some((waited, poll)) = waiting.next() else {
                break;
            };
            let path = format!("/v1/connect/authorizations/{}/cancel", waited.id);
            let cancel = server.post(&path, &waited.token, &json!({}));
            batch.spawn(async move {
                let asked = Instant::now();
                connection.send(&cancel).await?;
                let heard = poll.await??;
                anyhow::Ok((connection, heard - asked))
            });
        }
        if batch.is_empty() {
            break;
        }
        while let Some(woken) = batch.join_next().await {
            let (connection, latency) = woken??;
            connections.push(connection);
            latencies.push(latency.as_secs_f64() * 1000.0);
        }
    }
    waiting.for_each(|(_, poll)| poll.abort());
    ensure!(!latencies.is_empty(), "no poll was woken in time");
    Ok(latencies)
}

/// Waits until the process has used no processor time for a while: whatever it was sent is done.
async fn until_idle(server: &Target) -> Result<()> {
    let mut last = None;
    for _ in 0..200 {
        let used = processor_time(server)?;
        if last == Some(used) {
            return Ok(());
        }
        last = Some(used);
        sleep(Duration::from_millis(100)).await;
    }
    bail!("the server does not come to rest")
}

/// Ticks of processor time used.
fn processor_time(server: &Target) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.process))?;
    // The second field is the program's name in parentheses and may hold spaces.
    let fields = stat.rsplit_once(") ").context("no fields")?.1;
    let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u64>);
    Ok(ticks.sum::<Result<u64, _>>()?)
}

/// Resident memory, in bytes.
fn memory(server: &Target) -> Result<i64> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.process))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes.context("no VmRSS")?.parse::<i64>()? * 1024)
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    Ok(found
        .with_context(|| format!("no {pointer} in {value}"))?
        .to_owned())
}
