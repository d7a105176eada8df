//! Seals the credentials of connections: the last stop of the flow, and the only one that ever holds them.
//!
//! Each record has a data key of its own; the data key is wrapped by a key of the [`KeyRing`], and both ciphertexts
//! are bound to the place they are stored at ([`Context`]). No SQL and no HTTP here: the caller stores the text.
//!
//! ```
//! use railhead_vault::{Context, KeyRing, Random, Sealed};
//! use secrecy::{ExposeSecret as _, SecretString};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let random = |buffer: &mut [u8]| {
//! #     for byte in buffer { *byte = rand_byte(); }
//! # };
//! # fn rand_byte() -> u8 {
//! #     use std::hash::{BuildHasher as _, RandomState};
//! #     RandomState::new().hash_one(1).to_le_bytes()[0]
//! # }
//! let ring = KeyRing::generate(&random);
//! let place = Context { workspace: "wsp_1", record: "con_1", field: "access_token", version: 1 };
//! let stored = ring.seal_text(&place, &SecretString::from("s3cret"), &random)?.to_string();
//!
//! let sealed: Sealed = stored.parse()?;
//! assert_eq!(ring.open_text(&place, &sealed)?.expose_secret(), "s3cret");
//!
//! let elsewhere = Context { record: "con_2", ..place };
//! assert!(ring.open_text(&elsewhere, &sealed).is_err());
//! # Ok(())
//! # }
//! ```

mod context;
mod envelope;
mod key;
pub mod key_file;
mod ring;
mod ring_text;
mod sealed;

pub use context::Context;
pub use envelope::{CheckError, OpenError, SealError};
pub use key::{Key, KeyId, KeyIdError};
pub use ring::{KeyRing, RingError};
pub use ring_text::RingTextError;
pub use sealed::Sealed;

/// Where the vault's keys and nonces come from: must be the machine's cryptographic source, except in tests.
///
/// Every `Fn(&mut [u8])` is one, so that a server can hand in the source it already has.
pub trait Random {
    /// Fills `buffer` with bytes nobody can guess.
    fn fill(&self, buffer: &mut [u8]);
}

impl<F: Fn(&mut [u8])> Random for F {
    fn fill(&self, buffer: &mut [u8]) {
        self(buffer);
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A source of bytes that never repeats within one test, and is the same in every run.

    use crate::Random;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A SplitMix64 sequence.
    pub(crate) struct Sequence(AtomicU64);

    impl Sequence {
        pub(crate) fn starting_at(seed: u64) -> Self {
            Self(AtomicU64::new(seed))
        }
    }

    impl Random for Sequence {
        fn fill(&self, buffer: &mut [u8]) {
            for chunk in buffer.chunks_mut(8) {
                let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
            }
        }
    }
}
