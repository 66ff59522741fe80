//! A mail as its reader's program takes it: plain text, ASCII on the wire, written by lettre.
//!
//! Contract: whatever stands in a name, a subject or a text, it makes no header of its own and no line longer than it may be.

use discover_server::alerts::Mail;
use discover_store::Mailbox;
use jiff::Timestamp;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0,
};
use lettre::message::{Body, Mailbox as Named};
use lettre::{Address, Message};

/// A mail that cannot be written; no reader is named.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error("a mailbox of this mail is none that SMTP can carry")]
    Mailbox,
    #[error("this mail cannot be written: {0}")]
    Message(lettre::error::Error),
    #[error("this mail's text cannot be encoded")]
    Text,
}

/// The whole message with its envelope.
pub(super) fn write(
    mail: &Mail,
    from: &Mailbox,
    name: &str,
    now: Timestamp,
) -> Result<Message, WriteError> {
    let address = |mailbox: &Mailbox| {
        mailbox
            .as_str()
            .parse::<Address>()
            .map_err(|_| WriteError::Mailbox)
    };
    let mut message = Message::builder()
        .from(Named::new(
            // lettre panics at a control character in a name.
            Some(name.replace(char::is_control, " ")),
            address(from)?,
        ))
        .to(Named::new(None, address(&mail.to)?))
        .subject(mail.subject.as_str())
        .date(now.into())
        .message_id(Some(format!("<{}@{}>", mail.id, from.domain())))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .raw_header(plain("Auto-Submitted", "auto-generated"));
    if let Some(stop) = &mail.stop {
        message = message
            .raw_header(plain("List-Unsubscribe", &format!("<{stop}>")))
            .raw_header(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let text = Body::new_with_encoding(mail.text.clone(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| WriteError::Text)?;
    message.body(text).map_err(WriteError::Message)
}

/// A header whose value is ours, or a URL as its parser wrote it: ASCII without spaces.
fn plain(name: &'static str, value: &str) -> HeaderValue {
    let value = value.to_owned();
    HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str(name),
        value.clone(),
        value,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use discover_model::DeliveryId;

    const NOW: Timestamp = Timestamp::constant(1_795_348_800, 0);

    fn mail(subject: &str, text: &str) -> Mail {
        Mail {
            id: DeliveryId::from_u128(7),
            to: "reader@council.example".parse().expect("a mailbox"),
            subject: subject.to_owned(),
            text: text.to_owned(),
            stop: "https://discover.example/mail/stop/a/b".parse().ok(),
            told: Vec::new(),
        }
    }

    fn written(subject: &str, name: &str, text: &str) -> String {
        let from: Mailbox = "alerts@discover.example".parse().expect("a mailbox");
        let message = write(&mail(subject, text), &from, name, NOW).expect("a message");
        String::from_utf8(message.formatted()).expect("ASCII")
    }

    #[test]
    fn a_mail_has_the_headers_that_readers_and_their_servers_need() {
        let message = written("Blood tests", "Discover", "One line.\n");
        let (head, body) = message.split_once("\r\n\r\n").expect("head and body");
        let expected = [
            "From: Discover <alerts@discover.example>",
            "To: reader@council.example",
            "Subject: Blood tests",
            "Date: Sun, 22 Nov 2026 12:00:00 +0000",
            &format!(
                "Message-ID: <{}@discover.example>",
                DeliveryId::from_u128(7)
            ),
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe: <https://discover.example/mail/stop/a/b>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Content-Transfer-Encoding: quoted-printable",
        ];
        assert_eq!(head.split("\r\n").collect::<Vec<_>>(), expected);
        assert_eq!(body, "One line.\r\n");
    }

    #[test]
    fn no_text_makes_a_header_a_long_line_or_a_byte_beyond_ascii() {
        let evil = "Tests\r\nBcc: everybody@x.example\r\n\r\nBuy, ";
        let long = format!("{evil}{}", "prawf gwaed ŵ 血液検査 ".repeat(40));
        let message = written(
            &long,
            evil,
            &format!("{long}\n.\nQUIT\n{}", "a".repeat(5000)),
        );
        assert!(message.is_ascii());
        let names: Vec<&str> = message
            .split("\r\n\r\n")
            .next()
            .unwrap_or_default()
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(':').next().unwrap_or_default())
            .collect();
        assert_eq!(names.len(), 11, "{names:?}");
        assert!(!names.contains(&"Bcc"));
        let (head, text) = message.split_once("\r\n\r\n").expect("head and text");
        // RFC 5322, section 2.1.1: a line must not be longer than the first, and should not be than the second.
        for (part, longest) in [(head, 998), (text, 78)] {
            for line in part.split("\r\n") {
                assert!(line.len() <= longest, "{line}");
                assert!(!line.contains(['\r', '\n']));
            }
        }
    }
}
