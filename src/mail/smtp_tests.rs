//! Handing in to servers that answer as they are told, encrypted and not.

use super::*;
use std::sync::{Arc, Mutex};

use data_encoding::BASE64;
use lettre::transport::smtp::client::{Certificate, CertificateStore};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// For `localhost`, until 2120; made for these tests alone.
const CERTIFICATE: &[u8] = include_bytes!("testdata/certificate.der");
const KEY: &[u8] = include_bytes!("testdata/key.der");

/// Trusts these alone.
fn trusting(certificates: &[&'static [u8]]) -> TlsParameters {
    let mut parameters =
        TlsParameters::builder("localhost".to_owned()).certificate_store(CertificateStore::None);
    for certificate in certificates {
        let certificate = Certificate::from_der(certificate.to_vec()).expect("a certificate");
        parameters = parameters.add_root_certificate(certificate);
    }
    parameters.build_rustls().expect("parameters")
}

fn acceptor() -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(KEY));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .expect("a certificate");
    TlsAcceptor::from(Arc::new(config))
}

/// What is answered to a line that begins so; the last that fits counts.
type Answers = &'static [(&'static str, &'static str)];
type Heard = Arc<Mutex<Vec<String>>>;

/// Talks until the client is quiet, or asks for encryption.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    greet: bool,
    answers: Answers,
    heard: &Heard,
) {
    let mut lines = BufReader::new(stream);
    let mut say = if greet { "220 mail.example\r\n" } else { "" };
    let mut in_data = false;
    loop {
        if lines.get_mut().write_all(say.as_bytes()).await.is_err() {
            return;
        }
        let _ = lines.get_mut().flush().await;
        let mut line = String::new();
        if lines.read_line(&mut line).await.unwrap_or_default() == 0 {
            return;
        }
        heard
            .lock()
            .expect("heard")
            .push(line.trim_end().to_owned());
        in_data &= line != ".\r\n";
        if in_data {
            say = "";
            continue;
        }
        let answer = answers
            .iter()
            .rev()
            .find(|(start, _)| line.starts_with(start));
        say = answer.map_or("250 ok\r\n", |(_, answer)| answer);
        in_data = line.starts_with("DATA") && say.starts_with('3');
        if line.starts_with("STARTTLS") && say.starts_with('2') {
            let _ = lines.get_mut().write_all(say.as_bytes()).await;
            return;
        }
    }
}

/// A server that takes one connection; what it heard.
async fn server(protection: Protection, answers: Answers) -> (MailServer, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = Heard::default();
    let hears = Arc::clone(&heard);
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        if protection != Protection::Tls {
            talk(&mut stream, true, answers, &hears).await;
        }
        if protection != Protection::SameMachine
            && let Ok(mut stream) = acceptor().accept(stream).await
        {
            hears.lock().expect("heard").push("(encrypted)".to_owned());
            talk(&mut stream, protection == Protection::Tls, answers, &hears).await;
        }
    });
    let server = MailServer {
        host: "localhost".to_owned(),
        port,
        protection,
        login: Some(("user".to_owned(), "secret".to_owned())),
    };
    (server, heard)
}

const OFFERS: Answers = &[
    (
        "EHLO",
        "250-mail.example\r\n250-STARTTLS\r\n250 AUTH LOGIN PLAIN\r\n",
    ),
    ("STARTTLS", "220 go on\r\n"),
    ("DATA", "354 go on\r\n"),
];

const PLAIN: Answers = &[("EHLO", "250 AUTH PLAIN\r\n")];
const NOT_NOW: Answers = &[
    ("EHLO", "250 STARTTLS\r\n"),
    ("STARTTLS", "454 not now\r\n"),
];
/// Somebody in between says more than the server did.
const SLIPPED_IN: Answers = &[
    ("EHLO", "250 STARTTLS\r\n"),
    ("STARTTLS", "220 go on\r\n250 AUTH PLAIN\r\n"),
];

async fn hand_in(server: &MailServer, encryption: Option<TlsParameters>) -> Result<(), Failure> {
    let message = Message::builder()
        .from("alerts@discover.example".parse().expect("a mailbox"))
        .to("reader@council.example".parse().expect("a mailbox"))
        .body(".\n..\nQUIT\n".to_owned())
        .expect("a message");
    let sent = send_by(server, encryption, "discover.example", &message);
    tokio::time::timeout(Duration::from_secs(20), sent)
        .await
        .expect("in time")
}

#[tokio::test]
async fn a_mail_is_handed_in_whole_and_the_password_goes_encrypted_alone() {
    for protection in [Protection::Tls, Protection::StartTls] {
        let (server, heard) = server(protection, OFFERS).await;
        let sent = hand_in(&server, Some(trusting(&[CERTIFICATE]))).await;
        assert!(sent.is_ok(), "{protection:?}: {sent:?}");
        let heard = heard.lock().expect("heard").clone();
        let at = heard.iter().position(|line| line == "(encrypted)");
        let (open, closed) = heard.split_at(at.expect("it was encrypted"));
        let expected: &[&str] = match protection {
            Protection::StartTls => &["EHLO discover.example", "STARTTLS"],
            _ => &[],
        };
        assert_eq!(open, expected);
        let head = closed.iter().position(|line| line == "DATA").expect("DATA") + 1;
        let text = head
            + closed[head..]
                .iter()
                .position(String::is_empty)
                .expect("a text");
        assert_eq!(
            [&closed[1..head], &closed[text..]].concat(),
            [
                "EHLO discover.example",
                &format!("AUTH PLAIN {}", BASE64.encode(b"\0user\0secret")),
                "MAIL FROM:<alerts@discover.example>",
                "RCPT TO:<reader@council.example>",
                "DATA",
                "",
                "..",
                "...",
                "QUIT",
                "",
                ".",
                "QUIT",
            ]
        );
    }
}

#[tokio::test]
async fn where_encryption_cannot_be_had_nothing_is_said() {
    let (strange, heard) = server(Protection::Tls, OFFERS).await;
    let refused = hand_in(&strange, Some(trusting(&[]))).await;
    assert!(matches!(refused, Err(Failure::Tls)), "{refused:?}");
    assert!(heard.lock().expect("heard").is_empty());

    for answers in [PLAIN, NOT_NOW, SLIPPED_IN] {
        let (server, heard) = server(Protection::StartTls, answers).await;
        let refused = hand_in(&server, Some(trusting(&[CERTIFICATE]))).await;
        assert!(refused.is_err());
        let heard = heard.lock().expect("heard").join("\n");
        assert!(
            !heard.contains("AUTH") && !heard.contains("RCPT"),
            "{heard}"
        );
    }
}

#[tokio::test]
async fn a_failure_is_said_by_its_code_and_never_with_the_address() {
    const NOBODY: Answers = &[(
        "RCPT",
        "550 5.1.1 <reader@council.example>: no such user\r\n",
    )];
    const BUSY: Answers = &[(
        "RCPT",
        "451-4.7.1 reader@council.example\r\n451 4.7.1 later\r\n",
    )];
    const RELAY: Answers = &[(
        "RCPT",
        "550 5.7.1 relaying denied for reader@council.example\r\n",
    )];
    const FULL: Answers = &[("DATA", "354 go on\r\n"), (".\r\n", "452 full\r\n")];
    const LONG: Answers = &[("EHLO", include_str!("smtp.rs"))];
    for (answers, expected) in [
        (NOBODY, "answer 550 5.1.1"),
        (BUSY, "the mail server answered 451 4.7.1"),
        (RELAY, "the mail server answered 550 5.7.1"),
        (FULL, "the mail server answered 452"),
        (LONG, "the mail server does not speak SMTP"),
    ] {
        let (mut server, _) = server(Protection::SameMachine, answers).await;
        server.login = None;
        let failure = hand_in(&server, None).await.expect_err(expected);
        assert_eq!(failure.to_string(), expected);
        let nobody = matches!(failure, Failure::NoMailbox(_));
        assert_eq!(nobody, expected.starts_with("answer"));
    }
}
