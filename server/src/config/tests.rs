//! The settings, and what is said of those that cannot be used.

use super::{Config, LogFormat};
use secrecy::ExposeSecret as _;

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("railhead.toml");
    std::fs::write(&file, text).unwrap();
    let variables = variables.iter().map(|(k, v)| (k.into(), v.into()));
    Config::load(Some(&file), variables).map_err(|error| error.to_string())
}

#[test]
fn starts_with_nothing_given() {
    let config = Config::load(None, []).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:4400");
    assert_eq!(
        config.services_dirs,
        ["services"].map(std::path::PathBuf::from)
    );
}

#[test]
fn the_example_file_says_the_defaults_and_every_key() {
    let example = include_str!("../../railhead.example.toml");
    let defaults = format!("{:?}", Config::default());
    assert_eq!(format!("{:?}", load(example, &[]).unwrap()), defaults);
    let commented = example.lines().filter_map(|line| line.strip_prefix("# "));
    let settings = commented.filter(|line| line.starts_with('[') || line.contains(" = \""));
    let everything: Vec<_> = settings.collect();
    assert_eq!(everything.len(), 6);
    // Those of a table belong to it; `public_url` and `database` stand at the top.
    let filled = format!(
        "{}\n[sandbox]\n{}\n{}",
        everything[..2].join("\n"),
        everything[2],
        everything[3..].join("\n")
    );
    let config = load(&filled, &[]).unwrap();
    assert!(config.public_url.is_some() && config.sandbox.provider_url.is_some());
    assert!(config.clients.contains_key("xero"));
}

#[test]
fn variables_stand_above_the_file() {
    let file =
        "listen = \"127.0.0.1:1\"\nlog_format = \"text\"\n[clients.xero]\nclient_id = \"a\"\n";
    let variables = [
        ("RAILHEAD_LISTEN", "0.0.0.0:2"),
        ("RAILHEAD_LOG_FORMAT", "json"),
        ("RAILHEAD_SERVICES_DIRS", "services, more"),
        ("RAILHEAD_CLIENTS__XERO__CLIENT_SECRET", "s3cret"),
        ("RAILHEAD_SANDBOX__PROVIDER_URL", "http://localhost:4401"),
        ("RAILHEAD_CONFIG", "ignored.toml"),
        ("PATH", "/bin"),
    ];
    let config = load(file, &variables).unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.services_dirs.len(), 2);
    assert_eq!(config.clients["xero"].client_id, "a");
    assert_eq!(
        config.clients["xero"].client_secret.expose_secret(),
        "s3cret"
    );
    assert!(!format!("{config:?}").contains("s3cret"));
    assert_eq!(config.sandbox.provider_url.unwrap().port(), Some(4401));
}

#[test]
fn names_the_key_that_cannot_be_used() {
    let message = |text, variables: &[_]| load(text, variables).unwrap_err();
    let unknown = message("lissten = 1", &[]);
    assert!(
        unknown.contains("lissten") && unknown.contains("expected one of"),
        "{unknown}"
    );
    let nested = message("[sandbox]\nprovider = \"x\"", &[]);
    assert!(
        nested.contains("sandbox") && nested.contains("provider"),
        "{nested}"
    );
    let variable = message("", &[("RAILHEAD_LOGG", "x")]);
    assert!(variable.contains("logg"), "{variable}");
    let path = message("public_url = \"https://a.example/path\"", &[]);
    assert!(path.contains("public_url"), "{path}");
    let format = message("log_format = \"xml\"", &[]);
    assert!(format.contains("log_format"), "{format}");
}

#[test]
fn says_which_variable_or_line_is_wrong_and_what_is_expected() {
    let message = |text, variables: &[_]| load(text, variables).unwrap_err();
    for (text, variables, said) in [
        ("", ("RAILHEAD_LOGG", "x"), "RAILHEAD_LOGG"),
        (
            "",
            ("RAILHEAD_LISTEN", "localhost:4400"),
            "such as 127.0.0.1:4400",
        ),
        ("", ("RAILHEAD_LISTEN", "localhost:4400"), "RAILHEAD_LISTEN"),
        (
            "",
            ("RAILHEAD_PUBLIC_URL", "https://:pw@a.example"),
            "RAILHEAD_PUBLIC_URL",
        ),
        ("", ("RAILHEAD_PUBLIC_URL", "a.example"), "such as https://"),
        ("\n\nlisten = 'x", ("PATH", ""), "line 3"),
    ] {
        let message = message(text, &[variables]);
        assert!(message.contains(said), "{said} in {message}");
    }
}

#[test]
fn never_repeats_what_stands_below_clients() {
    for (text, variable) in [
        ("", ("RAILHEAD_CLIENTS__XERO", "hush-hush")),
        ("[clients]\nxero = \"hush-hush\"", ("PATH", "")),
        ("clients = \"hush-hush\"", ("PATH", "")),
        (
            "[clients.xero]\nclient_id = \"a\"\nclient_secret = 12345678",
            ("PATH", ""),
        ),
    ] {
        let message = load(text, &[variable]).unwrap_err();
        assert!(message.contains("`clients"), "{message}");
        assert!(
            !message.contains("hush-hush") && !message.contains("12345678"),
            "{message}"
        );
    }
    let missing = load(
        "",
        &[("RAILHEAD_CLIENTS__XERO__CLIENT_SECRET", "hush-hush")],
    )
    .unwrap_err();
    assert!(
        missing.contains("client_id") && !missing.contains("hush-hush"),
        "{missing}"
    );
}

#[test]
fn variables_of_container_platforms_pass_and_are_told() {
    let variables = [
        ("RAILHEAD_PORT", "tcp://10.0.0.1:4400"),
        ("RAILHEAD_PORT_4400_TCP_ADDR", "10.0.0.1"),
        ("RAILHEAD_SERVICE_HOST", "10.0.0.1"),
    ];
    let config = load("", &variables).unwrap();
    assert_eq!(config.passed_over, variables.map(|(name, _)| name));
}

#[cfg(unix)]
#[test]
fn only_its_own_variables_have_to_be_text() {
    use std::os::unix::ffi::OsStringExt as _;
    let broken = || std::ffi::OsString::from_vec(vec![0xff]);
    assert!(Config::load(None, [("FOO".into(), broken()), (broken(), broken())]).is_ok());
    let error = Config::load(None, [("RAILHEAD_LOG".into(), broken())]).unwrap_err();
    assert!(error.to_string().contains("RAILHEAD_LOG"), "{error}");
}
