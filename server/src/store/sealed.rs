//! Everything that is sealed, wherever it is stored: for the rotation of keys, and to prove that it opens.

use super::{Saved, StoreError};
use crate::domain::tenant::Tenant;
use async_trait::async_trait;

/// Sealed values of all tenants.
#[async_trait]
pub trait SealedStore: Send + Sync + 'static {
    /// The columns that hold sealed values.
    fn sealed_columns(&self) -> &'static [SealedColumn];

    /// At most `limit` values of a column whose record's id is greater than `after`, in the order of their ids.
    async fn sealed_values(
        &self,
        column: &'static SealedColumn,
        after: &str,
        limit: u32,
    ) -> Result<Vec<SealedValue>, StoreError>;

    /// Writes what `value` is sealed as now; [`Saved::Conflict`] when it is not what it was any more.
    async fn replace_sealed(&self, value: &SealedValue, sealed: &str) -> Result<Saved, StoreError>;

    /// Writes by what the vault recognises its keys from now on; [`Saved::Conflict`] when it is not `before` any more.
    async fn replace_vault_check(&self, before: &str, check: &str) -> Result<Saved, StoreError>;
}

/// One column of sealed values.
#[derive(Debug)]
pub struct SealedColumn {
    /// Its table.
    pub table: &'static str,
    /// Its name.
    pub column: &'static str,
    /// What the vault knows it as.
    pub field: &'static str,
    pub(super) select: &'static str,
    pub(super) replace: &'static str,
}

/// One sealed value and where it belongs.
#[derive(Clone, Debug)]
pub struct SealedValue {
    /// Its column.
    pub column: &'static SealedColumn,
    /// Its row.
    pub id: String,
    /// The record that the vault knows it as a part of; mostly the row itself.
    pub record: String,
    /// Whose it is.
    pub tenant: Tenant,
    /// Its version.
    pub version: u32,
    /// The value as it is stored.
    pub sealed: String,
}
