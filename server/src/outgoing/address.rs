//! Which network addresses the server may talk to: public ones, its own machine where that is allowed, and networks
//! that the operator names. What a name leads to is judged after it has been resolved, and the connection is made to
//! the addresses that were judged, so that no name can lead inside.

use super::network::Network;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use url::{Host, Url};

/// What names lead to.
pub(crate) trait Names: Send + Sync + 'static {
    /// The addresses behind `name`.
    fn lookup(&self, name: String)
    -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
}

/// The names that the machine knows.
pub(crate) struct SystemNames;

impl Names for SystemNames {
    fn lookup(
        &self,
        name: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Judges addresses. Cheap to clone.
#[derive(Clone)]
pub struct Guard {
    allow_loopback_http: bool,
    networks: Arc<[Network]>,
    names: Arc<dyn Names>,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard")
            .field("allow_loopback_http", &self.allow_loopback_http)
            .field("networks", &self.networks)
            .finish_non_exhaustive()
    }
}

impl Guard {
    /// Allows public addresses, `networks`, and where `allow_loopback_http` says so this machine itself, there without
    /// TLS too: for development and tests.
    #[must_use]
    pub fn new(allow_loopback_http: bool, networks: &[Network]) -> Self {
        Self {
            allow_loopback_http,
            networks: networks.into(),
            names: Arc::new(SystemNames),
        }
    }

    /// The same with other names.
    #[cfg(test)]
    pub(crate) fn with_names(self, names: impl Names) -> Self {
        Self {
            names: Arc::new(names),
            ..self
        }
    }

    pub(super) fn allows_loopback_http(&self) -> bool {
        self.allow_loopback_http
    }

    pub(super) fn resolver(&self) -> GuardedResolver {
        GuardedResolver(self.clone())
    }

    /// Checks everything about `url` that can be seen without resolving its host's name. Addresses written as
    /// numbers are never resolved, so they are judged here.
    ///
    /// # Errors
    ///
    /// What is wrong with it, to follow "the address is refused:".
    pub fn check_url(&self, url: &Url) -> Result<(), &'static str> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it holds a user name");
        }
        let (ip, loopback) = match url.host() {
            Some(Host::Domain(name)) => (None, is_loopback_name(name)),
            Some(Host::Ipv4(ip)) => (Some(IpAddr::V4(ip)), ip.is_loopback()),
            Some(Host::Ipv6(ip)) => (Some(IpAddr::V6(ip)), ip.is_loopback()),
            None => return Err("it has no host"),
        };
        if loopback && !self.allow_loopback_http && !ip.is_some_and(|ip| self.is_named(ip)) {
            return Err("it is of this machine");
        }
        if ip.is_some_and(|ip| !self.is_allowed(ip, self.allow_loopback_http)) {
            return Err("it is not public");
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if loopback && self.allow_loopback_http => Ok(()),
            _ => Err("it is not https"),
        }
    }

    fn is_allowed(&self, ip: IpAddr, allow_loopback: bool) -> bool {
        is_public(ip) || (allow_loopback && ip.is_loopback()) || self.is_named(ip)
    }

    fn is_named(&self, ip: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(ip))
    }
}

/// Resolves names to the addresses that may be talked to.
#[derive(Clone)]
pub(super) struct GuardedResolver(Guard);

/// No address that a name leads to may be talked to.
#[derive(Debug, thiserror::Error)]
#[error("the host leads to no public address")]
pub(crate) struct BlockedAddress;

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let loopback = guard.allow_loopback_http && is_loopback_name(name.as_str());
            let found = guard.names.lookup(name.as_str().to_owned()).await?;
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|ip| guard.is_allowed(*ip, loopback))
                .map(|ip| SocketAddr::new(ip, 0))
                .collect();
            if allowed.is_empty() {
                return Err(BlockedAddress.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn is_loopback_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

/// Is `ip` reachable by everybody, by the special-purpose registries of IANA (RFC 6890)?
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        // "This network", private, loopback, link-local (where clouds keep their metadata).
        [0 | 10 | 127, ..] | [169, 254, ..] | [192, 168, ..]
        // Protocol assignments, documentation, 6to4 relays.
        | [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [192, 88, 99, _] => true,
        // Shared by carriers (RFC 6598), private (RFC 1918), benchmarks (RFC 2544).
        [100, b, ..] => b & 0xc0 == 64,
        [172, b, ..] => b & 0xf0 == 16,
        [198, b, ..] => b & 0xfe == 18,
        // Multicast, reserved, broadcast.
        [a, ..] => a >= 224,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(ip) = ip.to_ipv4_mapped() {
        return is_public_v4(ip);
    }
    match ip.segments() {
        // An IPv4 address behind NAT64 (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Teredo and other protocol assignments, documentation, 6to4.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [0x2002, ..] => false,
        [0x3fff, second, ..] => second >= 0x1000,
        // Only 2000::/3 has been given out for global use.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, allow_loopback: bool) -> Result<(), &'static str> {
        Guard::new(allow_loopback, &[]).check_url(&Url::parse(url).unwrap())
    }

    #[test]
    fn only_public_addresses_are_public() {
        let public = [
            "8.8.8.8",
            "100.128.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "2606:4700::1",
            "64:ff9b::808:808",
        ];
        for ip in public {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
        let special = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "100::1",
        ];
        for ip in special {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn judges_addresses_in_every_spelling() {
        assert_eq!(check("https://service.example/token", false), Ok(()));
        assert_eq!(
            check("http://service.example/token", true),
            Err("it is not https")
        );
        assert_eq!(
            check("https://user@service.example/", false),
            Err("it holds a user name")
        );
        for url in [
            "https://169.254.169.254/",
            "https://0xa9.0xfe.43518/",
            "https://[fd00:ec2::254]/",
        ] {
            assert_eq!(check(url, true), Err("it is not public"), "{url}");
        }
        for url in [
            "http://localhost:1/",
            "http://127.0.0.1:1/",
            "http://2130706433/",
            "http://[::1]/",
        ] {
            assert_eq!(check(url, false), Err("it is of this machine"), "{url}");
            assert_eq!(check(url, true), Ok(()), "{url}");
        }
        assert_eq!(
            check("https://[::ffff:127.0.0.1]/", true),
            Err("it is not public")
        );
    }

    #[test]
    fn networks_that_the_operator_names_are_allowed() {
        let guard = Guard::new(
            false,
            &[
                "10.0.0.0/8".parse().unwrap(),
                "127.0.0.0/8".parse().unwrap(),
            ],
        );
        let check = |url: &str| guard.check_url(&Url::parse(url).unwrap());
        assert_eq!(check("https://10.1.2.3/hook"), Ok(()));
        assert_eq!(check("https://127.0.0.1/hook"), Ok(()));
        assert_eq!(check("http://10.1.2.3/hook"), Err("it is not https"));
        assert_eq!(check("https://192.168.0.1/hook"), Err("it is not public"));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_blocked() {
        let resolve = |allow_loopback| {
            Guard::new(allow_loopback, &[])
                .resolver()
                .resolve("localhost".parse().unwrap())
        };
        let Err(error) = resolve(false).await else {
            panic!("localhost is not public")
        };
        assert!(error.is::<BlockedAddress>());
        assert!(
            resolve(true)
                .await
                .unwrap()
                .all(|address| address.ip().is_loopback())
        );
    }
}
