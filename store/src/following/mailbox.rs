//! Mail addresses of analysts: typed, so that none can carry a header or a command, and silent in logs.

use std::fmt;
use std::str::FromStr;

use url::Host;

/// Bytes of a whole address (RFC 5321, section 4.5.3.1.3, without the brackets).
const LONGEST: usize = 254;
/// Bytes before the `@` (section 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// The address of a mailbox: an unquoted local part (RFC 5321's `Dot-string`) at a domain name, both ASCII.
///
/// Its `Debug` says nothing, so that no log does by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a mail address such as insight@council.example; what stands before the @ in plain letters"
)]
pub struct NotAMailbox;

impl Mailbox {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The domain: what may be said about a mailbox that cannot be reached.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// What counts as the same mailbox when it is asked whether it wants mail: no letter case, and no `+tag`.
    pub(crate) fn counted(&self) -> String {
        let lower = self.0.to_ascii_lowercase();
        match lower.split_once('@') {
            Some((local, domain)) => {
                let name = local.split('+').next().unwrap_or_default();
                format!("{name}@{domain}")
            }
            None => lower,
        }
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(…)")
    }
}

/// RFC 5322's `atext`.
fn atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(plain)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The address with its domain as mail servers know it: `xn--…` for letters beyond ASCII (RFC 5890, section 2.3.2.1).
fn ascii(text: &str) -> Result<String, NotAMailbox> {
    let Some((local, domain)) = text
        .rsplit_once('@')
        .filter(|(_, domain)| !domain.is_ascii())
    else {
        return Ok(text.to_owned());
    };
    match Host::parse(domain) {
        Ok(Host::Domain(domain)) => Ok(format!("{local}@{domain}")),
        _ => Err(NotAMailbox),
    }
}

impl FromStr for Mailbox {
    type Err = NotAMailbox;

    fn from_str(text: &str) -> Result<Self, NotAMailbox> {
        let text = &ascii(text.trim())?;
        let (local, domain) = text.split_once('@').ok_or(NotAMailbox)?;
        let local_fits = local.len() <= LONGEST_LOCAL
            && local
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(atom));
        // A last label of digits alone is an address of a machine, not a name.
        let top = domain.rsplit('.').next().unwrap_or_default();
        let domain_fits = domain.contains('.')
            && domain.split('.').all(label)
            && !top.bytes().all(|byte| byte.is_ascii_digit());
        if text.len() <= LONGEST && local_fits && domain_fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAMailbox)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_address_is_read_and_a_domain_of_any_script_is_known() {
        let read = |text: &str| text.parse::<Mailbox>().map(|mailbox| mailbox.0);
        assert_eq!(
            read(" Reader@Council.example\n"),
            Ok("Reader@Council.example".to_owned())
        );
        assert_eq!(
            read("reader@bücher.example"),
            Ok("reader@xn--bcher-kva.example".to_owned())
        );
        assert_eq!(read("lesér@bücher.example"), Err(NotAMailbox));
        assert_eq!(read("reader@bücher"), Err(NotAMailbox));
    }

    #[test]
    fn nothing_that_could_carry_a_header_a_command_or_a_machine_is_a_mailbox() {
        for good in [
            "insight@council.example",
            "o'hara+alerts@mail.nhs.example",
            "a.b-c_d@x-y.example",
        ] {
            assert_eq!(good.parse::<Mailbox>().expect(good).as_str(), good);
        }
        let international: Mailbox = " a@cöuncil.example ".parse().expect("a mailbox");
        assert_eq!(international.as_str(), "a@xn--cuncil-wxa.example");
        let long = format!("{}@council.example", "a".repeat(65));
        let longer = format!("a@{}example", "abcdefgh.".repeat(30));
        for bad in [
            "",
            "a",
            "@council.example",
            "a@",
            "a@localhost",
            "a@127.0.0.1",
            "a@[127.0.0.1]",
            "a b@council.example",
            "\"a b\"@council.example",
            "a@council.example\r\nBcc: b@x.example",
            "a\n@council.example",
            "a@council.example>",
            "<a@council.example",
            "a,b@council.example",
            "a@b@council.example",
            ".a@council.example",
            "a..b@council.example",
            "a@-council.example",
            "a@council..example",
            "ä@council.example",
            "a\0@council.example",
            &long,
            &longer,
        ] {
            assert_eq!(bad.parse::<Mailbox>(), Err(NotAMailbox), "{bad:?}");
        }
    }

    #[test]
    fn a_mailbox_is_not_said_by_accident_and_tags_are_one_mailbox() {
        let mailbox: Mailbox = "Insight+one@Council.example".parse().expect("a mailbox");
        assert_eq!(format!("{mailbox:?}"), "Mailbox(…)");
        assert_eq!(mailbox.counted(), "insight@council.example");
        assert_eq!(mailbox.domain(), "Council.example");
    }
}
