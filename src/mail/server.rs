//! The operator's mail server, as the settings name it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

/// How what is said to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protection {
    /// Encrypted from the first byte (RFC 8314).
    Tls,
    /// Encrypted after a few words in the open (RFC 3207); nothing is sent where that fails.
    StartTls,
    /// It does not leave this machine.
    SameMachine,
}

/// A mail server that takes what is sent.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct MailServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) protection: Protection,
    pub(super) login: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected smtps://USER:PASSWORD@HOST or smtp://USER:PASSWORD@HOST, with a port where it is not the usual one"
)]
pub(crate) struct NotAServer;

/// Without the password.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.protection {
            Protection::Tls => "encrypted",
            Protection::StartTls => "encrypted by STARTTLS",
            Protection::SameMachine => "on this machine",
        };
        write!(f, "{}:{} ({how})", self.host, self.port)
    }
}

impl FromStr for MailServer {
    type Err = NotAServer;

    fn from_str(text: &str) -> Result<Self, NotAServer> {
        let url = Url::parse(text).map_err(|_| NotAServer)?;
        // Of a scheme that is not one of the web's, the host is any text.
        let host = Host::parse(url.host_str().ok_or(NotAServer)?).map_err(|_| NotAServer)?;
        let here = match &host {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(ip) => IpAddr::V4(*ip).is_loopback(),
            Host::Ipv6(ip) => IpAddr::V6(*ip).is_loopback(),
        };
        let (protection, usual) = match (url.scheme(), here) {
            ("smtps", _) => (Protection::Tls, 465),
            ("smtp", true) => (Protection::SameMachine, 25),
            ("smtp", false) => (Protection::StartTls, 587),
            _ => return Err(NotAServer),
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(NotAServer);
        }
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) => Some((plain(user)?, plain(password)?)),
            _ => return Err(NotAServer),
        };
        Ok(Self {
            host: match host {
                Host::Domain(name) => name,
                Host::Ipv4(ip) => ip.to_string(),
                Host::Ipv6(ip) => ip.to_string(),
            },
            port: url.port().unwrap_or(usual),
            protection,
            login,
        })
    }
}

/// Percent-encoded text in the open; a NUL would end it early (RFC 4616).
fn plain(text: &str) -> Result<String, NotAServer> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == b'%' {
            let hex = text.get(at + 1..at + 3).ok_or(NotAServer)?;
            out.push(u8::from_str_radix(hex, 16).map_err(|_| NotAServer)?);
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    let text = String::from_utf8(out).map_err(|_| NotAServer)?;
    if text.contains('\0') {
        Err(NotAServer)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_spoken_to_encrypted_and_its_password_is_not_said() {
        let read = |text: &str| text.parse::<MailServer>();
        let server = read("smtps://user%40x:p%3Aw@mail.example").expect("a server");
        assert_eq!((server.port, server.protection), (465, Protection::Tls));
        assert_eq!(server.login, Some(("user@x".to_owned(), "p:w".to_owned())));
        assert_eq!(format!("{server:?}"), "mail.example:465 (encrypted)");
        let server = read("smtp://mail.example:2525").expect("a server");
        assert_eq!(
            (server.port, server.protection),
            (2525, Protection::StartTls)
        );
        for here in ["smtp://127.0.0.1", "smtp://localhost", "smtp://[::1]"] {
            let server = read(here).expect(here);
            assert_eq!(
                (server.port, server.protection),
                (25, Protection::SameMachine)
            );
        }
        for bad in [
            "mail.example",
            "https://mail.example",
            "smtp://",
            "smtps://user@mail.example",
            "smtps://mail.example/?tls=none",
            "smtps://a%00b:c@mail.example",
        ] {
            assert_eq!(read(bad), Err(NotAServer), "{bad}");
        }
    }
}
