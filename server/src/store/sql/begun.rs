//! Sessions begin far more often than anything else is written: those that begin at the same moment are written in one
//! transaction. A power cut may take the newest of them away, which their visitors answer by loading the widget again;
//! the end of the process takes none.

use super::dialect::Dialect;
use super::is_orphaned;
use super::sessions::insert;
use crate::domain::session::Session;
use crate::secret::Digest;
use crate::store::{Saved, StoreError};
use sqlx::AnyPool;
use tokio::sync::{mpsc, oneshot};

/// The most sessions of one transaction, and of those that wait for the next.
const AT_ONCE: usize = 256;

/// A session on its way into the database.
struct Begun {
    session: Session,
    digest: Digest,
    written: oneshot::Sender<Result<Saved, StoreError>>,
}

/// The way into the database for sessions.
#[derive(Clone, Debug)]
pub(super) struct Beginnings {
    sender: mpsc::Sender<Begun>,
    pool: AnyPool,
}

/// Nobody writes sessions any more: the store is closed.
#[derive(Debug, thiserror::Error)]
#[error("the store is closed")]
struct Closed;

impl Beginnings {
    /// Writes what is handed in, for as long as somebody can hand in something.
    pub(super) fn start(pool: AnyPool, dialect: Dialect) -> Self {
        let (sender, mut waiting) = mpsc::channel(AT_ONCE);
        let own = pool.clone();
        tokio::spawn(async move {
            let mut begun = Vec::with_capacity(AT_ONCE);
            while waiting.recv_many(&mut begun, AT_ONCE).await > 0 {
                write(&own, dialect, &mut begun).await;
            }
        });
        Self { sender, pool }
    }

    /// Waits for what is under way; nothing is written any more.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// Waits until `session` is in the database.
    pub(super) async fn add(&self, session: &Session, digest: Digest) -> Result<Saved, StoreError> {
        let (written, answer) = oneshot::channel();
        let begun = Begun {
            session: session.clone(),
            digest,
            written,
        };
        self.sender.send(begun).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

fn closed() -> StoreError {
    StoreError::Database(Box::new(Closed))
}

/// Writes all of them together; where one cannot be, each by itself.
async fn write(pool: &AnyPool, dialect: Dialect, begun: &mut Vec<Begun>) {
    let together = begun.len() > 1 && write_together(pool, dialect, begun).await.is_ok();
    for Begun {
        session,
        digest,
        written,
    } in begun.drain(..)
    {
        let result = if together {
            Ok(Saved::Done)
        } else {
            write_one(pool, &session, digest).await
        };
        // Whoever asked may have gone away.
        let _ = written.send(result);
    }
}

async fn write_one(pool: &AnyPool, session: &Session, digest: Digest) -> Result<Saved, StoreError> {
    match insert(&mut *pool.acquire().await?, session, digest).await {
        Ok(()) => Ok(Saved::Done),
        Err(error) if is_orphaned(&error) => Ok(Saved::Conflict),
        Err(error) => Err(error.into()),
    }
}

async fn write_together(
    pool: &AnyPool,
    dialect: Dialect,
    begun: &[Begun],
) -> Result<(), StoreError> {
    let mut transaction = pool.begin_with(dialect.begin()).await?;
    for Begun {
        session, digest, ..
    } in begun
    {
        insert(&mut transaction, session, *digest).await?;
    }
    Ok(transaction.commit().await?)
}
