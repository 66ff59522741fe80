//! One mail handed to the operator's mail server by lettre.
//!
//! Contract: encrypted, or on this machine, as the server's address says; where encryption cannot be had nothing is said.
//! What is said of a failure is the server's code and words of ours, never the server's text, which may name the reader.

use std::error::Error;
use std::io;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;

use super::line_stream::LineStream;
use super::server::{MailServer, Protection};

/// From the first byte to the server's word for a mail.
pub(super) const TIME: Duration = Duration::from_mins(1);
/// Codes of RFC 3463 for a mailbox that does not exist, or is closed for good.
const NO_MAILBOX: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// There is no such mailbox, or it is closed for good (RFC 3463).
    #[error("{0}")]
    NoMailbox(String),
    #[error("the mail server answered {0}")]
    Answer(String),
    #[error("no connection to the mail server: {0}")]
    Connection(io::ErrorKind),
    #[error("the mail server's certificate or encryption is not as it should be")]
    Tls,
    #[error("the mail server does not offer {0}")]
    Lacks(&'static str),
    #[error("the mail server does not speak SMTP")]
    NotSmtp,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Connection(error.kind())
    }
}

impl From<lettre::transport::smtp::Error> for Failure {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        if let Some(status) = error.status() {
            return answered(status.to_string(), error.source());
        }
        let mut causes = std::iter::successors(error.source(), |cause| (*cause).source());
        // An error of TLS comes within one of input and output, which has it as its inner error.
        let kind = causes.find_map(|cause| {
            let io = cause.downcast_ref::<io::Error>()?;
            let inner = io.get_ref();
            let tls = inner.is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>);
            Some((io.kind(), tls))
        });
        match kind {
            _ if error.is_tls() => Self::Tls,
            Some((_, true)) => Self::Tls,
            Some((io::ErrorKind::InvalidData, false)) => Self::NotSmtp,
            Some((kind, false)) => Self::Connection(kind),
            None if error.is_client() => Self::Lacks("a way to log in that we have"),
            None => Self::NotSmtp,
        }
    }
}

/// By the reply's code, and the one of RFC 3463 before its text where there is one.
fn answered(code: String, text: Option<&(dyn Error + 'static)>) -> Failure {
    let text = text.map(ToString::to_string).unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_code = first.split('.').count() == 3
        && first.len() <= 9
        && first
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_code {
        return Failure::Answer(code);
    }
    let both = format!("{code} {first}");
    if NO_MAILBOX.contains(&first) {
        Failure::NoMailbox(format!("answer {both}"))
    } else {
        Failure::Answer(both)
    }
}

/// Hands `message` to the server. Once this is `Ok`, the server answers for it.
pub(super) async fn send(
    server: &MailServer,
    hello: &str,
    message: &Message,
) -> Result<(), Failure> {
    let encryption = match server.protection {
        Protection::SameMachine => None,
        // The operating system's roots of trust.
        Protection::Tls | Protection::StartTls => {
            Some(TlsParameters::new_rustls(server.host.clone())?)
        }
    };
    send_by(server, encryption, hello, message).await
}

async fn send_by(
    server: &MailServer,
    encryption: Option<TlsParameters>,
    hello: &str,
    message: &Message,
) -> Result<(), Failure> {
    let hello = ClientId::Domain(hello.to_owned());
    let address = (server.host.as_str(), server.port);
    let mut connection = if server.protection == Protection::Tls {
        AsyncSmtpConnection::connect_tokio1(address, Some(TIME), &hello, encryption.clone(), None)
            .await?
    } else {
        let stream = LineStream::new(TcpStream::connect(address).await?);
        AsyncSmtpConnection::connect_with_transport(Box::new(stream), &hello).await?
    };
    if server.protection == Protection::StartTls {
        let Some(encryption) = encryption else {
            return Err(Failure::Tls);
        };
        if !connection.can_starttls() {
            return Err(Failure::Lacks("encryption"));
        }
        connection.starttls(encryption, &hello).await?;
    }
    if let Some((user, password)) = &server.login {
        let ways = [Mechanism::Plain, Mechanism::Login];
        let login = Credentials::new(user.clone(), password.clone());
        connection.auth(&ways, &login).await?;
    }
    connection
        .send(message.envelope(), &message.formatted())
        .await?;
    // It is taken, whatever becomes of the connection.
    let _ = connection.quit().await;
    Ok(())
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
