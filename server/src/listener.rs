//! Accepts connections and ends them gracefully. Slow senders of headers are not waited for.

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// How long a connection may take to send a request's headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// The most bytes of a request's headers.
const MAX_HEADERS: usize = 32 * 1024;
/// How long requests that are under way may take when the server ends.
const LAST_ANSWERS: Duration = Duration::from_secs(25);

/// Serves `router` until `ending` is cancelled and all requests under way are answered.
pub async fn serve(listener: TcpListener, router: Router, ending: CancellationToken) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(32 * 1024);
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = ending.cancelled() => break,
        };
        match stream {
            Ok((stream, _)) => answer(stream, &builder, &router, &graceful),
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

fn answer(
    stream: TcpStream,
    builder: &auto::Builder<TokioExecutor>,
    router: &Router,
    graceful: &GracefulShutdown,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "answers may be sent late");
    }
    let service = TowerToHyperService::new(router.clone());
    let connection = builder
        .serve_connection(TokioIo::new(stream), service)
        .into_owned();
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(error, "a connection ended early");
        }
    });
}
