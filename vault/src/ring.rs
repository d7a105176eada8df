//! The keys that wrap data keys: one active, which seals, and older ones, which still open.

use crate::{Key, KeyId, Random};
use std::collections::BTreeMap;

/// Several keys by id, one of them active. Its `Debug` shows ids only.
pub struct KeyRing {
    active: (KeyId, Key),
    older: BTreeMap<KeyId, Key>,
}

/// Why a ring cannot be changed like this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// A key of the ring has this id; no id is given twice.
    #[error("the key ring has a key `{0}` already")]
    Duplicate(KeyId),
    /// No key of the ring has this id.
    #[error("the key ring has no key `{0}`")]
    Unknown(KeyId),
    /// The active key cannot be removed.
    #[error("the key `{0}` is the active one: activate another key before removing it")]
    Active(KeyId),
}

impl KeyRing {
    /// A ring of one key, which is active.
    #[must_use]
    pub fn new(id: KeyId, key: Key) -> Self {
        Self {
            active: (id, key),
            older: BTreeMap::new(),
        }
    }

    /// A ring of one new key.
    #[must_use]
    pub fn generate(random: &dyn Random) -> Self {
        Self::new(KeyId::generate(random), Key::generate(random))
    }

    /// Adds a key that opens; [`KeyRing::activate`] makes it seal, too.
    pub fn add(&mut self, id: KeyId, key: Key) -> Result<(), RingError> {
        if self.get(&id).is_some() {
            return Err(RingError::Duplicate(id));
        }
        self.older.insert(id, key);
        Ok(())
    }

    /// Makes a key of the ring the active one; the one before still opens.
    pub fn activate(&mut self, id: &KeyId) -> Result<(), RingError> {
        if *id == self.active.0 {
            return Ok(());
        }
        let next = self
            .older
            .remove_entry(id)
            .ok_or_else(|| RingError::Unknown(id.clone()))?;
        let (id, key) = std::mem::replace(&mut self.active, next);
        self.older.insert(id, key);
        Ok(())
    }

    /// Takes a key away. What is still sealed with it does not open any more: re-wrap everything first.
    pub fn remove(&mut self, id: &KeyId) -> Result<(), RingError> {
        if *id == self.active.0 {
            return Err(RingError::Active(id.clone()));
        }
        self.older
            .remove(id)
            .map(drop)
            .ok_or_else(|| RingError::Unknown(id.clone()))
    }

    /// Begins a rotation: adds a new key and makes it the active one. The older keys stay until they are removed.
    pub fn rotate(&mut self, random: &dyn Random) -> Result<KeyId, RingError> {
        let id = KeyId::generate(random);
        self.add(id.clone(), Key::generate(random))?;
        self.activate(&id)?;
        Ok(id)
    }

    /// The id of the key that seals.
    #[must_use]
    pub fn active(&self) -> &KeyId {
        &self.active.0
    }

    /// Can this ring take the place of `before` in a server that runs? It has to open what that sealed last, with its
    /// active key: an older copy of the keys, or another vault's, does not.
    #[must_use]
    pub fn succeeds(&self, before: &Self) -> bool {
        let (id, key) = before.active_entry();
        self.get(id).is_some_and(|own| own.bytes() == key.bytes())
    }

    /// The ids of all keys, the active one first.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        self.entries().map(|(id, _)| id)
    }

    /// A ring whose ids are known to be distinct.
    pub(crate) fn of(id: KeyId, key: Key, older: BTreeMap<KeyId, Key>) -> Self {
        Self {
            active: (id, key),
            older,
        }
    }

    pub(crate) fn active_entry(&self) -> (&KeyId, &Key) {
        (&self.active.0, &self.active.1)
    }

    pub(crate) fn get(&self, id: &KeyId) -> Option<&Key> {
        if *id == self.active.0 {
            Some(&self.active.1)
        } else {
            self.older.get(id)
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&KeyId, &Key)> {
        std::iter::once(self.active_entry()).chain(&self.older)
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing")
            .field("active", self.active())
            .field("ids", &self.ids().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyRing, RingError};
    use crate::testing::Sequence;
    use crate::{Key, KeyId};

    fn id(text: &str) -> KeyId {
        text.parse().expect("valid")
    }

    fn ring_of(first: &str, second: &str) -> KeyRing {
        let random = Sequence::starting_at(1);
        let mut ring = KeyRing::new(id(first), Key::generate(&random));
        ring.add(id(second), Key::generate(&random))
            .expect("new id");
        ring
    }

    #[test]
    fn an_id_is_never_given_twice() {
        let mut ring = ring_of("one", "two");
        for taken in ["one", "two"] {
            let key = Key::generate(&Sequence::starting_at(9));
            assert_eq!(
                ring.add(id(taken), key),
                Err(RingError::Duplicate(id(taken)))
            );
        }
    }

    #[test]
    fn activating_keeps_the_key_that_was_active() {
        let mut ring = ring_of("one", "two");
        ring.activate(&id("two")).expect("known");
        assert_eq!(
            ring.ids().cloned().collect::<Vec<_>>(),
            [id("two"), id("one")]
        );
        assert_eq!(
            ring.activate(&id("three")),
            Err(RingError::Unknown(id("three")))
        );
        assert_eq!(ring.active(), &id("two"));
    }

    #[test]
    fn the_active_key_cannot_be_removed() {
        let mut ring = ring_of("one", "two");
        assert_eq!(ring.remove(&id("one")), Err(RingError::Active(id("one"))));
        assert_eq!(ring.remove(&id("two")), Ok(()));
        assert_eq!(ring.remove(&id("two")), Err(RingError::Unknown(id("two"))));
    }

    #[test]
    fn only_a_ring_that_opens_what_was_sealed_last_takes_anothers_place() {
        let before = ring_of("one", "two");
        let mut after = ring_of("one", "two");
        after.rotate(&Sequence::starting_at(70)).expect("new id");
        after.remove(&id("two")).expect("known");
        assert!(after.succeeds(&before), "it has the key that was active");
        assert!(!before.succeeds(&after), "an older copy");
        after.remove(&id("one")).expect("known");
        assert!(!after.succeeds(&before), "retired too early");
        let foreign = KeyRing::new(id("one"), Key::generate(&Sequence::starting_at(90)));
        assert!(!foreign.succeeds(&before), "the same id, another key");
    }

    #[test]
    fn debug_shows_ids_and_no_key() {
        let ring = ring_of("one", "two");
        let shown = format!("{ring:?}");
        assert!(shown.contains("one") && shown.contains("two"), "{shown}");
        for (_, key) in ring.entries() {
            assert!(!shown.contains(key.to_base64().as_str()), "{shown}");
            assert!(!shown.contains(&format!("{:?}", key.bytes())), "{shown}");
        }
    }
}
