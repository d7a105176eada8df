//! A wire to the demo provider that can be cut: a service that is away.

use super::process::free_port;
use super::{Setup, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// The wire.
pub(crate) struct Switch(Arc<AtomicBool>);

impl Switch {
    /// A world whose provider can go away.
    pub(crate) async fn world() -> (World, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shown = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let provider = format!("127.0.0.1:{}", free_port());
        let connected = Arc::new(AtomicBool::new(true));
        tokio::spawn(forward(listener, provider.clone(), connected.clone()));
        let setup = Setup {
            provider: demo_provider::Config {
                listen: provider.parse().unwrap(),
                public_url: Some(shown),
                ..demo_provider::Config::default()
            },
            ..Setup::default()
        };
        (World::with(setup).await, Self(connected))
    }

    /// From now on nobody reaches the provider.
    pub(crate) fn cut(&self) {
        self.0.store(false, Ordering::SeqCst);
    }

    /// From now on everybody does.
    pub(crate) fn mend(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

async fn forward(listener: TcpListener, provider: String, connected: Arc<AtomicBool>) {
    loop {
        let (mut near, _) = listener.accept().await.unwrap();
        if !connected.load(Ordering::SeqCst) {
            continue;
        }
        let (provider, connected) = (provider.clone(), connected.clone());
        tokio::spawn(async move {
            let Ok(mut far) = TcpStream::connect(provider).await else {
                return;
            };
            let cut = async {
                while connected.load(Ordering::SeqCst) {
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
            };
            tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => {}
                () = cut => {}
            }
        });
    }
}
