//! What an operator sees: the commands, and which services a widget offers.

use crate::support::process::{railhead, railhead_fails};
use crate::support::visit::Visit;
use crate::support::{Setup, World, create_widget};
use railhead_protocol::Environment;
use railhead_server::config::{Client, Config};

fn with_xero(config: &mut Config) {
    let client = Client {
        client_id: "id".to_owned(),
        client_secret: "s3cret".into(),
        redirect_name: None,
    };
    config.clients.insert("xero".to_owned(), client);
}

#[tokio::test]
async fn a_production_widget_offers_only_services_with_a_client() {
    let world = World::with(Setup {
        configure: Box::new(with_xero),
        ..Setup::default()
    })
    .await;
    let folder = world.folder.path();
    create_widget(
        folder,
        "wid_production",
        Environment::Production,
        "default",
        &[],
    );
    let visit = Visit::begin(&world, "wid_production", Some("Harbor Coffee")).await;
    let names: Vec<_> = visit
        .session
        .services
        .iter()
        .map(|service| service.service_name.as_str())
        .collect();
    assert_eq!(names, ["xero"]);
    for (service, code) in [
        ("wave", "service_not_offered"),
        ("sandbox", "service_not_offered"),
    ] {
        let body = serde_json::json!({ "serviceName": service });
        let path = "/v1/connect/authorizations";
        let (status, problem) = visit.call(reqwest::Method::POST, path, Some(body)).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some(code)));
    }
    let started = visit
        .start(serde_json::json!({ "serviceName": "xero" }))
        .await;
    let authorize = visit.hand_over(&started).await;
    assert_eq!(authorize.host_str(), Some("login.xero.com"));
    let redirect = authorize
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .unwrap()
        .1
        .into_owned();
    assert_eq!(redirect, world.url("/v1/callback/default/xero"));
}

#[test]
fn check_says_what_is_offered_and_why_the_rest_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let report = railhead(folder.path(), &["check"]);
    for line in [
        "  does not offer xero: no client is configured: set `clients.<service>.client_id` and `client_secret`",
        "  does not offer sandbox: it exists in the sandbox environment only",
        "  does not offer xero: no `sandbox.provider_url` is configured",
        "  offers         sandbox",
        "railhead.sqlite is not there yet",
        "Nothing is broken.",
    ] {
        assert!(report.contains(line), "{line} in {report}");
    }
    assert!(
        !folder.path().join("data").exists(),
        "a check makes nothing"
    );

    create_widget(folder.path(), "wid_1", Environment::Sandbox, "default", &[]);
    assert!(railhead(folder.path(), &["check"]).contains("fit the database"));
    // Another key file: nothing sealed would open.
    let key = folder.path().join("data/vault.key");
    let other = tempfile::tempdir().unwrap();
    create_widget(other.path(), "wid_1", Environment::Sandbox, "default", &[]);
    std::fs::copy(other.path().join("data/vault.key"), &key).unwrap();
    let report = railhead_fails(folder.path(), &["check"]);
    assert!(report.contains("broken:"), "{report}");
    // A lost key file is never replaced by a new key.
    std::fs::remove_file(&key).unwrap();
    let refused = railhead_fails(
        folder.path(),
        &["key", "create", "--environment", "sandbox"],
    );
    assert!(refused.contains("vault.key is not there"), "{refused}");
    assert!(!key.exists());
}

#[test]
fn check_changes_nothing_in_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let listed = || {
        let mut files: Vec<_> = std::fs::read_dir(&data)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|file| (file.clone(), std::fs::read(file).unwrap()))
            .collect();
        files.sort();
        files
    };
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("railhead.sqlite"), "").unwrap();
    assert!(railhead(folder.path(), &["check"]).contains("is empty"));
    assert_eq!(listed().len(), 1);
    assert!(listed()[0].1.is_empty());
    create_widget(folder.path(), "wid_1", Environment::Sandbox, "default", &[]);
    let before = listed();
    assert!(railhead(folder.path(), &["check"]).contains("fit the database"));
    assert!(before == listed());
}

#[test]
fn check_warns_of_a_sandbox_that_a_public_server_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("railhead.toml");
    let settings = "public_url = 'https://a.example'\nsandbox.provider_url = 'http://localhost:1'";
    std::fs::write(&file, settings).unwrap();
    let arguments = ["--config", file.to_str().unwrap(), "check"];
    assert!(railhead(folder.path(), &arguments).contains("warning:"));
}

#[test]
fn check_tells_how_the_server_is_operated_and_what_is_risky() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("railhead.toml");
    let check = |settings: &str, said: &[&str]| {
        std::fs::write(&file, settings).unwrap();
        let report = railhead(
            folder.path(),
            &["--config", file.to_str().unwrap(), "check"],
        );
        for line in said {
            assert!(report.contains(line), "{line} in {report}");
        }
    };
    check(
        "",
        &["tls                   off", "telemetry             off"],
    );
    let careless = "public_url = 'http://a.example'\ntrusted_proxies = ['0.0.0.0/0']\nmetrics.listen = '[::]:9464'";
    check(
        careless,
        &[
            "warning: `public_url` is http",
            "warning: `trusted_proxies` trusts everybody",
            "http://[::]:9464/metrics",
            "note: `metrics.listen` is open to every network",
        ],
    );
    let careful = "public_url = 'https://a.example'\ntrusted_proxies = ['10.0.0.0/8']\nproxy_header = 'forwarded'\n\
                   metrics.token = 'hush-hush-hush-hush'\n\
                   telemetry = { otlp_endpoint = 'http://b.example:4318', authorization = 'hush-hush', sample = 0.1 }";
    check(
        careful,
        &[
            "10.0.0.0/8, in the header forwarded",
            "/metrics with the token",
            "10% of the traces go to http://b.example:4318/v1/traces",
        ],
    );
    let report = railhead(
        folder.path(),
        &["--config", file.to_str().unwrap(), "check"],
    );
    assert!(
        !report.contains("hush") && !report.contains("warning:"),
        "{report}"
    );
    let same = "listen = '127.0.0.1:4400'\nmetrics.listen = '127.0.0.1:4400'";
    std::fs::write(&file, same).unwrap();
    let refused = railhead_fails(
        folder.path(),
        &["--config", file.to_str().unwrap(), "check"],
    );
    assert!(refused.contains("are the same address"), "{refused}");
}

#[test]
fn creating_a_widget_again_changes_it_and_keeps_its_secret() {
    let folder = tempfile::tempdir().unwrap();
    let create = |more: &[&str]| {
        create_widget(
            folder.path(),
            "wid_1",
            Environment::Sandbox,
            "default",
            more,
        )
    };
    let created = create(&[]);
    assert_eq!(created["created"], true);
    assert!(created["signingSecret"].as_str().unwrap().len() > 40);
    let updated = create(&["--origin", "https://App.Example.com/"]);
    assert_eq!(updated["created"], false);
    assert_eq!(updated.get("signingSecret"), None);
    assert_eq!(updated["origins"][1], "https://app.example.com");
    let listed = railhead(folder.path(), &["widget", "list"]);
    assert_eq!(listed.lines().count(), 1);
    assert!(listed.contains("Northwind Lending"), "{listed}");
}

#[test]
fn changing_a_widget_keeps_the_settings_that_are_not_given() {
    let folder = tempfile::tempdir().unwrap();
    let create = |more: &[&str]| {
        let mut widget = create_widget(
            folder.path(),
            "wid_1",
            Environment::Sandbox,
            "default",
            more,
        );
        let shown = ["logo", "successUrl", "closeUrl", "links"];
        shown.map(|key| widget[key].take())
    };
    let made = create(&[
        "--success-url",
        "https://a.example/done",
        "--logo",
        "https://a.example/logo.svg",
        "--help-url",
        "https://a.example/help",
    ]);
    assert_eq!(create(&[]), made);
    let changed = create(&["--success-url", "https://a.example/next", "--logo", ""]);
    assert_eq!(changed[0], serde_json::Value::Null);
    assert_eq!(changed[1], "https://a.example/next");
    assert_eq!(changed[2..], made[2..]);
}

#[test]
fn a_command_that_is_refused_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let create = |more: &[&str]| {
        let given = ["widget", "create", "--company", "Northwind"].into_iter();
        let given = given.chain(["--environment", "sandbox"]);
        railhead_fails(
            folder.path(),
            &given.chain(more.iter().copied()).collect::<Vec<_>>(),
        )
    };
    create(&["--workspace", "half", "--origin", "bad"]);
    assert!(!folder.path().join("data").exists());
    create_widget(folder.path(), "wid_1", Environment::Sandbox, "default", &[]);
    let origin = ["--origin", "https://a.example"];
    create(&[&["--workspace", "half", "--id", "wid_1"], &origin[..]].concat());
    let database = std::fs::read(folder.path().join("data/railhead.sqlite")).unwrap();
    assert!(!database.windows(4).any(|text| text == b"half"));
}

#[test]
fn refuses_widgets_that_cannot_be_and_says_which_option() {
    let folder = tempfile::tempdir().unwrap();
    let company = ["--company", "Northwind", "--environment", "sandbox"];
    for (arguments, said) in [
        (vec!["--origin", "app.example.com"], "not an origin"),
        (vec!["--origin", "https://a.example/path"], "not an origin"),
        (vec![], "--origin"),
        (
            vec![
                "--origin",
                "https://a.example",
                "--success-url",
                "javascript:alert(1)",
            ],
            "--success-url",
        ),
        (
            vec!["--origin", "https://a.example", "--id", "demo"],
            "wid_",
        ),
        (
            vec!["--origin", "https://a.example", "--workspace", "North/wind"],
            "workspace",
        ),
    ] {
        let arguments: Vec<_> = ["widget", "create"]
            .into_iter()
            .chain(company)
            .chain(arguments)
            .collect();
        let refused = railhead_fails(folder.path(), &arguments);
        assert!(refused.contains(said), "{refused}");
    }
    let other = [
        "--workspace",
        "other",
        "--origin",
        "https://a.example",
        "--id",
        "wid_1",
    ];
    create_widget(folder.path(), "wid_1", Environment::Sandbox, "default", &[]);
    let arguments: Vec<_> = ["widget", "create"]
        .into_iter()
        .chain(company)
        .chain(other)
        .collect();
    let refused = railhead_fails(folder.path(), &arguments);
    assert!(refused.contains("another workspace"), "{refused}");
}

#[test]
fn an_unknown_setting_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("railhead.toml");
    std::fs::write(&file, "lissten = \"127.0.0.1:1\"").unwrap();
    let refused = railhead_fails(
        folder.path(),
        &["--config", file.to_str().unwrap(), "check"],
    );
    assert!(refused.contains("lissten"), "{refused}");
}
