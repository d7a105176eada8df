//! Accepts connections and ends them gracefully. Nobody is waited for who sends nothing, and only so many at a time
//! are let in.

use crate::limits::ClientAddress;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

/// How long a connection may take to send a request's headers, its first byte included.
pub const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// The most bytes of a request's headers.
const MAX_HEADERS: usize = 32 * 1024;
/// How long requests that are under way may take when the server ends.
const LAST_ANSWERS: Duration = Duration::from_secs(25);

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long one may take to send a request's headers; as long may it be idle.
    pub headers: Duration,
    /// How many may be open at a time.
    pub connections: usize,
}

/// Serves `router` until `ending` is cancelled and all requests under way are answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    ending: CancellationToken,
    bounds: Bounds,
) {
    // HTTP/1 only: without TLS no browser speaks HTTP/2, and a version that is yet to be found out has no time-out.
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.headers)
        .max_buf_size(MAX_HEADERS);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(bounds.connections));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = ending.cancelled() => break,
        };
        match accepted {
            Ok(accepted) => answer(accepted, &builder, &router, &graceful),
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

fn answer(
    accepted: Accepted,
    builder: &http1::Builder,
    router: &Router,
    graceful: &GracefulShutdown,
) {
    let Accepted {
        stream,
        peer,
        place,
    } = accepted;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "answers may be sent late");
    }
    let router = router.clone();
    let client = ClientAddress::of(peer.ip());
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(client);
        router.clone().call(request)
    });
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}

#[cfg(test)]
mod tests {
    use super::{Bounds, serve};
    use axum::Router;
    use axum::routing::get;
    use std::net::SocketAddr;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio_util::sync::{CancellationToken, DropGuard};

    async fn started(connections: usize) -> (SocketAddr, DropGuard) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let ending = CancellationToken::new();
        let router = Router::new().route("/", get(async || "here"));
        let bounds = Bounds {
            headers: Duration::from_millis(200),
            connections,
        };
        tokio::spawn(serve(listener, router, ending.clone(), bounds));
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
}
