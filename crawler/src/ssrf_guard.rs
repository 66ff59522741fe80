//! The guard: which addresses may be connected to at all.
//!
//! The rule is an allow rule: global unicast only, after unwrapping every form in which IPv6 can carry an IPv4
//! address. It is asked about the literal in an address, about each resolved address, about each redirect hop, and
//! once more about the peer actually connected to. The ranges are our own table from the IANA special-purpose
//! registries: the standard library's `is_private` and friends leave out several of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why an address must not be connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    #[error("only http and https addresses are fetched, not {0}")]
    Scheme(String),
    #[error("an address with a user name or password is not fetched")]
    Credentials,
    #[error("the address names no host")]
    NoHost,
    #[error("{0} is not an address on the public internet")]
    NotGlobal(IpAddr),
    #[error("{0} is a name of the local network, not of the public internet")]
    LocalName(String),
    #[error("port {0} belongs to another service than the web")]
    Port(u16),
    #[error("nothing is sent unencrypted: the address must begin with https")]
    Unencrypted,
}

/// Ranges of IPv4 that are not global unicast: (network, prefix length).
const V4_SPECIAL: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Ranges inside 2000::/3 that are not global unicast; everything outside 2000::/3 is refused as a whole.
const V6_SPECIAL: &[(Ipv6Addr, u32)] = &[
    // IETF protocol assignments: benchmarking, ORCHID, AMT and others. Teredo is unwrapped before.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Ports of well-known services that are not the web (after the Fetch standard's list of bad ports): a crafted
/// request to them could be read as something else.
const OTHER_SERVICES: &[u16] = &[
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
    103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
    512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
    995, 1719, 1720, 1723, 2049, 3306, 3659, 4045, 4190, 5060, 5061, 5432, 6000, 6379, 6566, 6665,
    6666, 6667, 6668, 6669, 6679, 6697, 9200, 10080, 11211, 27017,
];

/// Names that only mean something inside a local network.
const LOCAL_SUFFIXES: &[&str] = &[
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "home.arpa",
    "onion",
];

/// Checks everything an address says by itself: scheme, credentials, port, and the host if it is a literal.
/// A name must still be resolved, and each result passed to [`check_ip`].
///
/// Ports other than 80 and 443 are the permit's matter: it covers only the port the owner consented to.
pub fn check_url(url: &Url, allow_loopback: bool) -> Result<(), Blocked> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Blocked::Scheme(url.scheme().to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Blocked::Credentials);
    }
    if let Some(port) = url.port()
        && OTHER_SERVICES.contains(&port)
    {
        return Err(Blocked::Port(port));
    }
    match url.host() {
        None => Err(Blocked::NoHost),
        Some(Host::Ipv4(ip)) => check_ip(IpAddr::V4(ip), allow_loopback),
        Some(Host::Ipv6(ip)) => check_ip(IpAddr::V6(ip), allow_loopback),
        Some(Host::Domain(name)) => check_name(name, allow_loopback),
    }
}

fn check_name(name: &str, allow_loopback: bool) -> Result<(), Blocked> {
    let name = name.trim_end_matches('.');
    if is_localhost(name) {
        return if allow_loopback {
            Ok(())
        } else {
            Err(Blocked::LocalName(name.to_owned()))
        };
    }
    let local = !name.contains('.')
        || LOCAL_SUFFIXES.iter().any(|suffix| {
            name.strip_suffix(suffix)
                .is_some_and(|rest| rest.ends_with('.'))
        });
    if local {
        Err(Blocked::LocalName(name.to_owned()))
    } else {
        Ok(())
    }
}

/// `localhost` and the names below it, which RFC 6761 keeps on the machine itself.
pub fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name.len() > 10 && name.as_bytes()[name.len() - 10..].eq_ignore_ascii_case(b".localhost")
}

/// Whether a connection to `ip` is allowed. `allow_loopback` lets 127.0.0.0/8 and ::1 through, written plainly,
/// and nothing else.
pub fn check_ip(ip: IpAddr, allow_loopback: bool) -> Result<(), Blocked> {
    let ok = is_global(ip) || allow_loopback && ip.is_loopback();
    if ok {
        Ok(())
    } else {
        Err(Blocked::NotGlobal(ip))
    }
}

/// Global unicast, judged by the IPv4 address inside where an IPv6 address carries one.
pub fn is_global(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_global_v4(ip),
        IpAddr::V6(ip) => is_global_v6(ip),
    }
}

fn is_global_v4(ip: Ipv4Addr) -> bool {
    !V4_SPECIAL.iter().any(|(net, length)| {
        let mask = u32::MAX << (32 - length);
        ip.to_bits() & mask == net.to_bits()
    })
}

fn is_global_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    // IPv4-mapped ::ffff:a.b.c.d, IPv4-translated ::ffff:0:a.b.c.d, and the deprecated IPv4-compatible ::a.b.c.d.
    if matches!(
        s,
        [0, 0, 0, 0, 0, 0xffff, _, _] | [0, 0, 0, 0, 0xffff, 0, _, _]
    ) {
        return is_global_v4(v4(s[6], s[7]));
    }
    if s[..6] == [0; 6] {
        // Also :: and ::1, whose "IPv4 address" lies in 0.0.0.0/8.
        return is_global_v4(v4(s[6], s[7]));
    }
    // NAT64 with the well-known prefix. The local-use prefix 64:ff9b:1::/48 is outside 2000::/3 and refused below.
    if s[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_global_v4(v4(s[6], s[7]));
    }
    // 6to4 carries the IPv4 address of its router.
    if s[0] == 0x2002 {
        return is_global_v4(v4(s[1], s[2])) && isatap_is_global(s);
    }
    // Teredo carries its server's address, and the client's with every bit flipped.
    if s[0] == 0x2001 && s[1] == 0 {
        return is_global_v4(v4(s[2], s[3])) && is_global_v4(v4(!s[6], !s[7]));
    }
    let unicast = s[0] & 0xe000 == 0x2000;
    let special = V6_SPECIAL.iter().any(|(net, length)| {
        let mask = u128::MAX << (128 - length);
        ip.to_bits() & mask == net.to_bits()
    });
    unicast && !special && isatap_is_global(s)
}

/// ISATAP writes an IPv4 address into the interface id `…:0:5efe:a.b.c.d` (or `200:5efe`) of any prefix.
fn isatap_is_global(s: [u16; 8]) -> bool {
    let isatap = s[5] == 0x5efe && s[4] & !0x0200 == 0;
    !isatap || is_global_v4(Ipv4Addr::from_bits(u32::from(s[6]) << 16 | u32::from(s[7])))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Sixty forms of addresses that must never be connected to.
    pub(crate) const FORBIDDEN: [&str; 60] = [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.254",
        "127.0.0.1",
        "127.8.8.8",
        "127.255.255.255",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::2",
        "::7f00:1",
        "::10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0.0.0.0",
        "::ffff:192.168.1.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.1.2.3",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::1",
        "64:ff9b:1:a:b:c:d:e",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:0:808:808:0:0:80ff:fffe",
        "2001:2::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2002:c0a8:101::1",
        "2606:4700::5efe:10.0.0.1",
        "2606:4700::200:5efe:127.0.0.1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ];

    #[test]
    fn sixty_special_addresses_are_refused_as_literals() {
        for text in FORBIDDEN {
            let ip: IpAddr = text.parse().expect(text);
            assert!(check_ip(ip, false).is_err(), "{text}");
            let literal = match ip {
                IpAddr::V4(_) => format!("http://{text}/"),
                IpAddr::V6(_) => format!("http://[{text}]/"),
            };
            let url = Url::parse(&literal).expect("url");
            assert!(check_url(&url, false).is_err(), "{literal}");
        }
    }

    #[test]
    fn allow_loopback_lets_plain_loopback_through_and_nothing_else() {
        let passed: Vec<&str> = FORBIDDEN
            .into_iter()
            .filter(|text| check_ip(text.parse().expect("ip"), true).is_ok())
            .collect();
        assert_eq!(passed, ["127.0.0.1", "127.8.8.8", "127.255.255.255", "::1"]);
        let name = Url::parse("http://localhost:8080/").expect("url");
        assert!(check_url(&name, true).is_ok());
        assert!(check_url(&name, false).is_err());
    }

    #[test]
    fn global_addresses_pass_in_every_form() {
        for text in [
            "8.8.8.8",
            "1.1.1.1",
            "100.63.255.255",
            "172.32.0.1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            "2606:4700::5efe:8.8.8.8",
        ] {
            assert!(check_ip(text.parse().expect(text), false).is_ok(), "{text}");
        }
    }

    #[test]
    fn disguised_literals_schemes_and_services_are_refused() {
        for text in [
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://0/",
            "http://127.0.0.1./",
            "http://①②⑦.0.0.1/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://printer.local/",
            "http://metadata.google.internal/",
            "http://intranet/",
            "http://user:pass@site.example/",
            "http://site.example:25/",
            "https://site.example:6379/",
            "ftp://site.example/",
            "file:///etc/passwd",
            "gopher://site.example/",
        ] {
            let url = Url::parse(text).expect(text);
            assert!(check_url(&url, false).is_err(), "{text}");
        }
    }
}
