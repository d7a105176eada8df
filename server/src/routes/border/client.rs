//! Who asks, as far as addresses go: the peer, or whoever a trusted proxy says it speaks for.

use crate::config::proxies::{ProxyHeader, TrustedProxies};
use axum::http::HeaderMap;
use axum::http::header::{FORWARDED, HeaderName};
use std::net::{IpAddr, SocketAddr};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client behind `peer`. Each proxy adds the address it was asked from at the right, so what stands there is told
/// by proxies that are trusted, up to the first address that is not one: whatever is left of it, anybody can write.
pub(in crate::routes) fn address(
    peer: IpAddr,
    headers: &HeaderMap,
    trusted: &TrustedProxies,
    header: ProxyHeader,
) -> IpAddr {
    let mut nearest = peer;
    let mut told = told(headers, header).into_iter().rev();
    while trusted.contains(nearest) {
        // A hop that hides itself or cannot be read: what is left of it is told by nobody known.
        let Some(Some(before)) = told.next() else {
            return nearest;
        };
        nearest = before;
    }
    nearest
}

/// The addresses in the header, from left to right; `None` for one that is none.
fn told(headers: &HeaderMap, header: ProxyHeader) -> Vec<Option<IpAddr>> {
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = match header {
        ProxyHeader::XForwardedFor => (X_FORWARDED_FOR, node),
        ProxyHeader::Forwarded => (FORWARDED, element),
    };
    let lines = headers.get_all(name).into_iter();
    lines
        .flat_map(|line| match line.to_str() {
            Ok(line) => line.split(',').map(read).collect(),
            Err(_) => vec![None],
        })
        .collect()
}

/// The `for` of one element of `Forwarded` (RFC 7239, section 4).
fn element(text: &str) -> Option<IpAddr> {
    let mut pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    let (_, node_text) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    node(node_text.trim().trim_matches('"'))
}

/// An address, with a port or without; IPv6 in brackets or without.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || Some(text.parse::<SocketAddr>().ok()?.ip());
    text.parse().ok().or_else(bare).or_else(with_port)
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::config::Config;
    use crate::config::proxies::ProxyHeader;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    const PROXY: &str = "10.0.0.1";

    fn behind(peer: &str, header: ProxyHeader, lines: &[(&str, &str)]) -> String {
        let variables = [(
            "RAILHEAD_TRUSTED_PROXIES".into(),
            "10.0.0.0/8,fd00::/8".into(),
        )];
        let trusted = Config::load(None, variables).unwrap().trusted_proxies;
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        address(peer.parse().unwrap(), &headers, &trusted, header).to_string()
    }

    #[test]
    fn believes_trusted_proxies_up_to_the_first_address_that_is_not_theirs() {
        let told = |lines: &[(&str, &str)]| behind(PROXY, ProxyHeader::XForwardedFor, lines);
        let name = "x-forwarded-for";
        for (value, client) in [
            ("192.0.2.7", "192.0.2.7"),
            ("1.1.1.1, 192.0.2.7", "192.0.2.7"),
            ("1.1.1.1, 192.0.2.7, 10.9.9.9", "192.0.2.7"),
            ("192.0.2.7:5123", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:5123, fd00::2", "2001:db8::1"),
            // All are proxies: the one farthest away asked by itself.
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            // What cannot be read hides everything to its left.
            ("192.0.2.7, unknown", PROXY),
            ("192.0.2.7, unknown, 10.0.0.2", "10.0.0.2"),
            ("192.0.2.7, \u{e9}", PROXY),
            ("", PROXY),
        ] {
            assert_eq!(told(&[(name, value)]), client, "{value}");
        }
        assert_eq!(told(&[(name, "1.1.1.1"), (name, "192.0.2.7")]), "192.0.2.7");
        assert_eq!(told(&[]), PROXY);
    }

    #[test]
    fn ignores_what_strangers_say_and_the_header_that_is_not_the_proxys() {
        let both = [("x-forwarded-for", "1.1.1.1"), ("forwarded", "for=2.2.2.2")];
        let from = |peer, header| behind(peer, header, &both);
        for header in [ProxyHeader::XForwardedFor, ProxyHeader::Forwarded] {
            assert_eq!(from("192.0.2.9", header), "192.0.2.9");
        }
        assert_eq!(from(PROXY, ProxyHeader::XForwardedFor), "1.1.1.1");
        assert_eq!(from(PROXY, ProxyHeader::Forwarded), "2.2.2.2");
    }

    #[test]
    fn reads_the_standard_header() {
        let told = |value| behind(PROXY, ProxyHeader::Forwarded, &[("forwarded", value)]);
        for (value, client) in [
            ("for=1.1.1.1, for=192.0.2.7;proto=https", "192.0.2.7"),
            ("proto=https; For=\"[2001:db8::1]:80\"", "2001:db8::1"),
            ("for=192.0.2.7, for=_hidden", PROXY),
            ("for=192.0.2.7, proto=https", PROXY),
        ] {
            assert_eq!(told(value), client, "{value}");
        }
    }
}
