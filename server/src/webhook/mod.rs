//! The client side of webhooks (the Standard Webhooks specification): signatures, and sending. Stores nothing; when
//! what is sent to whom is the lifecycle's.

mod send;
mod sign;

pub use send::{Answer, BadUrl, SendError, Sender};
pub use sign::{BadSecret, Message, new_secret};

use crate::domain::id::WebhookId;
use crate::keyed::Counters;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// How many messages a server sends at a time, to all endpoints together.
const AT_ONCE: usize = 256;

/// What deliveries share.
#[derive(Debug)]
pub struct Webhooks {
    /// Sends.
    pub sender: Sender,
    /// One for each message that is being sent.
    pub permits: Semaphore,
    /// How many messages this server is sending to each endpoint.
    pub endpoints: Counters<WebhookId>,
    /// The deliveries under way.
    pub tasks: TaskTracker,
}

impl Webhooks {
    /// Nothing is under way yet.
    #[must_use]
    pub fn new(sender: Sender) -> Self {
        let tasks = TaskTracker::new();
        // So that one can wait for those under way at any time.
        tasks.close();
        Self {
            sender,
            permits: Semaphore::new(AT_ONCE),
            endpoints: Counters::default(),
            tasks,
        }
    }
}
