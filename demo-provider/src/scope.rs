//! What is asked for and granted: a set of scope names (RFC 6749 section 3.3).

use std::{collections::BTreeSet, fmt};

/// A set of scope names. Any name is granted: the demo guards nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope(BTreeSet<String>);

impl Scope {
    /// Reads a `scope` parameter; `None` when a name holds a character RFC 6749 doesn't allow.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        let names: BTreeSet<_> = text
            .split(' ')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        names
            .iter()
            .all(|name| name.bytes().all(allowed))
            .then_some(Self(names))
    }

    /// What is granted when nothing particular was asked for.
    pub(crate) fn usual() -> Self {
        Self(BTreeSet::from(["accounts".to_owned()]))
    }

    /// Whether all of `other` is in it.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.0.is_superset(&other.0)
    }

    /// The names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.names().enumerate() {
            let gap = if position == 0 { "" } else { " " };
            write!(formatter, "{gap}{name}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn reads_names_and_refuses_characters_that_are_not_allowed() {
        let scope = Scope::parse("write read  read").unwrap();
        assert_eq!(scope.to_string(), "read write");
        assert!(scope.covers(&Scope::parse("read").unwrap()));
        assert!(!scope.covers(&Scope::parse("admin").unwrap()));
        assert_eq!(Scope::parse("a\"b"), None);
    }
}
