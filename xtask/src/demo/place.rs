//! Where one demo lives: its ports, its addresses and its folder.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// The server's port when none is asked for.
pub(super) const DEFAULT_PORT: u16 = 4400;

/// Ports, addresses and folder of one demo.
#[derive(Debug)]
pub(super) struct Place {
    ports: [u16; 5],
    data: PathBuf,
}

impl Place {
    /// Each port base has a folder of its own, for the addresses are kept in there.
    pub(super) fn new(workspace: &Workspace, base: u16) -> Result<Self> {
        let last = base
            .checked_add(4)
            .context("--port-base must be below 65532")?;
        let data = if base == DEFAULT_PORT {
            workspace.path(".railhead/demo")
        } else {
            workspace.path(format!(".railhead/demo-{base}"))
        };
        Ok(Self {
            ports: [base, base + 1, base + 2, base + 3, last],
            data,
        })
    }

    /// Fails with what to do when a port is taken.
    pub(super) fn expect_free_ports(&self) -> Result<()> {
        for port in self.ports {
            if let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
                bail!(
                    "port {port} cannot be used ({error}); perhaps another demo is running. Stop it, or take other ports: cargo xtask demo --port-base {}",
                    self.other_base()
                );
            }
        }
        Ok(())
    }

    /// The folder of database, keys and settings.
    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// The same folder as seen from the repository's root.
    pub(super) fn shown_data(&self, workspace: &Workspace) -> String {
        let shown = self.data.strip_prefix(workspace.root());
        shown.unwrap_or(&self.data).display().to_string()
    }

    /// The server's settings.
    pub(super) fn settings_file(&self) -> PathBuf {
        self.data.join("railhead.toml")
    }

    /// The demo's own services, with this place's addresses in them.
    pub(super) fn services(&self) -> PathBuf {
        self.data.join("services")
    }

    /// The server's port.
    pub(super) fn server_port(&self) -> u16 {
        self.ports[0]
    }

    /// The demo provider's port.
    pub(super) fn provider_port(&self) -> u16 {
        self.ports[1]
    }

    /// The port of the lender's site that embeds the sandbox widget.
    pub(super) fn sandbox_site_port(&self) -> u16 {
        self.ports[2]
    }

    /// The port of the same site with the production-like widget.
    pub(super) fn production_site_port(&self) -> u16 {
        self.ports[3]
    }

    /// The port of the theme gallery.
    pub(super) fn themes_port(&self) -> u16 {
        self.ports[4]
    }

    /// The server's address.
    pub(super) fn server(&self) -> String {
        address(self.server_port())
    }

    /// The demo provider's address.
    pub(super) fn provider(&self) -> String {
        address(self.provider_port())
    }

    /// The address of the lender's site that embeds the sandbox widget.
    pub(super) fn sandbox_site(&self) -> String {
        address(self.sandbox_site_port())
    }

    /// The address of the same site with the production-like widget.
    pub(super) fn production_site(&self) -> String {
        address(self.production_site_port())
    }

    /// The address of the theme gallery.
    pub(super) fn themes(&self) -> String {
        address(self.themes_port())
    }

    fn other_base(&self) -> u16 {
        if self.ports[0] < 60_000 {
            self.ports[0] + 100
        } else {
            DEFAULT_PORT
        }
    }
}

fn address(port: u16) -> String {
    format!("http://localhost:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(base: u16) -> Result<Place> {
        Place::new(&Workspace::find()?, base)
    }

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = place(port)
            .unwrap()
            .expect_free_ports()
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(&format!("port {port} ")), "{error}");
        assert!(error.contains("--port-base"), "{error}");
    }

    #[test]
    fn five_ports_must_fit() {
        assert!(place(65_531).is_ok());
        assert!(place(65_532).is_err());
    }
}
