//! Who asks: the address a request is counted by, also behind front servers.
//!
//! Contract: what a trusted front server says of its client is believed, and nothing beyond it (RFC 7239, section 8.1).
//! An address that cannot be read never means unlimited: such requests are counted together, as those of the front server.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::HeaderMap;
use axum::http::header::FORWARDED;

/// Who asks; `None` for the operator's own machine, which is not limited.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(pub(crate) Option<IpAddr>);

/// The /24 or /64 an address lies in: what one subscriber usually has.
pub(crate) fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            Ipv4Addr::new(a, b, c, 0).into()
        }
        IpAddr::V6(v6) => {
            let bits = u128::from(v6) & !u128::from(u64::MAX);
            Ipv6Addr::from(bits).into()
        }
    }
}

/// The peer, or the client that trusted front servers name.
pub(super) fn client(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    trusted: &[IpAddr],
) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !trusted.contains(&peer) {
        return (!peer.is_loopback()).then_some(peer);
    }
    let of = |name: &str| {
        let mut values = headers.get_all(name).iter().peekable();
        values.peek()?;
        // Bytes that are no text are no address.
        Some(values.map(|value| value.to_str().unwrap_or("?").to_owned()))
    };
    let listed = of("x-forwarded-for").map(|values| {
        let values: Vec<String> = values.collect();
        let nodes = values.iter().flat_map(|value| value.split(','));
        last_untrusted(nodes.map(|node| address(node.trim())), trusted)
    });
    let standard = of(FORWARDED.as_str()).map(|values| {
        let values: Vec<String> = values.collect();
        let nodes: Vec<String> = values
            .iter()
            .flat_map(|value| forwarded_for(value))
            .collect();
        last_untrusted(nodes.iter().map(|node| address(node)), trusted)
    });
    match (listed, standard) {
        (None, None) => (!peer.is_loopback()).then_some(peer),
        (Some(named), None) | (None, Some(named)) => Some(named.unwrap_or(peer)),
        // A front server writes one of the two, and may pass the other on as the client forged it.
        (Some(one), Some(other)) => Some(one.filter(|_| one == other).unwrap_or(peer)),
    }
}

/// The last address that no trusted front server has; nothing where it cannot be read, or there is none.
fn last_untrusted(
    nodes: impl DoubleEndedIterator<Item = Node>,
    trusted: &[IpAddr],
) -> Option<IpAddr> {
    nodes
        .rev()
        .find(|node| match node {
            Node::Empty => false,
            Node::At(address) => !trusted.contains(address),
            Node::Unreadable => true,
        })
        .and_then(|node| match node {
            Node::At(address) => Some(address),
            Node::Empty | Node::Unreadable => None,
        })
}

/// What stands for one hop.
#[derive(Debug, PartialEq, Eq)]
enum Node {
    /// Nothing between two commas, which says nothing (RFC 9110, section 5.6.1).
    Empty,
    At(IpAddr),
    /// `unknown`, a hidden name, or no address at all.
    Unreadable,
}

/// An address with or without brackets, port and zone (RFC 7239, section 6).
fn address(text: &str) -> Node {
    if text.is_empty() {
        return Node::Empty;
    }
    let host = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _port)) => host,
        // One colon stands before a port; several are an IPv6 address.
        None => match text.split_once(':') {
            Some((host, port)) if !port.contains(':') => host,
            _ => text,
        },
    };
    let host = host.split_once('%').map_or(host, |(host, _zone)| host);
    host.parse::<IpAddr>()
        .map_or(Node::Unreadable, |address| Node::At(address.to_canonical()))
}

/// The `for` of every element of a `Forwarded` field; an element without one says nothing readable.
fn forwarded_for(value: &str) -> Vec<String> {
    let elements = split_unquoted(value, ',');
    let elements = elements.iter().filter(|element| !element.trim().is_empty());
    let of = |element: &String| {
        let pairs = split_unquoted(element, ';');
        let node = pairs.iter().find_map(|pair| {
            let (name, node) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case("for").then_some(node)
        });
        let node = node.unwrap_or("unknown").trim();
        node.trim_matches('"').replace('\\', "")
    };
    elements.map(of).collect()
}

/// Splits at `sign` outside of quoted strings.
fn split_unquoted(text: &str, sign: char) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in text.chars() {
        if c == sign && !quoted {
            parts.push(String::new());
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRONT: &str = "127.0.0.1";

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("address")
    }

    fn asks(peer: &str, fields: &[(&'static str, &str)]) -> Option<IpAddr> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().expect("value"));
        }
        client(Some(ip(peer)), &headers, &[ip(FRONT), ip("10.0.0.2")])
    }

    #[test]
    fn a_client_is_known_by_its_address_however_front_servers_write_it() {
        for (name, value, client) in [
            ("x-forwarded-for", "203.0.113.5", "203.0.113.5"),
            ("x-forwarded-for", "203.0.113.5:40123", "203.0.113.5"),
            ("x-forwarded-for", "::ffff:203.0.113.5", "203.0.113.5"),
            ("x-forwarded-for", "[2001:db8::7]:443", "2001:db8::7"),
            ("x-forwarded-for", "[2001:db8::7]", "2001:db8::7"),
            ("x-forwarded-for", "2001:db8::7", "2001:db8::7"),
            (
                "x-forwarded-for",
                "198.51.100.1, 203.0.113.5, 10.0.0.2",
                "203.0.113.5",
            ),
            ("x-forwarded-for", "203.0.113.5, ,", "203.0.113.5"),
            ("forwarded", "for=203.0.113.5", "203.0.113.5"),
            (
                "forwarded",
                "For=\"203.0.113.5:80\";proto=https, for=10.0.0.2",
                "203.0.113.5",
            ),
            (
                "forwarded",
                "by=\"a,b;for=x\";for=\"[2001:db8::7]:4711\"",
                "2001:db8::7",
            ),
        ] {
            assert_eq!(asks(FRONT, &[(name, value)]), Some(ip(client)), "{value}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_read_is_counted_as_the_front_servers_and_never_as_nobodys() {
        for (name, value) in [
            ("x-forwarded-for", "unknown"),
            ("x-forwarded-for", "203.0.113.5, unknown"),
            ("x-forwarded-for", "203.0.113.5, \u{fc}"),
            ("x-forwarded-for", ""),
            ("x-forwarded-for", "127.0.0.1"),
            ("forwarded", "for=_hidden"),
            ("forwarded", "for=203.0.113.5, proto=https"),
            ("forwarded", "203.0.113.5"),
        ] {
            assert_eq!(asks(FRONT, &[(name, value)]), Some(ip(FRONT)), "{value}");
        }
    }

    #[test]
    fn what_a_client_forges_is_not_believed() {
        let forged = [("x-forwarded-for", "203.0.113.5")];
        assert_eq!(asks("198.51.100.9", &forged), Some(ip("198.51.100.9")));
        let mixed = [
            ("x-forwarded-for", "203.0.113.5"),
            ("forwarded", "for=192.0.2.1"),
        ];
        assert_eq!(asks(FRONT, &mixed), Some(ip(FRONT)));
        let several = [
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-for", "203.0.113.5"),
        ];
        assert_eq!(asks(FRONT, &several), Some(ip("203.0.113.5")));
        assert_eq!(client(Some(ip(FRONT)), &HeaderMap::new(), &[]), None);
        assert_eq!(client(None, &HeaderMap::new(), &[]), None);
    }

    #[test]
    fn neighbours_share_their_allowance() {
        assert_eq!(neighbourhood(ip("2001:db8::1:2:3:4")), ip("2001:db8::"));
        assert_eq!(neighbourhood(ip("::ffff:203.0.113.7")), ip("203.0.113.0"));
    }
}
