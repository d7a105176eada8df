//! Starting and stopping, as a library and as a program.

use crate::browser::{Browser, start};
use demo_provider::{Config, Provider, StartError};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::net::TcpStream;

#[tokio::test]
async fn finishes_the_request_under_way_when_it_is_dropped() {
    let slow_delay = Duration::from_millis(400);
    let provider = Provider::start(Config {
        slow_delay,
        ..Config::default()
    })
    .await
    .unwrap();
    let mut browser = Browser::at(&provider);
    let code = browser.code("xero", "sam").await;
    let exchange = tokio::spawn(async move { browser.redeem("xero", &code).await.status });
    while provider.records().token_requests == 0 {
        tokio::task::yield_now().await;
    }
    let address = provider.url.trim_start_matches("http://").to_owned();
    drop(provider);
    assert_eq!(exchange.await.unwrap(), 200);
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn says_why_it_does_not_start() {
    let folder = Config {
        services: vec!["/nowhere/at/all".into()],
        ..Config::default()
    };
    assert!(matches!(
        Provider::start(folder).await,
        Err(StartError::NoServicesFolder(_))
    ));
    let url = Config {
        public_url: Some("localhost".into()),
        ..Config::default()
    };
    assert!(matches!(
        Provider::start(url).await,
        Err(StartError::PublicUrl(_))
    ));
    let running = start().await;
    let port = running.url.rsplit(':').next().unwrap();
    let taken = Config {
        listen: format!("127.0.0.1:{port}").parse().unwrap(),
        ..Config::default()
    };
    assert!(matches!(
        Provider::start(taken).await,
        Err(StartError::Listen { .. })
    ));
}

#[test]
fn prints_its_address_and_exits_cleanly_when_it_is_told_to() {
    for signal in ["TERM", "INT"] {
        let mut program = Program::start();
        let mut line = String::new();
        let mut output = BufReader::new(program.0.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let port = line
            .trim()
            .strip_prefix("Demo provider at http://localhost:")
            .unwrap()
            .to_owned();
        assert!(std::net::TcpStream::connect(format!("127.0.0.1:{port}")).is_ok());
        let process = program.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", signal, &process])
                .status()
                .unwrap()
                .success()
        );
        assert!(program.0.wait().unwrap().success(), "after SIG{signal}");
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

/// The program, ended with the test.
struct Program(Child);

impl Program {
    #[expect(clippy::unwrap_used, reason = "a test that meets the unexpected stops")]
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demo-provider"));
        Self(
            command
                .args(["--listen", "127.0.0.1:0"])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap(),
        )
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}
