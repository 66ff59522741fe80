//! A mail as bytes (RFC 5322, RFC 2045, RFC 2047): plain text, ASCII on the wire, no line longer than it may be.

use std::fmt::Write;

use data_encoding::BASE64;
use discover_server::alerts::Mail;
use discover_store::Mailbox;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Characters of a line of quoted-printable text, with the `=` at its end (RFC 2045, section 6.7).
const QUOTED: usize = 76;
/// Bytes that are encoded as one word of a header: with their frame they make less than 75 characters (RFC 2047).
const WORD: usize = 42;
/// Bytes that stand on a line behind a header's name as they are.
const SHORT: usize = 60;
/// What an encoded word begins with.
const ENCODED: &str = "=?";

/// The whole message; lines end with CRLF.
pub(super) fn write(mail: &Mail, from: &Mailbox, name: &str, now: Timestamp) -> Vec<u8> {
    let mut out = String::new();
    // Values are typed, or come from `words`: none holds a line end of somebody else's.
    let mut header = |name: &str, value: &str| {
        // Writing into a text cannot fail.
        let _ = write!(out, "{name}: {value}\r\n");
    };
    let date = now.to_zoned(TimeZone::UTC);
    // A display name is made of atoms (RFC 5322, section 3.2.5); a subject may hold any sign.
    let name = words(name, |c| c.is_ascii_alphanumeric() || c == ' ');
    let between = if name.starts_with(ENCODED) {
        "\r\n "
    } else {
        " "
    };
    header("From", &format!("{name}{between}<{}>", from.as_str()));
    header("To", mail.to.as_str());
    header(
        "Subject",
        &words(&mail.subject, |c| (' '..='~').contains(&c)),
    );
    header(
        "Date",
        &date.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(),
    );
    header("Message-ID", &format!("<{}@{}>", mail.id, from.domain()));
    if let Some(stop) = &mail.stop {
        header("List-Unsubscribe", &format!("<{stop}>"));
        header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    header("Auto-Submitted", "auto-generated");
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "quoted-printable");
    out.push_str("\r\n");
    quoted(&mail.text, &mut out);
    out.into_bytes()
}

/// Text for a header: as it is where it is plain and short, else as encoded words, each on a line of its own.
fn words(text: &str, plain: fn(char) -> bool) -> String {
    let short = (1..=SHORT).contains(&text.len());
    if short && text.chars().all(plain) && !text.contains(ENCODED) {
        return text.to_owned();
    }
    let mut parts = vec![String::new()];
    for c in text.chars() {
        if parts
            .last()
            .is_some_and(|part| part.len() + c.len_utf8() > WORD)
        {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let encoded = parts
        .iter()
        .map(|part| format!("=?utf-8?B?{}?=", BASE64.encode(part.as_bytes())));
    encoded.collect::<Vec<_>>().join("\r\n ")
}

/// Quoted-printable text; its lines end with `\n`.
fn quoted(text: &str, out: &mut String) {
    for line in text.lines() {
        let bytes = line.as_bytes();
        let mut width = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let last = at + 1 == bytes.len();
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (*byte == b' ' && !last);
            let size = if plain { 1 } else { 3 };
            if width + size >= QUOTED {
                out.push_str("=\r\n");
                width = 0;
            }
            width += size;
            if plain {
                out.push(char::from(*byte));
            } else {
                let _ = write!(out, "={byte:02X}");
            }
        }
        out.push_str("\r\n");
    }
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
        let bytes = write(&mail(subject, text), &from, name, NOW);
        String::from_utf8(bytes).expect("ASCII")
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
            "List-Unsubscribe: <https://discover.example/mail/stop/a/b>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
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
        for line in message.split("\r\n") {
            assert!(line.len() <= 78, "{line}");
            assert!(!line.contains(['\r', '\n']));
        }
    }

    #[test]
    fn quoted_text_reads_as_it_was() {
        let text = "a = b \nŵ: 血液検査\n\ttab \n\n.\n";
        let mut out = String::new();
        quoted(text, &mut out);
        let mut bytes = Vec::new();
        let joined = out.replace("=\r\n", "");
        let mut rest = joined.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            if *first == b'=' {
                let hex = std::str::from_utf8(&after[..2]).expect("hex");
                bytes.push(u8::from_str_radix(hex, 16).expect("hex"));
                rest = &after[2..];
            } else {
                bytes.push(*first);
                rest = after;
            }
        }
        assert_eq!(
            String::from_utf8(bytes).expect("text"),
            text.replace('\n', "\r\n")
        );
    }
}
