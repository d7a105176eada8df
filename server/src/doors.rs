//! Where requests come in: the sockets, and what is served on each.

use crate::app::SharedApp;
use crate::listener::{self, Bounds, HEADER_TIMEOUT, STALL_TIMEOUT, Serving};
use crate::routes;
use crate::server::StartError;
use crate::tls::Tls;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;

/// How many connections may wait to be accepted: as many as come back at once after a restart.
const BACKLOG: u32 = 4096;

/// Where requests come in.
pub(crate) struct Doors {
    /// For everything else.
    pub(crate) listener: TcpListener,
    /// For the metrics alone.
    pub(crate) metrics: Option<TcpListener>,
    /// The certificate, where the server has one of its own.
    pub(crate) tls: Option<Tls>,
}

/// Serves requests.
pub(crate) fn open_doors(app: &SharedApp, doors: Doors) -> Vec<JoinHandle<()>> {
    let Doors {
        listener,
        metrics,
        tls,
    } = doors;
    let bounds = Bounds {
        headers: HEADER_TIMEOUT,
        stalled: STALL_TIMEOUT,
        connections: app.config.limits.connections,
    };
    let serve = |listener, router, tls| {
        let serving = Serving {
            router,
            tls,
            bounds,
        };
        tokio::spawn(listener::serve(listener, serving, app.ending.clone()))
    };
    let acceptor = tls.as_ref().map(Tls::acceptor);
    let mut tasks = vec![serve(listener, routes::router(app.clone()), acceptor)];
    tasks.extend(metrics.map(|listener| {
        let router = routes::metrics::router(app.clone());
        serve(listener, router, None)
    }));
    tasks.extend(tls.map(|tls| tokio::spawn(tls.watch(app.ending.clone()))));
    tasks
}

/// Listens at `address`; answers where that is, should the port have been left open.
pub(crate) fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |source| StartError::Listen { address, source };
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let socket = socket.map_err(refused)?;
    socket.set_reuseaddr(true).map_err(refused)?;
    socket.bind(address).map_err(refused)?;
    let listener = socket.listen(BACKLOG).map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    Ok((listener, bound))
}
