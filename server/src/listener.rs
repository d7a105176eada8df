//! Accepts connections, with TLS or without, and ends them gracefully. Nobody is waited for who sends nothing or reads
//! nothing, and only so many at a time are let in.

mod patience;

use crate::measure::{OpenConnection, names};
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use patience::Patient;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

/// How long a connection may take to send a request's headers, its first byte included.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a client may read nothing of its answer; see [`Bounds::stalled`].
pub const STALL_TIMEOUT: Duration = Duration::from_secs(20);
/// The most bytes of a request's headers.
const MAX_HEADERS: usize = 32 * 1024;
/// How long requests that are under way may take when the server ends.
const LAST_ANSWERS: Duration = Duration::from_secs(25);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long one may take to send a request's headers; as long may it be idle, and shake hands.
    pub headers: Duration,
    /// How long a client may read nothing of its answer; beyond that it has to read 1 KiB a second.
    pub stalled: Duration,
    /// How many may be open at a time.
    pub connections: usize,
}

/// The address at the other end of a connection: a client's, or a reverse proxy's.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// What a listener serves.
pub struct Serving {
    /// The routes.
    pub router: Router,
    /// TLS, where the server speaks it itself.
    pub tls: Option<TlsAcceptor>,
    /// What connections may take.
    pub bounds: Bounds,
}

/// Serves until `ending` is cancelled and all requests under way are answered.
pub async fn serve(listener: TcpListener, serving: Serving, ending: CancellationToken) {
    // HTTP/1 only: without TLS no browser speaks HTTP/2, and a version that is yet to be found out has no time-out.
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(serving.bounds.headers)
        .max_buf_size(MAX_HEADERS);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(serving.bounds.connections));
    let serving = Arc::new(Conversing { serving, builder });
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = ending.cancelled() => break,
        };
        match accepted {
            Ok(accepted) => {
                let (serving, watcher, ending) =
                    (serving.clone(), graceful.watcher(), ending.clone());
                tokio::spawn(async move { serving.converse(accepted, watcher, ending).await });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                // Out of file descriptors: trying at once would only burn the processor.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST_ANSWERS, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were still under way when the server ended");
    }
}

struct Accepted {
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
}

/// The next connection, once there is a place for it; until then it waits in the system's queue.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> std::io::Result<Accepted> {
    let place = places.clone().acquire_owned().await;
    let place = place.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok(Accepted {
        stream,
        peer,
        place,
    })
}

/// What all conversations have in common.
struct Conversing {
    serving: Serving,
    builder: http1::Builder,
}

impl Conversing {
    /// From the first byte of a connection to its last. A handshake is not waited for when the server ends.
    async fn converse(&self, accepted: Accepted, watcher: Watcher, ending: CancellationToken) {
        let Accepted {
            stream,
            peer,
            place: _place,
        } = accepted;
        let _open = OpenConnection::count();
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "answers may be sent late");
        }
        let Bounds {
            headers, stalled, ..
        } = self.serving.bounds;
        let stream = Patient::new(stream, stalled);
        let Some(tls) = &self.serving.tls else {
            return self.answer(stream, peer, watcher).await;
        };
        let handshake = tokio::time::timeout(headers, tls.accept(stream));
        let shaken = tokio::select! {
            shaken = handshake => shaken.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())),
            () = ending.cancelled() => return,
        };
        match shaken {
            Ok(stream) => self.answer(stream, peer, watcher).await,
            Err(error) => {
                metrics::counter!(names::TLS_FAILURES).increment(1);
                tracing::debug!(%error, "a handshake failed");
            }
        }
    }

    /// Answers the requests of one connection.
    async fn answer<S>(&self, stream: S, peer: SocketAddr, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let router = &self.serving.router;
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            router.clone().call(request)
        });
        let connection = self.builder.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Serving, serve};
    use axum::Router;
    use axum::routing::get;
    use std::net::SocketAddr;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_rustls::TlsAcceptor;
    use tokio_util::sync::{CancellationToken, DropGuard};

    /// More than the system keeps of what nobody reads.
    const MUCH: usize = 64 * 1024 * 1024;

    async fn started(connections: usize) -> (SocketAddr, DropGuard) {
        started_with(connections, None).await
    }

    async fn started_with(connections: usize, tls: Option<TlsAcceptor>) -> (SocketAddr, DropGuard) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let ending = CancellationToken::new();
        let router = Router::new()
            .route("/", get(async || "here"))
            .route("/much", get(async || vec![b'x'; MUCH]));
        let serving = Serving {
            router,
            tls,
            bounds: Bounds {
                headers: Duration::from_millis(200),
                stalled: Duration::from_millis(200),
                connections,
            },
        };
        tokio::spawn(serve(listener, serving, ending.clone()));
        (address, ending.drop_guard())
    }

    /// Sends `text` and reads until the server closes.
    async fn until_closed(address: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        let closed = tokio::time::timeout(Duration::from_secs(20), read).await;
        closed.expect("it is closed in time").unwrap();
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn closes_connections_that_send_nothing_or_not_all() {
        let (address, _ending) = started(10).await;
        for text in [
            "",
            "P",
            "PRI * HTTP/2",
            "GET / HT",
            "GET / HTTP/1.1\r\nhost: a\r\n",
        ] {
            let answer = until_closed(address, text).await;
            assert!(!answer.contains("here"), "{text}: {answer}");
        }
        // One that was answered and then stays silent is closed as well.
        let answer = until_closed(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        assert!(answer.ends_with("here"), "{answer}");
    }

    #[tokio::test]
    async fn lets_in_only_so_many_at_a_time() {
        let (address, _ending) = started(1).await;
        let mut first = TcpStream::connect(address).await.unwrap();
        let asked = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let answer = until_closed(address, asked).await;
        assert!(answer.ends_with("here"), "{answer}");
        // Only after the first was gone was there a place for the second.
        let gone = futures_util::poll!(std::pin::pin!(first.read(&mut [0; 64])));
        assert!(matches!(gone, std::task::Poll::Ready(Ok(0))), "{gone:?}");
    }

    #[tokio::test]
    async fn closes_connections_that_do_not_read_their_answer() {
        let (address, _ending) = started(1).await;
        let mut greedy = TcpStream::connect(address).await.unwrap();
        greedy
            .write_all(b"GET /much HTTP/1.1\r\nhost: a\r\n\r\n")
            .await
            .unwrap();
        // It holds the only place, until it is thrown out.
        let asked = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let answer = until_closed(address, asked).await;
        assert!(answer.ends_with("here"), "{answer}");
        let mut got = Vec::new();
        let _ = greedy.read_to_end(&mut got).await;
        assert!(got.starts_with(b"HTTP/1.1 200 OK") && got.len() < MUCH);
    }

    #[tokio::test]
    async fn closes_connections_that_do_not_shake_hands() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("a"), folder.path().join("b"));
        let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&certificate, pair.cert.pem()).unwrap();
        std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
        let tls = crate::tls::Tls::open((&certificate, &key)).unwrap();
        let (address, _ending) = started_with(1, Some(tls.acceptor())).await;
        // One place: each is let in only because the one before was thrown out.
        let plain = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        for text in ["", "\u{16}", plain] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(text.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            assert!(!answer.windows(4).any(|part| part == b"here"), "{text}");
        }
    }
}
