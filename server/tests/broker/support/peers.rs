//! OAuth 2.0 servers that others wrote, run by Node: one whose answers can be spoiled, and one that is strict.

use super::browser::{Browser, Landing};
use super::process::free_port;
use super::visit::Visit;
use super::{Setup, World, create_key, create_widget, http};
use railhead_protocol::{Environment, StartedAuthorization};
use railhead_server::config::Client;
use reqwest::Method;
use reqwest::header::LOCATION;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use url::Url;

/// The service that leads to the peer.
pub(crate) const SERVICE: &str = "peer_books";
const WIDGET: &str = "wid_production";
const CLIENT_ID: &str = "railhead-at-peer";
pub(crate) const CLIENT_SECRET: &str = "s3cret+with/odd:characters=";

/// What the peer does to the answer of a token request that it has granted; named as in its `server.mjs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    TextLifetime,
    ArrayScope,
    NoAccessToken,
    NoRefreshToken,
    DeniedInSuccess,
    FailedInSuccess,
    Denied,
    UnknownClient,
    Broken,
    Busy,
    Away,
    Page,
    HalfJson,
    Redirect,
    Huge,
    HugeStream,
    Drip,
    Dropped,
    DroppedMidway,
}

/// npm `oauth2-mock-server`, and a broker with a production widget that offers it.
pub(crate) struct MockPeer {
    pub(crate) world: World,
    pub(crate) key: String,
    peer: Peer,
}

/// npm `oidc-provider`, certified: PKCE required, refresh tokens work once, and a second use ends the grant.
pub(crate) struct StrictPeer {
    pub(crate) world: World,
    pub(crate) key: String,
    peer: Peer,
}

/// A Node program; it ends with this.
struct Peer {
    url: Url,
    _program: Child,
    _services: TempDir,
}

impl MockPeer {
    pub(crate) async fn start() -> Self {
        let paths = ["authorize", "token"];
        let (peer, world) = start("tests/peers/oauth2-mock-server", paths).await;
        let key = create_key(world.folder.path(), Environment::Production, "default");
        Self { world, key, peer }
    }

    /// How token requests are answered from now on.
    pub(crate) async fn fault(&self, fault: Fault) {
        let name = snake_case(&format!("{fault:?}"));
        let url = self.peer.url.join("/-/fault").unwrap();
        let done = http().put(url).body(name).send().await.unwrap();
        assert_eq!(done.status(), 204);
    }

    /// Loads the widget for the business `name`.
    pub(crate) async fn visit(&self, name: &str) -> Visit<'_> {
        Visit::begin(&self.world, WIDGET, Some(name)).await
    }

    /// Authorizes; the peer asks nothing. Answers the last page too.
    pub(crate) async fn authorize(&self, visit: &Visit<'_>) -> (StartedAuthorization, Landing) {
        let started = visit.start(json!({ "serviceName": SERVICE })).await;
        let authorize = visit.hand_over(&started).await;
        let landing = visit.browser.open(&authorize).await;
        (started, landing)
    }

    /// What the peer was asked: the paths, and the forms of token requests.
    pub(crate) async fn requests(&self) -> Vec<Value> {
        let url = self.peer.url.join("/-/requests").unwrap();
        http().get(url).send().await.unwrap().json().await.unwrap()
    }
}

impl StrictPeer {
    pub(crate) async fn start() -> Self {
        let (peer, world) = start("tests/e2e/peers/oidc-provider", ["auth", "token"]).await;
        let key = create_key(world.folder.path(), Environment::Production, "default");
        Self { world, key, peer }
    }

    /// Connects the business `name`, by way of the peer's own login and consent pages; answers the connection's id.
    pub(crate) async fn connected(&self, name: &str) -> String {
        let visit = Visit::begin(&self.world, WIDGET, Some(name)).await;
        let started = visit.start(json!({ "serviceName": SERVICE })).await;
        let authorize = visit.hand_over(&started).await;
        let login = visit.browser.open(&authorize).await;
        let fields = [("prompt", "login"), ("login", "alice"), ("password", "any")];
        let consent = submit(&visit.browser, &login, &fields).await;
        submit(&visit.browser, &consent, &[("prompt", "consent")]).await;
        let state = visit.state(&started).await;
        let connection = state.connection;
        let connection = connection.unwrap_or_else(|| panic!("{:?}", state.failure));
        connection.connection_id
    }

    /// The grants it answered (`issued`) and the requests it refused (`refused`).
    pub(crate) async fn issued(&self) -> Value {
        let url = self.peer.url.join("/-/issued").unwrap();
        http().get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Is `access_token` good at its userinfo endpoint?
    pub(crate) async fn accepts(&self, access_token: &str) -> bool {
        let url = self.peer.url.join("/me").unwrap();
        let request = http().get(url).bearer_auth(access_token);
        request.send().await.unwrap().status() == 200
    }

    /// Uses a refresh token as somebody would who has stolen it.
    pub(crate) async fn replay(&self, refresh_token: &str) -> u16 {
        let url = self.peer.url.join("/token").unwrap();
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        let secret: String =
            url::form_urlencoded::byte_serialize(CLIENT_SECRET.as_bytes()).collect();
        let request = http()
            .post(url)
            .basic_auth(CLIENT_ID, Some(secret))
            .form(&form);
        request.send().await.unwrap().status().as_u16()
    }
}

/// Starts the program in `folder`, and a broker that has a client there.
async fn start(folder: &str, [authorize, token]: [&str; 2]) -> (Peer, World) {
    let (peer_port, port) = (free_port(), free_port());
    let url: Url = format!("http://localhost:{peer_port}").parse().unwrap();
    let redirect = format!("http://localhost:{port}/v1/callback/default/{SERVICE}");
    let program = program(folder, peer_port, &redirect).await;
    let services = tempfile::tempdir().unwrap();
    let service = services.path().join(format!("{SERVICE}.toml"));
    fs::write(service, service_file(&url, authorize, token)).unwrap();
    let folder = services.path().to_owned();
    let configure = move |config: &mut railhead_server::config::Config| {
        config.listen = ([127, 0, 0, 1], port).into();
        config.services_dirs.push(folder);
        let client = Client {
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.into(),
            redirect_name: None,
        };
        config.clients.insert(SERVICE.to_owned(), client);
    };
    let setup = Setup {
        configure: Box::new(configure),
        ..Setup::default()
    };
    let world = World::with(setup).await;
    let production = Environment::Production;
    create_widget(world.folder.path(), WIDGET, production, "default", &[]);
    let peer = Peer {
        url,
        _program: program,
        _services: services,
    };
    (peer, world)
}

async fn program(folder: &str, port: u16, redirect: &str) -> Child {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder);
    assert!(
        home.join("node_modules").is_dir(),
        "the npm packages of {folder} are missing: `cargo xtask test --only host` installs them"
    );
    let mut child = Command::new("node")
        .arg("server.mjs")
        .current_dir(home)
        .env("PORT", port.to_string())
        .env("CLIENT_ID", CLIENT_ID)
        .env("CLIENT_SECRET", CLIENT_SECRET)
        .env("REDIRECT_URI", redirect)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap();
        let line = line.unwrap_or_else(|| panic!("{folder} did not start"));
        if line.starts_with("listening on") {
            break;
        }
    }
    // What it prints later is nobody's, but must find a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    child
}

fn service_file(peer: &Url, authorize: &str, token: &str) -> String {
    format!(
        r##"
        service_name = "{SERVICE}"
        display_name = "Peer Books"
        kind = "accounting"
        color = "#204080"
        authorization = "oauth2_code"
        [oauth]
        authorize_url = "{peer}{authorize}"
        token_url = "{peer}{token}"
        pkce = "s256"
        client_auth = "basic"
        scopes = ["openid", "books", "offline_access"]
        authorize_params = {{ prompt = "consent" }}
        refresh = {{ semantics = "rotate_strict", access_seconds = 600 }}
        [facts]
        verified = true
        "##
    )
}

/// Sends a form of the strict peer's pages, which go to their own address, and follows where it leads.
async fn submit(browser: &Browser, page: &Landing, fields: &[(&str, &str)]) -> Landing {
    assert_eq!(page.status, 200, "{}", page.html);
    let build = |request: reqwest::RequestBuilder| request.form(fields);
    let answer = browser.send(&page.url, build, Method::POST).await;
    let location = answer.headers().get(LOCATION).unwrap();
    let next = page.url.join(location.to_str().unwrap()).unwrap();
    browser.open(&next).await
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
