//! How an authorization gets into exactly one browser: a nonce handed to the start page by the page that opened it
//! becomes a cookie, and the callback counts only with that cookie. This is the guard against session fixation.

use crate::secret::Digest;

/// Which browser an authorization belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handoff {
    /// None yet: the window that shows this nonce decides.
    Offered {
        /// Of the nonce.
        nonce: Digest,
    },
    /// The one that holds the cookie.
    Claimed {
        /// Of the cookie's value.
        cookie: Digest,
        /// Of the latest nonce.
        nonce: Digest,
        /// Has the latest nonce been shown?
        used: bool,
    },
}

/// Whose window showed the nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A browser that needs a new cookie.
    NewBrowser,
    /// The browser that holds the cookie already.
    SameBrowser,
}

/// The nonce is unknown, replaced, or was used by another browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The nonce is not valid any more.")]
pub struct NonceRefused;

impl Handoff {
    /// Replaces the nonce, so that the window can be opened again.
    #[must_use]
    pub fn renew(self, nonce: Digest) -> Self {
        match self {
            Self::Offered { .. } => Self::Offered { nonce },
            Self::Claimed { cookie, .. } => Self::Claimed {
                cookie,
                nonce,
                used: false,
            },
        }
    }

    /// Judges a window that shows `nonce` and holds the cookie `held`.
    pub fn judge(&self, nonce: Digest, held: Option<Digest>) -> Result<Claim, NonceRefused> {
        match *self {
            Self::Offered { nonce: offered } if offered == nonce => Ok(Claim::NewBrowser),
            Self::Claimed {
                cookie,
                nonce: latest,
                used,
            } if latest == nonce => {
                if held == Some(cookie) {
                    Ok(Claim::SameBrowser)
                } else if used {
                    Err(NonceRefused)
                } else {
                    Ok(Claim::NewBrowser)
                }
            }
            Self::Offered { .. } | Self::Claimed { .. } => Err(NonceRefused),
        }
    }

    /// The browser with `cookie` has it from now on; its nonce is used up.
    #[must_use]
    pub fn claimed_by(self, cookie: Digest) -> Self {
        match self {
            Self::Offered { nonce } | Self::Claimed { nonce, .. } => Self::Claimed {
                cookie,
                nonce,
                used: true,
            },
        }
    }

    /// Does the browser that holds `cookie` have it?
    #[must_use]
    pub fn belongs_to(&self, held: Option<Digest>) -> bool {
        match (self, held) {
            (Self::Claimed { cookie, .. }, Some(held)) => *cookie == held,
            (Self::Claimed { .. } | Self::Offered { .. }, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, Handoff, NonceRefused};
    use crate::secret::Digest;

    fn of(text: &str) -> Digest {
        Digest::of(text)
    }

    #[test]
    fn takes_a_nonce_once_per_browser() {
        let offered = Handoff::Offered { nonce: of("n1") };
        assert_eq!(offered.judge(of("n1"), None), Ok(Claim::NewBrowser));
        assert_eq!(offered.judge(of("guess"), None), Err(NonceRefused));
        let claimed = offered.claimed_by(of("c1"));
        assert_eq!(
            claimed.judge(of("n1"), Some(of("c1"))),
            Ok(Claim::SameBrowser)
        );
        assert_eq!(claimed.judge(of("n1"), None), Err(NonceRefused));
        assert_eq!(
            claimed.judge(of("n1"), Some(of("stolen"))),
            Err(NonceRefused)
        );
    }

    #[test]
    fn opens_again_with_a_fresh_nonce_and_forgets_the_old_one() {
        let renewed = Handoff::Offered { nonce: of("n1") }
            .claimed_by(of("c1"))
            .renew(of("n2"));
        assert_eq!(renewed.judge(of("n1"), Some(of("c1"))), Err(NonceRefused));
        assert_eq!(
            renewed.judge(of("n2"), Some(of("c1"))),
            Ok(Claim::SameBrowser)
        );
        assert_eq!(renewed.judge(of("n2"), None), Ok(Claim::NewBrowser));
        assert!(renewed.belongs_to(Some(of("c1"))));
        let moved = renewed.claimed_by(of("c2"));
        assert!(!moved.belongs_to(Some(of("c1"))));
        assert!(moved.belongs_to(Some(of("c2"))));
    }

    #[test]
    fn belongs_to_nobody_before_it_is_claimed() {
        let offered = Handoff::Offered { nonce: of("n1") };
        assert!(!offered.belongs_to(None));
        assert!(!offered.belongs_to(Some(of("n1"))));
    }
}
