//! Moments that callers name: RFC 3339.

use std::str::FromStr;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment(pub(super) OffsetDateTime);

/// The text names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Give a moment like 2027-11-22T09:30:00Z.")]
pub(super) struct NotMoment;

impl FromStr for Moment {
    type Err = NotMoment;

    fn from_str(text: &str) -> Result<Self, NotMoment> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map(Self)
            .map_err(|_| NotMoment)
    }
}
