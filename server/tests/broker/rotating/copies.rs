//! Keys that only the operator can change: servers have copies of them, which get a new key before it seals.

use crate::support::process::{Process, free_port, railhead_with, use_database};
use crate::support::remote::Visit;
use crate::support::{HOST, World, answered, http, postgres};
use serde_json::Value;
use tempfile::TempDir;

/// How servers and commands get the keys.
#[derive(Clone, Copy)]
enum Kept {
    InVariable,
    PrintedByCommand,
}

/// A server whose keys an operator keeps.
struct Place {
    kept: Kept,
    folder: TempDir,
    port: u16,
    provider: demo_provider::Running,
}

impl Place {
    async fn new(kept: Kept) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if postgres::is_usual() {
            use_database(folder.path(), &postgres::database().await.unwrap());
        }
        Self {
            kept,
            folder,
            port: free_port(),
            provider: demo_provider::Provider::start(demo_provider::Config::default())
                .await
                .unwrap(),
        }
    }

    /// How whatever is started now gets `ring`.
    fn variables(&self, ring: &str) -> Vec<(&'static str, String)> {
        match self.kept {
            Kept::InVariable => vec![
                ("RAILHEAD_VAULT__KEY_ENV", "TEST_VAULT_KEYS".to_owned()),
                ("TEST_VAULT_KEYS", ring.to_owned()),
            ],
            Kept::PrintedByCommand => {
                let file = self.folder.path().join("ring");
                std::fs::write(&file, ring).unwrap();
                let command = format!("cat {}", file.display());
                vec![("RAILHEAD_VAULT__KEY_COMMAND", command)]
            }
        }
    }

    /// Runs a command with `ring`; answers whether it succeeded, what it printed and what it said beside that.
    fn run(&self, ring: &str, arguments: &[&str]) -> (bool, String, String) {
        let variables = self.variables(ring);
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        railhead_with(self.folder.path(), arguments, &variables)
    }

    /// The same for what has to succeed; answers what it printed.
    fn print(&self, ring: &str, arguments: &[&str]) -> String {
        let (succeeded, printed, errors) = self.run(ring, arguments);
        assert!(succeeded, "{arguments:?}: {errors}");
        printed
    }

    async fn serve(&self, ring: &str) -> Process {
        let variables = self.variables(ring);
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        Process::serve_with(
            self.folder.path(),
            self.port,
            &self.provider.url,
            &variables,
        )
        .await
    }

    /// Reads the credentials of the only connection.
    async fn reads(&self, key: &str) -> bool {
        let ask = async |path: &str| -> (u16, Value) {
            let url = format!("http://localhost:{}{path}", self.port);
            answered(http().get(url).bearer_auth(key).send().await.unwrap()).await
        };
        let (_, connections) = ask("/v1/connections").await;
        let id = connections["data"][0]["connectionId"].as_str().unwrap();
        ask(&format!("/v1/connections/{id}/credentials")).await.0 == 200
    }
}

/// The key that `add-key` made: the line of the ring that the one before lacks.
fn added(before: &str, after: &str) -> String {
    let new = after.lines().find(|line| !before.contains(line)).unwrap();
    new.split_once(" = ").unwrap().0.to_owned()
}

async fn rotates_step_by_step(kept: Kept) {
    let place = Place::new(kept).await;
    let first = place.print("", &["vault", "generate"]);
    place.print(
        &first,
        &[
            "widget",
            "create",
            "--id",
            "wid_sandbox",
            "--environment",
            "sandbox",
            "--company",
            "Northwind Lending",
            "--origin",
            HOST,
        ],
    );
    let created = place.print(
        &first,
        &["key", "create", "--json", "--environment", "sandbox"],
    );
    let created: Value = serde_json::from_str(&created).unwrap();
    let key = created["apiKey"].as_str().unwrap();
    let server = place.serve(&first).await;
    let visit = Visit::begin(place.port).await;
    let (id, callback) = visit.up_to_callback("alice").await;
    visit.browser.open(&callback).await;
    assert_eq!(visit.poll(&id).await["status"], "succeeded");

    let (succeeded, printed, said) = place.run(&first, &["vault", "rotate", "--same-file"]);
    assert!(!succeeded && printed.is_empty(), "{said}");
    assert!(said.contains("where they cannot be written"), "{said}");

    // The new key opens first. A server that does not have it yet goes on.
    let second = place.print(&first, &["vault", "add-key"]);
    let new = added(&first, &second);
    assert!(place.reads(key).await);
    server.terminate().await;
    let server = place.serve(&second).await;

    // Then it seals. A server that has it goes on, although it still seals with the one before.
    let third = place.print(&second, &["vault", "activate", &new]);
    assert!(third.contains(&format!("active = \"{new}\"")));
    let (_, printed, said) = place.run(&third, &["vault", "retire"]);
    assert!(printed.is_empty() && said.contains("and stays"), "{said}");
    place.print(&third, &["vault", "rotate"]);
    assert!(place.reads(key).await);
    server.terminate().await;
    let server = place.serve(&third).await;
    assert!(place.reads(key).await);

    // Then the old one goes.
    let last = place.print(&third, &["vault", "retire"]);
    assert!(last.lines().count() < third.lines().count(), "one key less");
    server.terminate().await;
    let server = place.serve(&last).await;
    assert!(place.reads(key).await);
    assert!(
        place
            .print(&last, &["vault", "verify"])
            .contains("all of them open")
    );
    assert!(
        place
            .print(&last, &["check"])
            .contains(&format!("{new} seals"))
    );
    server.terminate().await;

    let (succeeded, _, said) = place.run(&first, &["vault", "status"]);
    assert!(
        !succeeded && said.contains("use the key file that belongs"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_in_a_variable_are_rotated_step_by_step() {
    rotates_step_by_step(Kept::InVariable).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_a_command_prints_are_rotated_step_by_step() {
    rotates_step_by_step(Kept::PrintedByCommand).await;
}

#[tokio::test]
async fn check_says_where_the_keys_come_from_and_that_they_are_missing() {
    let place = Place::new(Kept::InVariable).await;
    let missing = [("RAILHEAD_VAULT__KEY_ENV", "TEST_VAULT_KEYS")];
    let folder = tempfile::tempdir().unwrap();
    let (succeeded, report, _) = railhead_with(folder.path(), &["check"], &missing);
    assert!(!succeeded, "{report}");
    let source = "  vault                 the variable TEST_VAULT_KEYS\n";
    assert!(report.contains(source), "{report}");
    assert!(
        report.contains("broken: the vault's keys are to come from the variable TEST_VAULT_KEYS")
    );
    let ring = place.print("", &["vault", "generate"]);
    let told = [missing[0], ("TEST_VAULT_KEYS", ring.as_str())];
    let (succeeded, report, _) = railhead_with(folder.path(), &["check"], &told);
    assert!(succeeded && report.contains("are there"), "{report}");
}

#[tokio::test]
async fn a_key_is_added_for_all_of_several_servers_before_it_seals() {
    let world = World::new().await;
    let folder = world.folder.path();
    let run = |arguments: &[&str]| railhead_with(folder, arguments, &[]);
    let (rotated, _, said) = run(&["vault", "rotate"]);
    let shared = postgres::is_usual();
    assert_eq!(rotated, !shared, "{said}");
    assert_eq!(said.contains("other servers may use this database"), shared);
}
