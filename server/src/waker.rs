//! Wakes long-polls and waiting callbacks when an authorization changes. A wake-up is only a hint to read the
//! database again, which alone knows the truth; a lost one costs time, nothing else.

use crate::domain::id::AuthorizationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

type Waiting = HashMap<AuthorizationId, (usize, Arc<Notify>)>;

/// Who waits for what.
#[derive(Clone, Debug, Default)]
pub struct Waker(Arc<Mutex<Waiting>>);

/// A place among those who wait. Register before reading the state that is waited upon.
#[derive(Debug)]
pub struct Subscription {
    waker: Waker,
    id: AuthorizationId,
    notify: Arc<Notify>,
}

impl Waker {
    /// Waits for changes of `id` from now on.
    #[must_use]
    pub fn subscribe(&self, id: &AuthorizationId) -> Subscription {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, notify) = waiting.entry(id.clone()).or_default();
        *count += 1;
        Subscription {
            waker: self.clone(),
            id: id.clone(),
            notify: notify.clone(),
        }
    }

    /// Wakes everybody who waits for `id`.
    pub fn wake(&self, id: &AuthorizationId) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, notify)) = waiting.get(id) {
            notify.notify_waiters();
        }
    }

    /// How many wait, for anything.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.values().map(|(count, _)| count).sum()
    }
}

impl Subscription {
    /// The next wake-up. Counts from the moment its future is made and enabled, see [`tokio::sync::futures::Notified`].
    pub fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.notify.notified()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut waiting = self.waker.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((count, _)) = waiting.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Waker;

    #[tokio::test]
    async fn wakes_all_who_wait_and_forgets_them() {
        let waker = Waker::default();
        let (one, two) = (
            waker.subscribe(&"ath_1".into()),
            waker.subscribe(&"ath_1".into()),
        );
        let other = waker.subscribe(&"ath_2".into());
        let (first, second) = (one.changed(), two.changed());
        waker.wake(&"ath_1".into());
        first.await;
        second.await;
        assert_eq!(waker.waiting(), 3);
        drop((one, two, other));
        assert_eq!(waker.waiting(), 0);
    }
}
