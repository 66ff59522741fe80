//! One mail handed to a server (RFC 5321), as far as that takes.
//!
//! Contract: each answer is bounded before it is read. What is said of a failure is the server's code and the words of
//! ours for it, never the server's text, which may name the reader. After STARTTLS nothing that was said in the open counts.

use std::io;
use std::sync::Arc;

use data_encoding::BASE64;
use discover_store::Mailbox;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::server::{MailServer, Protection};

/// Bytes of one line of an answer (RFC 5321 has 512), and lines of one answer.
const LINE: u64 = 2048;
const LINES: usize = 100;

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// There is no such mailbox, or it is closed for good (RFC 3463).
    #[error("{0}")]
    NoMailbox(String),
    #[error("the mail server answered {code} to {to}")]
    Answer { to: &'static str, code: String },
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
        // rustls wraps its errors as these.
        if error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .is_some()
        {
            return Self::Tls;
        }
        Self::Connection(error.kind())
    }
}

/// Hands `message` (lines ending with CRLF) to the server. Once this is `Ok`, the server answers for it.
pub(super) async fn send(
    server: &MailServer,
    hello: &str,
    from: &Mailbox,
    to: &Mailbox,
    message: &[u8],
) -> Result<(), Failure> {
    let encryption = match server.protection {
        Protection::SameMachine => None,
        Protection::Tls | Protection::StartTls => Some(encryption()?),
    };
    send_by(server, encryption, hello, from, to, message).await
}

/// The operating system's roots of trust, and the one provider of cryptography there is.
fn encryption() -> Result<Arc<ClientConfig>, Failure> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|_| Failure::Tls)?;
    Ok(Arc::new(config.with_no_client_auth()))
}

async fn send_by(
    server: &MailServer,
    encryption: Option<Arc<ClientConfig>>,
    hello: &str,
    from: &Mailbox,
    to: &Mailbox,
    message: &[u8],
) -> Result<(), Failure> {
    let mut stream = TcpStream::connect((server.host.as_str(), server.port)).await?;
    let letter = Envelope {
        hello,
        from,
        to,
        message,
    };
    let Some(encryption) = encryption else {
        let mut session = Session::new(&mut stream);
        session.expect("the connection", None, '2').await?;
        return letter.hand_in(&mut session, server).await;
    };
    if server.protection == Protection::StartTls {
        let mut session = Session::new(&mut stream);
        session.expect("the connection", None, '2').await?;
        let offers = session.hello(hello).await?;
        if !offers.iter().any(|offer| offer == "STARTTLS") {
            return Err(Failure::Lacks("encryption"));
        }
        session.expect("STARTTLS", Some("STARTTLS"), '2').await?;
        // Words that somebody slipped in before the encryption would be taken as said within it.
        if !session.0.buffer().is_empty() {
            return Err(Failure::NotSmtp);
        }
    }
    let name = ServerName::try_from(server.host.clone()).map_err(|_| Failure::Tls)?;
    let mut stream = TlsConnector::from(encryption).connect(name, stream).await?;
    let mut session = Session::new(&mut stream);
    if server.protection == Protection::Tls {
        session.expect("the connection", None, '2').await?;
    }
    letter.hand_in(&mut session, server).await
}

/// What is handed in.
struct Envelope<'a> {
    hello: &'a str,
    from: &'a Mailbox,
    to: &'a Mailbox,
    message: &'a [u8],
}

impl Envelope<'_> {
    async fn hand_in<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        session: &mut Session<S>,
        server: &MailServer,
    ) -> Result<(), Failure> {
        let offers = session.hello(self.hello).await?;
        if let Some((user, password)) = &server.login {
            session.log_in(&offers, user, password).await?;
        }
        let from = format!("MAIL FROM:<{}>", self.from.as_str());
        session.expect("MAIL", Some(&from), '2').await?;
        let to = format!("RCPT TO:<{}>", self.to.as_str());
        let taken = session.expect("RCPT", Some(&to), '2').await;
        if let Err(Failure::Answer { code, .. }) = &taken
            && ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]
                .iter()
                .any(|nowhere| code.ends_with(&format!(" {nowhere}")))
        {
            return Err(Failure::NoMailbox(format!("answer {code}")));
        }
        taken?;
        session.expect("DATA", Some("DATA"), '3').await?;
        session.write(&stuffed(self.message)).await?;
        session.expect("the mail", Some("."), '2').await?;
        // It is taken, whatever becomes of the connection.
        let _ = session.expect("QUIT", Some("QUIT"), '2').await;
        Ok(())
    }
}

/// A line that begins with a dot would end the mail.
fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    out
}

struct Session<S>(BufReader<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    fn new(stream: S) -> Self {
        Self(BufReader::new(stream))
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.0.write_all(bytes).await?;
        Ok(self.0.flush().await?)
    }

    /// Says a line, where there is one to be said, and takes an answer of this kind alone.
    async fn expect(
        &mut self,
        what: &'static str,
        line: Option<&str>,
        kind: char,
    ) -> Result<Vec<String>, Failure> {
        if let Some(line) = line {
            self.write(format!("{line}\r\n").as_bytes()).await?;
        }
        let (code, lines) = self.answer().await?;
        if code.starts_with(kind) {
            return Ok(lines);
        }
        // The code of RFC 3463, where there is one, says more.
        let first = lines.first().map_or("", String::as_str);
        let enhanced = first.split(' ').next().unwrap_or_default();
        let is_code = enhanced.split('.').count() == 3
            && enhanced.len() <= 9
            && enhanced
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
        Err(Failure::Answer {
            to: what,
            code: if is_code {
                format!("{code} {enhanced}")
            } else {
                code
            },
        })
    }

    /// Code and texts of an answer.
    async fn answer(&mut self) -> Result<(String, Vec<String>), Failure> {
        let mut texts = Vec::new();
        loop {
            let mut line = Vec::new();
            let read = (&mut self.0)
                .take(LINE)
                .read_until(b'\n', &mut line)
                .await?;
            if read == 0 {
                return Err(Failure::Connection(io::ErrorKind::UnexpectedEof));
            }
            let line = std::str::from_utf8(&line).map_err(|_| Failure::NotSmtp)?;
            let line = line.strip_suffix('\n').ok_or(Failure::NotSmtp)?;
            let line = line.trim_end_matches('\r');
            let code = line.get(..3).ok_or(Failure::NotSmtp)?;
            if !code.bytes().all(|byte| byte.is_ascii_digit()) || texts.len() == LINES {
                return Err(Failure::NotSmtp);
            }
            texts.push(line.get(4..).unwrap_or_default().to_owned());
            match line.as_bytes().get(3) {
                Some(b'-') => {}
                None | Some(b' ') => return Ok((code.to_owned(), texts)),
                Some(_) => return Err(Failure::NotSmtp),
            }
        }
    }

    /// What the server offers, in capitals.
    async fn hello(&mut self, hello: &str) -> Result<Vec<String>, Failure> {
        let offers = self
            .expect("EHLO", Some(&format!("EHLO {hello}")), '2')
            .await?;
        Ok(offers
            .iter()
            .map(|offer| offer.to_ascii_uppercase())
            .collect())
    }

    async fn log_in(
        &mut self,
        offers: &[String],
        user: &str,
        password: &str,
    ) -> Result<(), Failure> {
        let ways = offers.iter().find_map(|offer| offer.strip_prefix("AUTH "));
        let has = |way: &str| ways.is_some_and(|ways| ways.split(' ').any(|one| one == way));
        let encode = |text: &str| BASE64.encode(text.as_bytes());
        if has("PLAIN") {
            let line = format!("AUTH PLAIN {}", encode(&format!("\0{user}\0{password}")));
            self.expect("AUTH", Some(&line), '2').await?;
        } else if has("LOGIN") {
            self.expect("AUTH", Some("AUTH LOGIN"), '3').await?;
            self.expect("AUTH", Some(&encode(user)), '3').await?;
            self.expect("AUTH", Some(&encode(password)), '2').await?;
        } else {
            return Err(Failure::Lacks("a way to log in that we have"));
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "smtp_tests.rs"]
mod tests;
