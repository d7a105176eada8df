//! From rows to the domain's types and back.

use crate::domain::tenant::{Tenant, environment_name};
use crate::secret::Digest;
use crate::store::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer as _;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use time::OffsetDateTime;

/// A row of one table, read column by column.
pub(super) struct Columns<'r> {
    pub(super) row: &'r AnyRow,
    pub(super) table: &'static str,
}

impl Columns<'_> {
    pub(super) fn text<T: From<String>>(&self, column: &'static str) -> Result<T, StoreError> {
        Ok(self.row.try_get::<String, _>(column)?.into())
    }

    pub(super) fn optional<T: From<String>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.row.try_get::<Option<String>, _>(column)?.map(T::from))
    }

    pub(super) fn number(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.row.try_get::<i64, _>(column)?).map_err(|_| self.unreadable(column))
    }

    pub(super) fn flag(&self, column: &'static str) -> Result<bool, StoreError> {
        Ok(self.row.try_get::<i64, _>(column)? != 0)
    }

    pub(super) fn time(&self, column: &'static str) -> Result<OffsetDateTime, StoreError> {
        self.optional_time(column)?
            .ok_or_else(|| self.unreadable(column))
    }

    pub(super) fn optional_time(
        &self,
        column: &'static str,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let millis = self.row.try_get::<Option<i64>, _>(column)?;
        let nanos = millis.map(|millis| i128::from(millis) * 1_000_000);
        nanos
            .map(OffsetDateTime::from_unix_timestamp_nanos)
            .transpose()
            .map_err(|_| self.unreadable(column))
    }

    pub(super) fn digest(&self, column: &'static str) -> Result<Digest, StoreError> {
        self.optional_digest(column)?
            .ok_or_else(|| self.unreadable(column))
    }

    pub(super) fn optional_digest(
        &self,
        column: &'static str,
    ) -> Result<Option<Digest>, StoreError> {
        let bytes = self.row.try_get::<Option<Vec<u8>>, _>(column)?;
        bytes
            .map(|bytes| Digest::from_stored(&bytes).ok_or_else(|| self.unreadable(column)))
            .transpose()
    }

    pub(super) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        let text: String = self.text(column)?;
        serde_json::from_str(&text).map_err(|_| self.unreadable(column))
    }

    /// An enum of the wire types, by its name.
    pub(super) fn named<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        self.optional_named(column)?
            .ok_or_else(|| self.unreadable(column))
    }

    pub(super) fn optional_named<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let name = self.optional::<String>(column)?;
        name.map(|name| T::deserialize(name.into_deserializer()))
            .transpose()
            .map_err(|_: serde::de::value::Error| self.unreadable(column))
    }

    pub(super) fn tenant(&self) -> Result<Tenant, StoreError> {
        Ok(Tenant {
            workspace: self.text("workspace_id")?,
            environment: self.named("environment")?,
        })
    }

    pub(super) fn unreadable(&self, column: &'static str) -> StoreError {
        StoreError::Unreadable {
            table: self.table,
            column,
        }
    }
}

/// A time as it is stored.
pub(super) fn millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// The name of an enum of the wire types.
pub(super) fn name<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// A value as it is stored in a JSON column.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The two columns that name a tenant.
pub(super) fn owner(tenant: &Tenant) -> (&str, &'static str) {
    (
        tenant.workspace.as_str(),
        environment_name(tenant.environment),
    )
}
