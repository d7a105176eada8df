//! The text of a key file: what a [`KeyRing`] is written as and read from.

use crate::{Key, KeyId, KeyIdError, KeyRing};
use std::collections::BTreeMap;
use std::str::FromStr;
use zeroize::Zeroizing;

const HEADER: &str = "\
# Keys of the Railhead vault. Secret, and not replaceable: without this file the stored credentials do not open.
# Keep a copy where the database's backups are not. `active` seals; the other keys only open what they sealed before.
";

/// Why a text is not a key ring. Names lines and ids, never a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RingTextError {
    /// Neither a comment, nor `[keys]`, nor `name = "value"`.
    #[error("line {line}: expected `name = \"value\"`")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// A setting that does not exist, or is there twice.
    #[error(
        "line {line}: expected `version = 1` and `active = \"<key id>\"`, once each, then `[keys]`"
    )]
    Setting {
        /// Counted from 1.
        line: usize,
    },
    /// Written by a version of Railhead that keeps keys in another format.
    #[error("line {line}: this version of Railhead reads key files of version 1 only")]
    Version {
        /// Counted from 1.
        line: usize,
    },
    /// Not a key id.
    #[error("line {line}: {source}")]
    KeyId {
        /// Counted from 1.
        line: usize,
        /// What an id looks like.
        source: KeyIdError,
    },
    /// Not 32 bytes in base64url without padding.
    #[error("line {line}: the key `{id}` is damaged: a key is 43 characters of base64url")]
    Key {
        /// Counted from 1.
        line: usize,
        /// Whose key.
        id: KeyId,
    },
    /// Two keys have one id.
    #[error("line {line}: the key `{id}` is there twice")]
    Duplicate {
        /// Counted from 1.
        line: usize,
        /// Which.
        id: KeyId,
    },
    /// `version` or `active` is missing; an empty file, for example.
    #[error("the setting `{0}` is missing")]
    Missing(&'static str),
    /// `active` names a key that is not there.
    #[error("the active key `{0}` is not among the keys")]
    NoActiveKey(KeyId),
}

/// What the lines so far have said.
#[derive(Default)]
struct Reading {
    version: bool,
    active: Option<KeyId>,
    keys: Option<BTreeMap<KeyId, Key>>,
}

impl Reading {
    fn line(&mut self, line: usize, text: &str) -> Result<(), RingTextError> {
        if text.is_empty() || text.starts_with('#') {
            return Ok(());
        }
        if text == "[keys]" && self.keys.is_none() {
            self.keys = Some(BTreeMap::new());
            return Ok(());
        }
        let (name, value) = text.split_once('=').ok_or(RingTextError::Line { line })?;
        let (name, value) = (name.trim(), value.trim());
        match &mut self.keys {
            Some(keys) => Self::key(keys, line, name, value),
            None => self.setting(line, name, value),
        }
    }

    fn setting(&mut self, line: usize, name: &str, value: &str) -> Result<(), RingTextError> {
        match name {
            "version" if !self.version => {
                self.version = value == "1";
                if self.version {
                    Ok(())
                } else {
                    Err(RingTextError::Version { line })
                }
            }
            "active" if self.active.is_none() => {
                let id = unquoted(line, value)?.parse();
                self.active = Some(id.map_err(|source| RingTextError::KeyId { line, source })?);
                Ok(())
            }
            _ => Err(RingTextError::Setting { line }),
        }
    }

    fn key(
        keys: &mut BTreeMap<KeyId, Key>,
        line: usize,
        name: &str,
        value: &str,
    ) -> Result<(), RingTextError> {
        let id: KeyId = name
            .parse()
            .map_err(|source| RingTextError::KeyId { line, source })?;
        let Some(key) = Key::from_base64(unquoted(line, value)?) else {
            return Err(RingTextError::Key { line, id });
        };
        if keys.contains_key(&id) {
            return Err(RingTextError::Duplicate { line, id });
        }
        keys.insert(id, key);
        Ok(())
    }

    fn finish(self) -> Result<KeyRing, RingTextError> {
        if !self.version {
            return Err(RingTextError::Missing("version"));
        }
        let active = self.active.ok_or(RingTextError::Missing("active"))?;
        let mut keys = self.keys.unwrap_or_default();
        let Some(key) = keys.remove(&active) else {
            return Err(RingTextError::NoActiveKey(active));
        };
        Ok(KeyRing::of(active, key, keys))
    }
}

fn unquoted(line: usize, value: &str) -> Result<&str, RingTextError> {
    let inner = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    inner.ok_or(RingTextError::Line { line })
}

/// Reads a key file's text: `#` comments, `version = 1`, `active = "<id>"`, then below `[keys]` one
/// `<id> = "<32 bytes in base64url>"` a line. It is a subset of TOML.
impl FromStr for KeyRing {
    type Err = RingTextError;

    fn from_str(text: &str) -> Result<Self, RingTextError> {
        let mut reading = Reading::default();
        for (index, text) in text.lines().enumerate() {
            reading.line(index + 1, text.trim())?;
        }
        reading.finish()
    }
}

impl KeyRing {
    /// The text of a key file with these keys. This is the secret itself: only ever write it to such a file.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        // Room for all of it at once: growing would leave copies behind that are not wiped.
        let mut text = Zeroizing::new(String::with_capacity(self.text_room()));
        for part in [
            HEADER,
            "version = 1\nactive = \"",
            self.active().as_str(),
            "\"\n\n[keys]\n",
        ] {
            text.push_str(part);
        }
        for (id, key) in self.entries() {
            for part in [id.as_str(), " = \"", key.to_base64().as_str(), "\"\n"] {
                text.push_str(part);
            }
        }
        text
    }

    /// At least as many bytes as the text has.
    fn text_room(&self) -> usize {
        let line = KeyId::MAX_LEN + 2 * Key::LEN;
        HEADER.len() + line * (2 + self.ids().count())
    }
}

#[cfg(test)]
mod tests {
    use super::RingTextError;
    use crate::testing::Sequence;
    use crate::{Key, KeyRing};

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn error(text: &str) -> String {
        text.parse::<KeyRing>().expect_err(text).to_string()
    }

    #[test]
    fn survives_its_text_form() {
        let random = Sequence::starting_at(1);
        let mut ring = KeyRing::generate(&random);
        ring.rotate(&random).expect("new id");
        let text = ring.to_text();
        let back: KeyRing = text.parse().expect("own text");
        assert_eq!(back.active(), ring.active());
        assert_eq!(back.to_text(), text);
        assert!(
            text.lines().count() == 8 && text.ends_with("\"\n"),
            "8 whole lines"
        );
    }

    #[test]
    fn writing_never_leaves_a_copy_of_the_keys_behind() {
        let random = Sequence::starting_at(1);
        let id = |number: usize| format!("{number:0>32}").parse().expect("valid");
        let mut ring = KeyRing::new(id(0), Key::generate(&random));
        for number in 1..50 {
            ring.add(id(number), Key::generate(&random))
                .expect("new id");
        }
        assert_eq!(ring.to_text().capacity(), ring.text_room());
    }

    #[test]
    fn reads_what_a_person_edited() {
        let text = format!(
            "\n# mine\r\nversion=1\r\n active = \"b\" \n[keys]\n# old\n a=\"{KEY}\"\n\nb = \"{KEY}\""
        );
        let ring: KeyRing = text.parse().expect("fine");
        assert_eq!(ring.active().as_str(), "b");
        assert_eq!(ring.ids().count(), 2);
    }

    #[test]
    fn says_what_is_missing() {
        assert_eq!(error(""), "the setting `version` is missing");
        assert_eq!(error("version = 1"), "the setting `active` is missing");
        let text = "version = 1\nactive = \"a\"\n[keys]\n";
        assert_eq!(error(text), "the active key `a` is not among the keys");
    }

    #[test]
    fn names_the_line_that_is_wrong_and_never_the_key() {
        let start = "version = 1\nactive = \"a\"\n[keys]\n";
        let damaged = &KEY[..42];
        let text = error(&format!("{start}a = \"{damaged}\""));
        assert_eq!(
            text,
            "line 4: the key `a` is damaged: a key is 43 characters of base64url"
        );
        let text = error(&format!("{start}a = \"{KEY}\"\na = \"{KEY}\""));
        assert_eq!(text, "line 5: the key `a` is there twice");
        assert!(error(&format!("{start}a = {KEY}")).starts_with("line 4: expected"));
        assert!(error(&format!("{start}{KEY}")).starts_with("line 4: expected"));
        assert!(error("version = 2").starts_with("line 1: this version"));
        assert!(error("version = 1\nversion = 1").starts_with("line 2: expected"));
        assert!(error("key = \"x\"").starts_with("line 1: expected"));
        assert!(matches!(
            format!("{start}a b = \"{KEY}\"").parse::<KeyRing>(),
            Err(RingTextError::KeyId { line: 4, .. })
        ));
    }
}
