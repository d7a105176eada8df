//! The server with a certificate of its own, over real https.

use crate::support::browser::Browser;
use crate::support::process::{railhead, railhead_fails};
use crate::support::visit::Visit;
use crate::support::{Setup, World};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use reqwest::{Client, Method};
use serde_json::json;
use std::path::{Path, PathBuf};
use url::Url;

/// The files of a certificate.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    fn of(folder: &Path) -> Self {
        Self {
            certificate: folder.join("certificate.pem"),
            key: folder.join("key.pem"),
        }
    }

    /// Writes a new certificate for `host` and its key; answers the certificate.
    fn write(&self, host: &str) -> String {
        self.write_until(host, 4096)
    }

    fn write_until(&self, host: &str, year: i32) -> String {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        std::fs::write(&self.key, key.serialize_pem()).unwrap();
        std::fs::write(&self.certificate, &certificate).unwrap();
        certificate
    }
}

/// A client that trusts `certificate` and no other.
#[expect(
    clippy::disallowed_methods,
    reason = "plays the browser, not the server"
)]
fn trusting(certificate: &str) -> Client {
    let certificate = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .tls_certs_only([certificate])
        .build()
        .unwrap()
}

async fn world(files: &Files) -> World {
    let tls = railhead_server::config::tls::Tls {
        certificate: Some(files.certificate.clone()),
        key: Some(files.key.clone()),
    };
    World::with(Setup {
        configure: Box::new(|config| config.tls = tls),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn an_end_user_connects_over_https_with_a_cookie_of_this_host_alone() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::of(folder.path());
    let certificate = files.write("localhost");
    let world = world(&files).await;
    let base = &world.server.public_url;
    assert_eq!(base.scheme(), "https");
    let browser = Browser::with(trusting(&certificate));
    let visit = Visit::at(&world, base, browser.clone(), "wid_sandbox", None).await;
    let started = visit.start(json!({ "serviceName": "xero" })).await;
    let id = &started.authorization.authorization_id;
    let shown = json!({ "authorizationId": id, "nonce": started.nonce }).to_string();
    let own = base.origin().ascii_serialization();
    let build = |request: reqwest::RequestBuilder| request.header("origin", own).body(shown);
    let start = base.join("/v1/connect/start").unwrap();
    let sent = browser.send(&start, build, Method::POST).await;
    let cookie = sent.headers()["set-cookie"].to_str().unwrap().to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(
        pair.starts_with(&format!("__Host-railhead-{id}=")),
        "{pair}"
    );
    let mut attributes: Vec<_> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(
        attributes,
        [
            "HttpOnly",
            "Max-Age=3600",
            "Path=/",
            "SameSite=Lax",
            "Secure"
        ]
    );

    let sent: serde_json::Value = sent.json().await.unwrap();
    let authorize = Url::parse(sent["location"].as_str().unwrap()).unwrap();
    let callback = browser.consent(&authorize, "alice", "allow").await;
    assert_eq!(callback.origin(), base.origin());
    let stranger = Browser::with(trusting(&certificate));
    assert_eq!(stranger.open(&callback).await.status, 403);
    // The same value under the name that it has without TLS, which any page of the host could set.
    let plain = pair.trim_start_matches("__Host-").to_owned();
    let build = |request: reqwest::RequestBuilder| request.header("cookie", plain);
    let forged = stranger.send(&callback, build, Method::GET).await;
    assert_eq!(forged.status(), 403);
    assert_eq!(world.provider.records().token_requests, 0);
    let done = browser.open(&callback).await;
    assert!(done.html.contains("Xero is connected"), "{}", done.html);
    assert!(visit.state(&started).await.connection.is_some());
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::of(folder.path());
    let first = files.write("localhost");
    let world = world(&files).await;
    let reach = async |certificate: &str| {
        let asked = trusting(certificate).get(world.url("/healthz")).send();
        asked.await.map(|response| response.status().as_u16())
    };
    assert_eq!(reach(&first).await.unwrap(), 200);
    // `localhost` has other servers, some without TLS.
    let asked = trusting(&first).get(world.url("/healthz")).send();
    let headers = asked.await.unwrap().headers().clone();
    assert!(!headers.contains_key("strict-transport-security"));
    let second = files.write("localhost");
    let taken_up = async {
        while reach(&second).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    let patience = std::time::Duration::from_secs(30);
    tokio::time::timeout(patience, taken_up).await.unwrap();
    assert!(reach(&first).await.is_err());
}

#[test]
fn a_certificate_that_cannot_be_used_is_told_with_its_file_by_check_and_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::of(folder.path());
    let settings = folder.path().join("railhead.toml");
    let text = format!(
        "listen = '127.0.0.1:0'\npublic_url = 'https://connect.example.com'\n[tls]\ncertificate = '{}'\nkey = '{}'",
        files.certificate.display(),
        files.key.display()
    );
    std::fs::write(&settings, text).unwrap();
    let settings = settings.to_str().unwrap();
    let refused = |said: &str| {
        for command in ["check", "serve"] {
            let told = railhead_fails(folder.path(), &["--config", settings, command]);
            assert!(told.contains(said), "{command}: {said} in {told}");
            assert!(!told.contains("PRIVATE KEY"), "{told}");
        }
    };
    refused("certificate.pem cannot be read");
    files.write("connect.example.com");
    let good = std::fs::read_to_string(&files.key).unwrap();
    let checked = railhead(folder.path(), &["--config", settings, "check"]);
    assert!(checked.contains("expires on 4096-01-01"), "{checked}");
    std::fs::write(&files.key, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    refused("does not belong to the certificate");
    std::fs::write(&files.key, "not a key").unwrap();
    refused("holds no private key in PEM form");
    std::fs::write(&files.key, good).unwrap();
    std::fs::write(&files.certificate, "not a certificate").unwrap();
    refused("holds no certificate in PEM form");

    let check = || railhead_fails(folder.path(), &["--config", settings, "check"]);
    files.write("other.example.com");
    assert!(check().contains("not one for connect.example.com"));
    files.write_until("connect.example.com", 2020);
    assert!(check().contains("has expired"));
}
