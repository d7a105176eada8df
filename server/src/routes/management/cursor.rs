//! Pages of a list: a cursor says after which entry the next page begins. Opaque to callers.

use crate::routes::border::problem::Refusal;
use crate::store::Page;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::IntoParams;

/// The query of a list that knows no filters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// Entries on a page; 50 without it.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<u32>,
    /// From the page before, its `nextCursor`.
    pub(super) cursor: Option<String>,
}

/// Entries on a page unless the caller asks for another number.
const DEFAULT_LIMIT: u32 = 50;
/// The most entries on a page.
const MAX_LIMIT: u32 = 200;

/// Which parameter is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PageError {
    #[error("A page has 1 to 200 entries.")]
    Limit,
    #[error("The cursor is not one that was given out; begin without one.")]
    Cursor,
}

impl PageError {
    /// The parameter.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Cursor => "cursor",
        }
    }
}

impl From<PageError> for Refusal {
    fn from(error: PageError) -> Self {
        Self::invalid(error.to_string()).field(error.field())
    }
}

/// The page asked for, with one entry more, which tells whether another page follows.
pub(super) fn page(limit: Option<u32>, cursor: Option<&str>) -> Result<(Page, usize), PageError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(PageError::Limit);
    }
    let after = cursor
        .map(|cursor| decode(cursor).ok_or(PageError::Cursor))
        .transpose()?;
    let shown = usize::try_from(limit).map_err(|_| PageError::Limit)?;
    Ok((
        Page {
            after,
            limit: limit + 1,
        },
        shown,
    ))
}

/// The entries to show, and the cursor of the page after them. `mark` says when an entry was created, and its id.
pub(super) fn cut<T>(
    mut found: Vec<T>,
    shown: usize,
    mark: impl Fn(&T) -> (OffsetDateTime, &str),
) -> (Vec<T>, Option<String>) {
    let more = found.len() > shown;
    found.truncate(shown);
    let last = found.last().filter(|_| more).map(mark);
    let next = last.map(|(created_at, id)| cursor(created_at, id));
    (found, next)
}

/// The cursor that continues after an entry.
pub(super) fn cursor(created_at: OffsetDateTime, id: &str) -> String {
    let millis = created_at.unix_timestamp_nanos() / 1_000_000;
    URL_SAFE_NO_PAD.encode(format!("{millis} {id}"))
}

fn decode(cursor: &str) -> Option<(i64, String)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (millis, id) = text.split_once(' ')?;
    Some((millis.parse().ok()?, id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{PageError, cursor, page};
    use time::OffsetDateTime;

    #[test]
    fn continues_after_the_entry_a_cursor_was_made_from() {
        let at = OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(1234);
        let (asked, shown) = page(Some(2), Some(&cursor(at, "con_1"))).unwrap();
        assert_eq!(
            (asked.after, asked.limit, shown),
            (Some((1234, "con_1".to_owned())), 3, 2)
        );
    }

    #[test]
    fn refuses_cursors_nobody_gave_out_and_pages_without_end() {
        assert_eq!(page(None, Some("!")).unwrap_err(), PageError::Cursor);
        assert_eq!(
            page(None, Some("bm9uc2Vuc2U")).unwrap_err(),
            PageError::Cursor
        );
        assert_eq!(page(Some(0), None).unwrap_err(), PageError::Limit);
        assert_eq!(page(Some(201), None).unwrap_err(), PageError::Limit);
    }
}
