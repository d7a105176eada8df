//! Posts messages to endpoints, with a guarded client: each attempt judges the address anew.

use super::sign::Message;
use crate::outgoing::{self, BlockedAddress, Guard, HttpSetupError};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use std::error::Error;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use url::Url;

const USER_AGENT: &str = concat!("Railhead/", env!("CARGO_PKG_VERSION"));
/// The longest address.
const MAX_URL: usize = 2_048;
/// As much of an answer's body is read, so that the connection can be used again; nothing of it is kept.
const MAX_BODY: usize = 4 * 1024;
/// How long its end is waited for.
const BODY_PATIENCE: Duration = Duration::from_secs(1);

/// Posts messages.
#[derive(Clone, Debug)]
pub struct Sender {
    client: Client,
    guard: Guard,
    timeout: Duration,
}

/// What an endpoint answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// How long it asks to be left alone.
    pub retry_after: Option<time::Duration>,
}

/// Why there is no answer. Names no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The address is not one to send to.
    #[error("the address is refused")]
    Refused,
    /// No connection could be made or kept.
    #[error("the endpoint cannot be reached")]
    Unreachable,
    /// No answer came in time.
    #[error("the endpoint did not answer in time")]
    TimedOut,
}

/// Why nothing can be sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// It is none.
    #[error("Give the address of your endpoint, such as https://example.com/webhooks.")]
    NotUrl,
    /// It is too long.
    #[error("An address has at most 2048 characters.")]
    TooLong,
    /// It is not one to send to.
    #[error(
        "Messages are sent to public https addresses without a user name only; of this one: {0}."
    )]
    Refused(&'static str),
}

impl Sender {
    /// Sends to what `guard` allows; an endpoint has `timeout` to answer.
    pub fn new(guard: Guard, timeout: Duration) -> Result<Self, HttpSetupError> {
        let client = outgoing::client(&guard)
            .user_agent(USER_AGENT)
            .timeout(timeout)
            .build()
            .map_err(HttpSetupError)?;
        Ok(Self {
            client,
            guard,
            timeout,
        })
    }

    /// How long an endpoint has to answer.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The address that `text` gives, if messages can be sent there. What its name leads to is seen at each attempt.
    pub fn address(&self, text: &str) -> Result<Url, BadUrl> {
        if text.len() > MAX_URL {
            return Err(BadUrl::TooLong);
        }
        let mut url = Url::parse(text).map_err(|_| BadUrl::NotUrl)?;
        self.guard.check_url(&url).map_err(BadUrl::Refused)?;
        url.set_fragment(None);
        Ok(url)
    }

    /// Posts `message`, once.
    pub async fn send(
        &self,
        url: &str,
        message: Message<'_>,
        signatures: &str,
    ) -> Result<Answer, SendError> {
        let url = self.address(url).map_err(|_| SendError::Refused)?;
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.at.unix_timestamp())
            .header("webhook-signature", signatures)
            .body(message.body.to_owned());
        let response = request.send().await.map_err(|error| classify(&error))?;
        let header = response.headers().get(RETRY_AFTER);
        let asked = header.and_then(|value| value.to_str().ok());
        let answer = Answer {
            status: response.status(),
            retry_after: asked.and_then(|text| wait_asked(text, message.at)),
        };
        // Whether the body comes or not changes nothing any more.
        let _: Result<(), _> = tokio::time::timeout(BODY_PATIENCE, drain(response)).await;
        Ok(answer)
    }
}

async fn drain(mut response: Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > MAX_BODY {
            return;
        }
    }
}

/// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
fn wait_asked(text: &str, now: OffsetDateTime) -> Option<time::Duration> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(time::Duration::seconds(seconds.into()));
    }
    let date = OffsetDateTime::parse(text.trim(), &Rfc2822).ok()?;
    Some(date - now).filter(|wait| wait.is_positive())
}

fn classify(error: &reqwest::Error) -> SendError {
    let mut causes = std::iter::successors(Some(error as &dyn Error), |&error| error.source());
    if causes.any(<dyn Error>::is::<BlockedAddress>) {
        SendError::Refused
    } else if error.is_timeout() {
        SendError::TimedOut
    } else {
        SendError::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use super::{BadUrl, SendError, Sender, wait_asked};
    use crate::outgoing::{Guard, Names};
    use crate::webhook::Message;
    use std::io;
    use std::net::IpAddr;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use time::OffsetDateTime;

    /// Names that lead where their owner says, first here, then there.
    struct Rebinding(Vec<IpAddr>, Arc<AtomicUsize>);

    impl Names for Rebinding {
        fn lookup(
            &self,
            _: String,
        ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
            let asked = self.1.fetch_add(1, Ordering::SeqCst);
            let ip = self.0[asked.min(self.0.len() - 1)];
            Box::pin(async move { Ok(vec![ip]) })
        }
    }

    const MESSAGE: Message<'_> = Message {
        id: "evt_1",
        at: OffsetDateTime::UNIX_EPOCH,
        body: "{}",
    };

    async fn outcome(
        networks: &[&str],
        leads_to: &[&str],
    ) -> (Option<SendError>, usize, Result<bool, io::Error>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let networks: Vec<_> = networks.iter().map(|text| text.parse().unwrap()).collect();
        let ips = leads_to.iter().map(|ip| ip.parse().unwrap()).collect();
        let guard = Guard::new(false, &networks).with_names(Rebinding(ips, asked.clone()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "https://hooks.example:{}/",
            listener.local_addr().unwrap().port()
        );
        let sender = Sender::new(guard, Duration::from_millis(300)).unwrap();
        let (sent, reached) = tokio::join!(
            sender.send(&url, MESSAGE, "v1,x"),
            tokio::time::timeout(Duration::from_millis(300), listener.accept())
        );
        (
            sent.err(),
            asked.load(Ordering::SeqCst),
            Ok(reached.is_ok()),
        )
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_never_connected_to() {
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "::1",
            "::ffff:127.0.0.1",
        ] {
            let (error, asked, reached) = outcome(&[], &[inside]).await;
            assert_eq!((error, asked), (Some(SendError::Refused), 1), "{inside}");
            assert!(!reached.unwrap());
        }
    }

    #[tokio::test]
    async fn the_address_that_was_judged_is_the_one_connected_to() {
        // A second look-up would lead to this machine, where somebody listens.
        let (_, asked, reached) = outcome(&["192.0.2.0/24"], &["192.0.2.1", "127.0.0.1"]).await;
        assert_eq!(asked, 1);
        assert!(!reached.unwrap());
        // The same with an address that is allowed is connected to: the test can see it.
        let (_, _, reached) = outcome(&["127.0.0.0/8"], &["127.0.0.1"]).await;
        assert!(reached.unwrap());
    }

    #[test]
    fn only_https_addresses_without_credentials_are_endpoints() {
        let sender = Sender::new(Guard::new(false, &[]), Duration::from_secs(1)).unwrap();
        let refused = |url: &str| sender.address(url).unwrap_err();
        assert_eq!(refused("hooks"), BadUrl::NotUrl);
        assert_eq!(
            refused("https://u:p@example.com/"),
            BadUrl::Refused("it holds a user name")
        );
        for url in [
            "http://example.com/",
            "ftp://example.com/",
            "http://localhost/",
        ] {
            assert!(matches!(refused(url), BadUrl::Refused(_)), "{url}");
        }
        assert_eq!(
            refused(&format!("https://example.com/{}", "x".repeat(2_048))),
            BadUrl::TooLong
        );
        let kept = sender.address("https://example.com/a?b=c#d").unwrap();
        assert_eq!(kept.as_str(), "https://example.com/a?b=c");
    }

    #[test]
    fn hears_how_long_an_endpoint_wants_to_be_left_alone() {
        let now = OffsetDateTime::from_unix_timestamp(784_111_777 - 60).unwrap();
        let minute = Some(time::Duration::MINUTE);
        assert_eq!(wait_asked("60", now), minute);
        assert_eq!(wait_asked("Sun, 06 Nov 1994 08:49:37 GMT", now), minute);
        for nothing in ["", "soon", "-5", "Sun, 06 Nov 1993 08:49:37 GMT"] {
            assert_eq!(wait_asked(nothing, now), None, "{nothing}");
        }
    }
}
