//! Seal and open of the vault against the bare cipher of the same library, for the same payload.

use crate::report::{Aim, Report};
use anyhow::{Context as _, Result, anyhow};
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use railhead_vault::{Context, KeyRing};
use std::hint::black_box;
use std::time::Duration;
use tokio::time::Instant;

/// Bytes: a token, the tokens of a connection, the same with long JWTs, a large answer.
const SIZES: [usize; 4] = [256, 1024, 4096, 16 * 1024];
/// The size that the aim is for: what is sealed for a connection with long tokens.
const TYPICAL: usize = 4096;
/// How long each measurement takes.
const SPAN: Duration = Duration::from_millis(300);

/// Measures each size.
pub(crate) fn measure(report: &mut Report, rounds: usize) -> Result<()> {
    let ring = KeyRing::generate(&fill);
    let mut key = [0; 32];
    fill(&mut key);
    let cipher = XChaCha20Poly1305::new(&key.into());
    let place = Context {
        workspace: "wsp_0123456789abcdefghijkl",
        record: "con_0123456789abcdefghijkl",
        field: "credentials",
        version: 1,
    };
    for size in SIZES {
        let mut payload = vec![0; size];
        fill(&mut payload);
        let mut ratios = Vec::new();
        for _ in 0..rounds {
            let vault = rate(|| {
                let sealed = ring.seal(&place, &payload, &fill)?;
                black_box(ring.open(&place, &sealed)?);
                Ok(())
            })?;
            let bare = rate(|| {
                let mut nonce = [0; 24];
                fill(&mut nonce);
                let nonce = XNonce::from(nonce);
                let refused = |_| anyhow!("the cipher");
                let sealed = cipher.encrypt(&nonce, &*payload).map_err(refused)?;
                black_box(cipher.decrypt(&nonce, &*sealed).map_err(refused)?);
                Ok(())
            })?;
            ratios.push(vault / bare);
        }
        let aim = (size == TYPICAL).then_some(Aim::AtLeast(0.7));
        let name = format!("vault: seal and open {size} bytes, against the bare cipher");
        report.add(&name, "", &ratios, aim);
    }
    Ok(())
}

/// How often a second.
fn rate(mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let begin = Instant::now();
    let mut done = 0_u32;
    while begin.elapsed() < SPAN {
        // The clock is read once for many.
        for _ in 0..32 {
            work().context("the vault")?;
        }
        done += 32;
    }
    Ok(f64::from(done) / begin.elapsed().as_secs_f64())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the machine"
)]
#[expect(
    clippy::expect_used,
    reason = "nothing can be measured without randomness"
)]
fn fill(buffer: &mut [u8]) {
    getrandom::fill(buffer).expect("the operating system gives randomness");
}
