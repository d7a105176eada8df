//! Where randomness comes from: handed to everything that needs it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::Arc;

/// Fills buffers with bytes nobody can guess.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `buffer`.
    fn fill(&self, buffer: &mut [u8]);
}

/// A source shared by the parts of one server.
pub type SharedEntropy = Arc<dyn Entropy>;

/// The operating system's source.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine"
    )]
    #[expect(
        clippy::expect_used,
        reason = "a server without randomness must not go on"
    )]
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the operating system gives randomness");
    }
}

/// 256 bits as 43 characters of URL-safe base64: for states, tokens, nonces.
#[must_use]
pub fn token(entropy: &dyn Entropy) -> String {
    let mut bytes = [0_u8; 32];
    entropy.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// 128 bits as 22 characters of URL-safe base64: for ids that are not secrets.
#[must_use]
pub fn id(entropy: &dyn Entropy, prefix: &str) -> String {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// A number from 0 up to 1, for moments that are better spread out.
#[must_use]
pub fn fraction(entropy: &dyn Entropy) -> f64 {
    let mut bytes = [0_u8; 4];
    entropy.fill(&mut bytes);
    f64::from(u32::from_be_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}
