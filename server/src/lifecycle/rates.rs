//! How much was asked for in the last minute, of this server and of all servers on the database.

use crate::app::App;
use crate::limits::Rates;
use crate::secret::Digest;
use crate::store::StoreError;
use std::hash::Hash;

/// Counts one more of `key`, at most `limit` a minute: in this server first, which spares the database what is too much
/// already, then over all servers, where it is known as `name`. The inner error says how many seconds to wait; then it
/// is not counted.
pub async fn count<K: Eq + Hash + Clone>(
    app: &App,
    rates: &Rates<K>,
    key: K,
    name: &str,
    limit: usize,
) -> Result<Result<(), u64>, StoreError> {
    if let Err(wait) = rates.count(key, limit, app.now()) {
        return Ok(Err(wait));
    }
    if !app.store.is_shared() {
        return Ok(Ok(()));
    }
    // Addresses are not kept as such.
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let counted = app.store.count(Digest::of(name), limit).await?;
    Ok(counted.map_err(|millis| millis / 1000 + 1))
}
