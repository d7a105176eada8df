//! Asked to end: others notice first, what is under way is finished, and then nobody is left.

use crate::support::process::{Process, free_port};
use crate::support::remote::Visit;
use crate::support::{create_widget, http};
use railhead_protocol::Environment;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const READY: &str = "GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n";

/// Asks on a connection that is kept until the answer holds `text`.
async fn ask(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(READY.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let mut buffer = [0; 4096];
    while !answer.contains(text) {
        let read = stream.read(&mut buffer).await.unwrap();
        assert_ne!(read, 0, "closed after {answer}");
        answer.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    answer
}

#[tokio::test]
async fn sigterm_turns_traffic_away_first_and_finishes_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    create_widget(
        folder.path(),
        "wid_sandbox",
        Environment::Sandbox,
        "default",
        &[],
    );
    let slow = demo_provider::Config {
        slow_delay: Duration::from_secs(2),
        ..demo_provider::Config::default()
    };
    let provider = demo_provider::Provider::start(slow).await.unwrap();
    let port = free_port();
    let drain = [("RAILHEAD_DRAIN_SECONDS", "3600")];
    let server = Process::serve_with(folder.path(), port, &provider.url, &drain).await;
    let mut kept = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    assert!(ask(&mut kept, "}").await.starts_with("HTTP/1.1 200 OK"));
    let visit = Visit::begin(port).await;
    let (idle, _) = visit.up_to_callback("alice").await;
    let (id, callback) = visit.up_to_callback("sam").await;
    let browser = visit.browser.clone();
    let window = tokio::spawn(async move { browser.try_open(&callback).await });
    while provider.records().token_requests == 0 {
        tokio::task::yield_now().await;
    }

    server.ask_to_end().await;
    let status = async |path: &str| {
        let asked = http().get(visit.base.join(path).unwrap()).send().await;
        asked.map(|answer| answer.status().as_u16())
    };
    while status("/readyz").await.unwrap() == 200 {
        tokio::task::yield_now().await;
    }
    // Whoever has not noticed yet is served as before, but keeps no connection.
    assert_eq!(status("/healthz").await.unwrap(), 200);
    let last = ask(&mut kept, "\"not_ready\"").await;
    assert!(
        last.starts_with("HTTP/1.1 503 ") && last.contains("connection: close"),
        "{last}"
    );
    let mut rest = Vec::new();
    kept.read_to_end(&mut rest).await.unwrap();
    let done = window.await.unwrap().unwrap();
    assert!(done.html.contains("Xero is connected"), "{}", done.html);
    assert_eq!(visit.poll(&id).await["status"], "succeeded");

    // Asked again, it ends at once: a poll that waits is answered as things stand, well before its 25 seconds.
    let polled = async {
        let began = tokio::time::Instant::now();
        (visit.poll(&idle).await, began.elapsed())
    };
    let ended = async {
        loop {
            let metrics = http().get(visit.base.join("/metrics").unwrap()).send();
            let text = metrics.await.unwrap().text().await.unwrap();
            if text.contains("railhead_waiting_polls 1") {
                break server.terminate().await;
            }
        }
    };
    let ((state, took), (code, log)) = tokio::join!(polled, ended);
    assert_eq!(state["status"], "pending", "{state}");
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(code, Some(0), "{log}");
    assert!(status("/healthz").await.is_err());
}
