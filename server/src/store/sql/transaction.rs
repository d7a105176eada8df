//! Transactions that ring a bell when they are committed.

use sqlx::{Any, AnyConnection, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::Notify;

/// Several statements that happen together or not at all.
pub(super) struct Together {
    transaction: Transaction<'static, Any>,
    changed: Arc<Notify>,
}

impl Together {
    pub(super) fn new(transaction: Transaction<'static, Any>, changed: Arc<Notify>) -> Self {
        Self {
            transaction,
            changed,
        }
    }

    /// Makes it happen; nobody waits to hear of it.
    pub(super) async fn commit_quietly(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }

    /// Makes it happen, and wakes whoever waits for something to happen.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await?;
        self.changed.notify_one();
        Ok(())
    }
}

impl Deref for Together {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Together {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}
