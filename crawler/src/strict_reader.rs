//! What a strict reader (feed-rs) says of a feed: for owners, never on the crawl's way.
//!
//! Contract: [`opinion`] ends within its deadline and never brings the process down. feed-rs overflows its stack on deep
//! nesting and misreads UTF-16, so it sees only UTF-8 whose nesting our own scan found small, on a thread of its own.

use std::sync::mpsc;
use std::time::Duration;

/// Deepest nesting that is handed over.
const MAX_DEPTH: usize = 64;
const MAX_BYTES: usize = 8 << 20;
const DEADLINE: Duration = Duration::from_secs(2);
const STACK: usize = 8 << 20;
/// What it says is cut to so many characters.
const MAX_WORDS: usize = 200;

/// Whether a strict reader takes a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opinion {
    Takes,
    /// Its words.
    Refuses(String),
    NotTried(&'static str),
}

impl Opinion {
    /// One line for the owner; nothing where all is well.
    pub fn words(&self) -> Option<String> {
        match self {
            Self::Takes => None,
            Self::Refuses(why) => Some(format!("other readers refuse this feed: {why}")),
            Self::NotTried(why) => Some(format!(
                "whether other readers take this feed was not tried: {why}"
            )),
        }
    }
}

/// Lets a strict reader read a feed's bytes as they were sent.
pub fn opinion(bytes: &[u8]) -> Opinion {
    if bytes.len() > MAX_BYTES {
        return Opinion::NotTried("it is too large");
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Opinion::NotTried("it is not in UTF-8");
    };
    if !is_shallow(text) {
        return Opinion::NotTried("it is nested too deeply");
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    let owned = bytes.to_vec();
    let reader = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let read = feed_rs::parser::parse(owned.as_slice());
            // Nobody may be waiting any more.
            let _ = sender.send(read.map(|_| ()).map_err(|error| error.to_string()));
        });
    if reader.is_err() {
        return Opinion::NotTried("there was no room for it");
    }
    match receiver.recv_timeout(DEADLINE) {
        Ok(Ok(())) => Opinion::Takes,
        Ok(Err(why)) => Opinion::Refuses(why.chars().take(MAX_WORDS).collect()),
        Err(mpsc::RecvTimeoutError::Timeout) => Opinion::NotTried("it took too long"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Opinion::NotTried("the other reader broke off")
        }
    }
}

/// Whether no element stands deeper than [`MAX_DEPTH`]. Own declarations of a document (`<!DOCTYPE … [`) may hold entities
/// that nest, so they count as deep; JSON is bounded by its reader.
fn is_shallow(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let skip = |end: &str| rest.find(end).map(|at| at + end.len());
        let next = if rest.starts_with("<!--") {
            skip("-->")
        } else if rest.starts_with("<![CDATA[") {
            skip("]]>")
        } else if rest.starts_with("<?") {
            skip("?>")
        } else if rest.starts_with("<!") {
            let end = skip(">");
            if end.is_some_and(|end| rest[..end].contains('[')) {
                return false;
            }
            end
        } else {
            let end = tag_end(rest);
            match end.map(|end| &rest[..end]) {
                Some(tag) if tag.starts_with("</") => depth = depth.saturating_sub(1),
                Some(tag) if !tag.ends_with("/>") => depth += 1,
                _ => {}
            }
            end
        };
        if depth > MAX_DEPTH {
            return false;
        }
        let Some(next) = next else { break };
        rest = &rest[next..];
    }
    true
}

/// The length of the tag that `text` begins with; `>` within quotes does not end it.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    text.bytes()
        .position(|byte| {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'>') => return true,
                _ => {}
            }
            false
        })
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title><link>https://site.example/</link>\
                         <description>d</description><item><title>a > b</title></item></channel></rss>";

    #[test]
    fn a_sound_feed_is_taken_and_a_broken_one_is_refused_with_words() {
        assert_eq!(opinion(SOUND.as_bytes()), Opinion::Takes);
        let broken = SOUND.replace("</channel>", "");
        let words = opinion(broken.as_bytes()).words();
        assert!(words.is_some_and(|words| words.starts_with("other readers refuse this feed: ")));
        assert!(matches!(opinion(b"<html>hello"), Opinion::Refuses(_)));
    }

    #[test]
    fn the_documents_that_break_it_are_not_tried() {
        let nested = format!(
            "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item>{}",
            "<media:group>".repeat(2200)
        );
        assert_eq!(
            opinion(nested.as_bytes()),
            Opinion::NotTried("it is nested too deeply")
        );
        let wide: Vec<u8> = SOUND.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [&[0xfe, 0xff][..], &wide].concat();
        assert_eq!(opinion(&marked), Opinion::NotTried("it is not in UTF-8"));
        let entities = "<!DOCTYPE rss [<!ENTITY a \"<b><b><b>\">]><rss/>";
        assert!(matches!(opinion(entities.as_bytes()), Opinion::NotTried(_)));
        for hostile in ["<", "<a", "<!--", "<![CDATA[", "<?", "</", "<a '", "<!"] {
            let _ = opinion(hostile.repeat(1000).as_bytes());
        }
    }
}
