//! Starting and stopping a provider.

use crate::{Config, Records, app::App, routes};
use std::{
    fmt, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use url::Url;

/// The provider, before it runs.
#[derive(Clone, Copy, Debug)]
pub struct Provider;

/// Why a provider doesn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not allowed.
    #[error("can't listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The public address is not one browsers could open.
    #[error("the public address {0:?} is not an http or https address without query")]
    PublicUrl(String),
    /// A folder with service files isn't there.
    #[error("the services folder {} doesn't exist", .0.display())]
    NoServicesFolder(PathBuf),
}

/// A running provider. Dropping it stops it: requests under way are finished, new ones are not taken.
#[must_use = "a provider stops when it is dropped"]
pub struct Running {
    /// Its address, without a slash at the end.
    pub url: String,
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Provider {
    /// Binds the address and starts to answer.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        if let Some(folder) = config.services.iter().find(|folder| !Path::is_dir(folder)) {
            return Err(StartError::NoServicesFolder(folder.clone()));
        }
        let address = config.listen;
        let failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let public_url = public_url(config.public_url.as_deref(), bound)?;
        let url = public_url.as_str().trim_end_matches('/').to_owned();
        let app = Arc::new(App::new(config, public_url));
        let router = routes::router(Arc::clone(&app));
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            // A sender that was dropped is a signal, too.
            let signal = async { _ = stopped.await };
            if let Err(error) = axum::serve(listener, router)
                .with_graceful_shutdown(signal)
                .await
            {
                tracing::error!(%error, "the provider stopped");
            }
        });
        Ok(Running {
            url,
            app,
            stop: Some(stop),
            serving,
        })
    }
}

impl Running {
    /// What was asked how often, up to now.
    #[must_use]
    pub fn records(&self) -> Records {
        self.app.grants().records()
    }

    /// Stops and waits until the last request is answered.
    pub async fn stop(mut self) {
        self.signal();
        if let Err(error) = (&mut self.serving).await {
            tracing::error!(%error, "the provider did not stop cleanly");
        }
    }

    fn signal(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens any more when it has stopped already.
            _ = stop.send(());
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Running")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.signal();
    }
}

fn public_url(given: Option<&str>, bound: SocketAddr) -> Result<Url, StartError> {
    let text = match given {
        Some(given) => given.to_owned(),
        None if bound.ip().is_loopback() => format!("http://localhost:{}", bound.port()),
        None => format!("http://{bound}"),
    };
    let url = Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
    });
    url.ok_or(StartError::PublicUrl(text))
}

#[cfg(test)]
mod tests {
    use super::public_url;

    #[test]
    fn says_localhost_when_it_is_reachable_from_this_machine_only() {
        let made = |given, bound: &str| public_url(given, bound.parse().unwrap()).map(String::from);
        assert_eq!(
            made(None, "127.0.0.1:4401").unwrap(),
            "http://localhost:4401/"
        );
        assert_eq!(made(None, "192.0.2.1:80").unwrap(), "http://192.0.2.1/");
        assert_eq!(
            made(Some("https://demo.example/oauth"), "127.0.0.1:1").unwrap(),
            "https://demo.example/oauth"
        );
        assert!(made(Some("demo.example"), "127.0.0.1:1").is_err());
        assert!(made(Some("https://demo.example/?a"), "127.0.0.1:1").is_err());
    }
}
