//! The catalogue as a whole, read from real directories.

use super::validate_tests::SHOPIFY;
use super::*;
use railhead_protocol::AuthorizationKind;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const MINIMAL: &str = r#"
service_name = "NAME"
display_name = "Display of NAME"
kind = "accounting"
authorization = "oauth2_code"
[oauth]
authorize_url = "https://NAME.example/authorize"
token_url = "https://NAME.example/token"
"#;

fn write(directory: &Path, name: &str, text: &str) {
    fs::write(
        directory.join(format!("{name}.toml")),
        text.replace("NAME", name),
    )
    .unwrap();
}

fn load(directory: &Path) -> Catalogue {
    Catalogue::load(&[directory.to_owned()]).unwrap()
}

fn names(catalogue: &Catalogue) -> Vec<String> {
    catalogue
        .current()
        .iter()
        .map(|service| service.service_name.clone())
        .collect()
}

#[test]
fn reads_a_service_and_makes_its_card() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("icons")).unwrap();
    fs::write(directory.path().join("icons/shopify.svg"), "<svg/>").unwrap();
    fs::write(directory.path().join("icons/unused.svg"), "<svg/>").unwrap();
    write(directory.path(), "shopify", SHOPIFY);
    let snapshot = load(directory.path()).current();
    assert_eq!(snapshot.problems(), []);
    let shopify = snapshot.get("shopify").unwrap();
    let card = shopify.card();
    assert_eq!(card.icon.as_deref(), Some("/services/shopify.svg"));
    assert_eq!(card.authorization, AuthorizationKind::Popup);
    assert_eq!(card.fields[0].suffix.as_deref(), Some(".myshopify.com"));
    assert_eq!(
        snapshot.icon("shopify.svg"),
        Some(directory.path().join("icons/shopify.svg").as_path())
    );
    assert_eq!(
        snapshot.icon("unused.svg"),
        None,
        "only marks that a service names are served"
    );
    let entered = BTreeMap::from([("shop".to_owned(), "Harbor".to_owned())]);
    assert_eq!(shopify.check_fields(&entered).unwrap_err().field, "shop");
}

#[test]
fn the_sandbox_service_is_built_in_and_can_be_overridden() {
    let directory = tempfile::tempdir().unwrap();
    let catalogue = load(directory.path());
    let sandbox = catalogue.current();
    let sandbox = sandbox.get("sandbox").unwrap();
    assert_eq!(sandbox.kind_of_authorization(), AuthorizationKind::Instant);
    let checked = sandbox.check_fields(&BTreeMap::new()).unwrap();
    assert_eq!(checked.get("useCase"), Some("good"));
    let text = include_str!("../../../services/sandbox.toml");
    write(
        directory.path(),
        "sandbox",
        &text.replace("\"Sandbox\"", "\"Try it\""),
    );
    assert!(catalogue.refresh());
    assert_eq!(
        catalogue.current().get("sandbox").unwrap().display_name,
        "Try it"
    );
}

#[test]
fn orders_by_rank_then_name() {
    let directory = tempfile::tempdir().unwrap();
    write(
        directory.path(),
        "zeta",
        &MINIMAL.replace("kind", "rank = 1\nkind"),
    );
    write(directory.path(), "beta", MINIMAL);
    write(directory.path(), "alpha", MINIMAL);
    assert_eq!(
        names(&load(directory.path())),
        ["sandbox", "zeta", "alpha", "beta"]
    );
}

#[test]
fn a_new_file_appears_and_a_removed_one_goes_without_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "alpha", MINIMAL);
    let catalogue = load(directory.path());
    assert!(!catalogue.refresh(), "nothing has changed");
    write(directory.path(), "beta", MINIMAL);
    assert!(catalogue.refresh());
    assert_eq!(names(&catalogue), ["sandbox", "alpha", "beta"]);
    fs::remove_file(directory.path().join("alpha.toml")).unwrap();
    assert!(catalogue.refresh());
    assert_eq!(names(&catalogue), ["sandbox", "beta"]);
}

#[test]
fn a_file_gone_bad_keeps_its_last_good_version_and_harms_no_other() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "alpha", MINIMAL);
    write(directory.path(), "beta", "this is no TOML");
    let catalogue = load(directory.path());
    assert_eq!(names(&catalogue), ["sandbox", "alpha"]);
    write(
        directory.path(),
        "alpha",
        &MINIMAL.replace("accounting", "gardening"),
    );
    assert!(catalogue.refresh());
    assert_eq!(
        names(&catalogue),
        ["sandbox", "alpha"],
        "the earlier version stays"
    );
    assert_eq!(catalogue.current().problems().len(), 2);
    write(
        directory.path(),
        "alpha",
        &MINIMAL.replace("Display of", "Better"),
    );
    assert!(catalogue.refresh());
    let snapshot = catalogue.current();
    assert_eq!(snapshot.get("alpha").unwrap().display_name, "Better alpha");
    assert_eq!(snapshot.problems().len(), 1);
}

#[test]
fn later_directories_override_and_missing_ones_are_reported() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let third = two.path().join("later");
    write(one.path(), "alpha", MINIMAL);
    write(one.path(), "beta", MINIMAL);
    write(
        two.path(),
        "alpha",
        &MINIMAL.replace("Display of", "Our own"),
    );
    let directories = [one.path().to_owned(), two.path().to_owned(), third.clone()];
    let catalogue = Catalogue::load(&directories).unwrap();
    let snapshot = catalogue.current();
    assert_eq!(snapshot.get("alpha").unwrap().display_name, "Our own alpha");
    assert_eq!(
        snapshot.get("beta").unwrap().display_name,
        "Display of beta"
    );
    assert_eq!(snapshot.problems()[0].file, third);
    fs::create_dir(&third).unwrap();
    write(&third, "gamma", MINIMAL);
    assert!(catalogue.refresh());
    assert_eq!(catalogue.current().problems(), []);
    assert!(catalogue.current().get("gamma").is_some());
}

#[test]
fn a_services_directory_that_is_a_file_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Catalogue::load(&[file.path().to_owned()]).unwrap_err();
    assert!(error.to_string().contains(file.path().to_str().unwrap()));
}

#[test]
fn services_authorized_in_later_ways_are_known_but_not_supported() {
    let directory = tempfile::tempdir().unwrap();
    let text = MINIMAL
        .split("[oauth]")
        .next()
        .unwrap()
        .replace("oauth2_code", "desktop_agent");
    write(directory.path(), "desktop", &text);
    let snapshot = load(directory.path()).current();
    let desktop = snapshot.get("desktop").unwrap();
    assert!(!desktop.is_supported());
    assert_eq!(desktop.kind_of_authorization(), AuthorizationKind::Steps);
}

#[test]
fn the_projects_own_service_files_are_good() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services");
    let snapshot = load(&directory).current();
    assert_eq!(snapshot.problems(), []);
    let supported = snapshot
        .iter()
        .filter(|service| service.is_supported())
        .count();
    assert!(
        supported > 12,
        "only {supported} services can be authorized"
    );
}
