//! Sealed values: where they are, and how one takes another's place.

use super::SqlStore;
use super::read::Columns;
use crate::store::{Saved, SealedColumn, SealedStore, SealedValue, StoreError};
use async_trait::async_trait;

macro_rules! column {
    ($table:literal, $column:literal, $field:literal, version $version:literal, record $record:literal) => {
        SealedColumn {
            table: $table,
            column: $column,
            field: $field,
            select: concat!(
                "SELECT id, ", $record, " AS record, workspace_id, environment, ", $version, " AS version, ",
                $column, " AS sealed FROM ", $table, " WHERE ", $column, " IS NOT NULL AND id > $1 ORDER BY id LIMIT $2"
            ),
            replace: concat!("UPDATE ", $table, " SET ", $column, " = $1 WHERE id = $2 AND ", $column, " = $3"),
        }
    };
    ($table:literal, $column:literal, $field:literal, version $version:literal) => {
        column!($table, $column, $field, version $version, record "id")
    };
}

/// Every column with sealed values: what is missing here is lost with its key.
const COLUMNS: &[SealedColumn] = &[
    column!("widgets", "sealed_signing_secret", "signing_secret", version "signing_secret_version"),
    column!("connections", "sealed_credentials", "credentials", version "credentials_version"),
    column!("revocations", "sealed_credentials", "credentials", version "credentials_version", record "connection_id"),
    column!("authorizations", "sealed_code", "code", version "1"),
    column!("authorizations", "sealed_verifier", "verifier", version "1"),
    column!("service_clients", "sealed_secret", "client_secret", version "version"),
    column!("webhooks", "sealed_secret", "signing_secret", version "secret_version"),
    column!("webhooks", "sealed_previous_secret", "signing_secret", version "previous_secret_version"),
    column!("idempotency_keys", "sealed_answer", "answer", version "1"),
];

#[async_trait]
impl SealedStore for SqlStore {
    fn sealed_columns(&self) -> &'static [SealedColumn] {
        COLUMNS
    }

    async fn sealed_values(
        &self,
        column: &'static SealedColumn,
        after: &str,
        limit: u32,
    ) -> Result<Vec<SealedValue>, StoreError> {
        let rows = sqlx::query(column.select)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        let values = rows.iter().map(|row| {
            let table = column.table;
            let columns = Columns { row, table };
            Ok(SealedValue {
                column,
                id: columns.text("id")?,
                record: columns.text("record")?,
                tenant: columns.tenant()?,
                version: columns.number("version")?,
                sealed: columns.text("sealed")?,
            })
        });
        values.collect()
    }

    async fn replace_sealed(&self, value: &SealedValue, sealed: &str) -> Result<Saved, StoreError> {
        let replaced = sqlx::query(value.column.replace)
            .bind(sealed)
            .bind(&value.id)
            .bind(&value.sealed)
            .execute(&self.pool)
            .await?;
        Ok(Saved::when(replaced.rows_affected() == 1))
    }

    async fn replace_vault_check(&self, before: &str, check: &str) -> Result<Saved, StoreError> {
        let replaced = sqlx::query("UPDATE vault SET check_value = $1 WHERE check_value = $2")
            .bind(check)
            .bind(before)
            .execute(&self.pool)
            .await?;
        Ok(Saved::when(replaced.rows_affected() == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::COLUMNS;

    #[test]
    fn no_sealed_column_of_the_tables_is_missing() {
        let mut named: Vec<_> = COLUMNS
            .iter()
            .map(|column| (column.table, column.column))
            .collect();
        let mut table = "";
        for line in crate::store::sql::migrations::sqlite_text().lines() {
            let words: Vec<_> = line.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE" | "ALTER", "TABLE", name, ..] => table = name,
                [column, ..] if column.starts_with("sealed_") => {
                    let known = named.iter().position(|known| *known == (table, *column));
                    named
                        .remove(known.unwrap_or_else(|| panic!("{table}.{column} is not rotated")));
                }
                _ => {}
            }
            if let ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] = words.as_slice()
                && column.starts_with("sealed_")
            {
                let known = named.iter().position(|known| *known == (*name, *column));
                named.remove(known.unwrap_or_else(|| panic!("{name}.{column} is not rotated")));
            }
        }
        assert!(named.is_empty(), "{named:?}");
    }
}
