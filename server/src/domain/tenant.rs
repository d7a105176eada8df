//! Whose data it is: every read and write names the workspace and the environment it is for.

use super::id::WorkspaceId;
use railhead_protocol::Environment;

/// The company that embeds the widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name, which stands in the callback's address and therefore never changes.
    pub name: WorkspaceName,
}

/// A workspace's name: 1 to 40 of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceName(String);

/// A workspace's name breaks its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A workspace's name has 1 to 40 characters of a-z, 0-9 and '-'.")]
pub struct BadWorkspaceName;

impl WorkspaceName {
    /// The workspace that is always there.
    pub const DEFAULT: &'static str = "default";

    /// Checks `name`.
    pub fn parse(name: &str) -> Result<Self, BadWorkspaceName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=40).contains(&name.len()) && name.chars().all(allowed) {
            Ok(Self(name.to_owned()))
        } else {
            Err(BadWorkspaceName)
        }
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One environment of one workspace: the border that no id and no key reaches across.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The environment.
    pub environment: Environment,
}

/// The environment's name as it travels and as it is stored.
#[must_use]
pub const fn environment_name(environment: Environment) -> &'static str {
    match environment {
        Environment::Sandbox => "sandbox",
        Environment::Production => "production",
    }
}

#[cfg(test)]
mod tests {
    use super::WorkspaceName;

    #[test]
    fn accepts_only_names_that_survive_in_an_address() {
        assert!(WorkspaceName::parse("northwind-2").is_ok());
        for bad in ["", "North", "a/b", "a b", "é", &"a".repeat(41)] {
            assert!(WorkspaceName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
