//! Free ports that stay free: below the range that outgoing connections take theirs from, so that a killed server
//! finds its own again.

use anyhow::{Context, Result};
use std::net::TcpListener;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU16, Ordering};

const FIRST: u16 = 20_000;
const COUNT: u16 = 10_000;

/// A port of 127.0.0.1 that nobody listens on and that this process hands out once.
pub fn free_port() -> Result<u16> {
    static NEXT: OnceLock<AtomicU16> = OnceLock::new();
    // Two test programs at once start far from each other.
    let next = NEXT.get_or_init(|| {
        let spread = std::process::id().wrapping_mul(397) % u32::from(COUNT);
        AtomicU16::new(u16::try_from(spread).unwrap_or_default())
    });
    (0..COUNT)
        .map(|_| FIRST + next.fetch_add(1, Ordering::Relaxed) % COUNT)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .context("no free port")
}
