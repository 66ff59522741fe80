//! Reading a body within its caps, unpacking as it comes.
//!
//! The client library would unpack without a limit; so it is told not to, and the bytes are counted on both sides of
//! the decoder: a body may be neither larger than its cap nor more than a hundred times what was sent.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::error::FetchError;

/// Unpacked bytes for each byte sent, at most.
const MAX_RATIO: usize = 100;
/// Bodies up to this size are never taken for bombs.
const RATIO_FLOOR: usize = 64 * 1024;
/// A body must arrive at this rate once it has had some seconds to get going.
const MIN_BYTES_A_SECOND: u64 = 1024;
/// Room made on a server's word alone.
const MOST_ROOM: usize = 1 << 20;
const SLOW_START: Duration = Duration::from_secs(5);

/// Registered content codings (IANA) that we do not decode.
const NOT_DECODED: [&str; 8] = [
    "zstd",
    "compress",
    "x-compress",
    "exi",
    "pack200-gzip",
    "aes128gcm",
    "dcb",
    "dcz",
];
/// Enough of a body to tell gzip by its magic number and text from packed bytes.
const HEAD: usize = 5;

/// A content coding we ask for and decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentEncoding {
    Plain,
    Gzip,
    Deflate,
    Brotli,
}

impl ContentEncoding {
    /// Reads all values of `Content-Encoding` (RFC 9110 8.4). Words that name no coding (a charset, a media type,
    /// `aws-chunked`) say nothing of the bytes and are passed over; codings that were not asked for, and one within
    /// another, are refused.
    pub(crate) fn of<'a>(values: impl Iterator<Item = &'a str>) -> Result<Self, FetchError> {
        let mut found = Self::Plain;
        for word in values.flat_map(|value| value.split(',')) {
            let coding = match word.trim().to_ascii_lowercase().as_str() {
                "gzip" | "x-gzip" => Self::Gzip,
                "deflate" => Self::Deflate,
                "br" => Self::Brotli,
                other if NOT_DECODED.contains(&other) => {
                    return Err(FetchError::Encoding(other.to_owned()));
                }
                _ => continue,
            };
            if found != Self::Plain {
                return Err(FetchError::Encoding("one coding within another".to_owned()));
            }
            found = coding;
        }
        Ok(found)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
        }
    }
}

/// What to do with a body that is larger than its cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overflow {
    Refuse,
    /// Keep what fits: robots.txt is read as far as 500 KiB.
    Cut,
}

/// Where unpacked bytes land. An error from here means a cap was reached; `broken` says which.
struct Capped {
    bytes: Vec<u8>,
    cap: usize,
    sent: usize,
    broken: Option<Cap>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cap {
    Size,
    Ratio,
}

impl Write for Capped {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let room = self.cap - self.bytes.len();
        self.bytes.extend_from_slice(&part[..part.len().min(room)]);
        if part.len() > room {
            self.broken = Some(Cap::Size);
        } else if self.bytes.len() > RATIO_FLOOR && self.bytes.len() / MAX_RATIO > self.sent {
            self.broken = Some(Cap::Ratio);
        }
        match self.broken {
            Some(_) => Err(io::Error::other("cap reached")),
            None => Ok(part.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Decoder {
    Plain(Capped),
    Gzip(MultiGzDecoder<Capped>),
    Zlib(ZlibDecoder<Capped>),
    Deflate(DeflateDecoder<Capped>),
    Brotli(Box<DecompressorWriter<Capped>>),
}

/// Takes a body chunk by chunk.
pub(crate) struct Body {
    encoding: ContentEncoding,
    decoder: Option<Decoder>,
    /// Held until [`HEAD`] bytes are there: they tell gzip from plain, zlib from raw deflate, and text from either.
    head: Vec<u8>,
    cap: usize,
    room: usize,
    overflow: Overflow,
    sent: u64,
    began: Instant,
    full: bool,
}

impl Body {
    /// `announced` is the length the server gave, for making room at once.
    pub(crate) fn new(
        encoding: ContentEncoding,
        cap: usize,
        overflow: Overflow,
        announced: Option<u64>,
    ) -> Self {
        Self {
            encoding,
            decoder: None,
            head: Vec::new(),
            cap,
            room: announced.map_or(0, |length| (length as usize).min(cap).min(MOST_ROOM)),
            overflow,
            sent: 0,
            began: Instant::now(),
            full: false,
        }
    }

    /// Whether the cap of a body that may be cut is reached, so that the rest need not be read.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), FetchError> {
        self.sent += chunk.len() as u64;
        let elapsed = self.began.elapsed();
        if elapsed > SLOW_START && self.sent < MIN_BYTES_A_SECOND * elapsed.as_secs() {
            return Err(FetchError::TooSlow);
        }
        if self.decoder.is_some() {
            return self.decode(chunk);
        }
        self.head.extend_from_slice(chunk);
        if self.head.len() < HEAD {
            return Ok(());
        }
        self.start()
    }

    fn start(&mut self) -> Result<(), FetchError> {
        let head = std::mem::take(&mut self.head);
        let sink = Capped {
            bytes: Vec::with_capacity(self.room.max(head.len())),
            cap: self.cap,
            sent: 0,
            broken: None,
        };
        // The bytes know better than the header: gzip has a magic number (RFC 1952 2.3.1), and markup is not packed.
        self.encoding = match self.encoding {
            ContentEncoding::Plain | ContentEncoding::Gzip if head.starts_with(&[0x1f, 0x8b]) => {
                ContentEncoding::Gzip
            }
            ContentEncoding::Gzip => ContentEncoding::Plain,
            _ if is_text(&head) => ContentEncoding::Plain,
            encoding => encoding,
        };
        self.decoder = Some(match self.encoding {
            ContentEncoding::Plain => Decoder::Plain(sink),
            ContentEncoding::Gzip => Decoder::Gzip(MultiGzDecoder::new(sink)),
            // "deflate" means zlib, but some servers send the bare stream.
            ContentEncoding::Deflate if is_zlib(&head) => Decoder::Zlib(ZlibDecoder::new(sink)),
            ContentEncoding::Deflate => Decoder::Deflate(DeflateDecoder::new(sink)),
            ContentEncoding::Brotli => {
                Decoder::Brotli(Box::new(DecompressorWriter::new(sink, 8192)))
            }
        });
        self.decode(&head)
    }

    fn decode(&mut self, chunk: &[u8]) -> Result<(), FetchError> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        decoder.sink().sent += chunk.len();
        if decoder.write(chunk).is_ok() {
            return Ok(());
        }
        match (decoder.sink().broken, self.overflow) {
            (Some(Cap::Size), Overflow::Cut) => {
                self.full = true;
                Ok(())
            }
            (Some(Cap::Size), Overflow::Refuse) => Err(FetchError::TooLarge(self.cap)),
            (Some(Cap::Ratio), _) => Err(FetchError::Bomb),
            (None, _) => Err(FetchError::Garbage(self.encoding.name())),
        }
    }

    /// The whole body, once nothing more comes. A packed stream without its end is truncated.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, FetchError> {
        if self.decoder.is_none() {
            if self.head.is_empty() {
                return Ok(Vec::new());
            }
            self.start()?;
        }
        let Some(mut decoder) = self.decoder else {
            return Ok(Vec::new());
        };
        if self.full {
            return Ok(std::mem::take(&mut decoder.sink().bytes));
        }
        let ended = decoder.end();
        match (decoder.sink().broken, self.overflow, ended) {
            (Some(Cap::Size), Overflow::Refuse, _) => Err(FetchError::TooLarge(self.cap)),
            (Some(Cap::Ratio), ..) => Err(FetchError::Bomb),
            (None, _, Err(_)) => Err(FetchError::Truncated),
            _ => Ok(std::mem::take(&mut decoder.sink().bytes)),
        }
    }
}

impl Decoder {
    fn sink(&mut self) -> &mut Capped {
        match self {
            Self::Plain(sink) => sink,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zlib(decoder) => decoder.get_mut(),
            Self::Deflate(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
        }
    }

    fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(sink) => sink.write_all(chunk),
            Self::Gzip(decoder) => decoder.write_all(chunk),
            Self::Zlib(decoder) => decoder.write_all(chunk),
            Self::Deflate(decoder) => decoder.write_all(chunk),
            Self::Brotli(decoder) => decoder.write_all(chunk),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::Zlib(decoder) => decoder.try_finish(),
            Self::Deflate(decoder) => decoder.try_finish(),
            Self::Brotli(decoder) => decoder.close(),
        }
    }
}

/// Whether a body begins as documents do that we ask for.
fn is_text(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head.trim_ascii_start();
    match head {
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'?' | b'!'),
        [b'{' | b'[', next, ..] => next.is_ascii_whitespace() || matches!(next, b'"' | b'{'),
        _ => false,
    }
}

fn is_zlib(head: &[u8]) -> bool {
    matches!(head, [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn read(encoding: ContentEncoding, sent: &[u8], cap: usize) -> Result<Vec<u8>, FetchError> {
        let mut body = Body::new(encoding, cap, Overflow::Refuse, None);
        for chunk in sent.chunks(1000) {
            body.push(chunk)?;
        }
        body.finish()
    }

    const CAP: usize = 8 << 20;
    /// "a feed, a feed, a feed" fifty times, by the reference encoder.
    const BROTLI: &[u8] = &[
        0x1b, 0x4b, 0x04, 0xf8, 0x8d, 0x94, 0x6e, 0xde, 0xaa, 0x06, 0x61, 0x09, 0x33, 0x53, 0x64,
        0x65, 0xa5, 0x4f, 0x61, 0xe5, 0x40, 0x09, 0x10, 0x4f, 0x84, 0x1f,
    ];

    /// 64 MiB of zeros, by the reference encoder.
    const BROTLI_BOMB: &[u8] = &[
        0xcb, 0xff, 0xff, 0x3f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x8f, 0xff,
        0xff, 0x7f, 0xf0, 0x4f, 0x00, 0xc4, 0x61, 0x11, 0x80, 0xee, 0xfd, 0x1f, 0xff, 0xff, 0xff,
        0xe0, 0x9f, 0x00, 0x88, 0xc3, 0x02, 0x00, 0xdd, 0xfb, 0x3f, 0xfe, 0xff, 0xff, 0xc1, 0x3f,
        0x01, 0x10, 0x87, 0x05, 0x00, 0xba, 0xf7, 0x7f, 0xfc, 0xff, 0xff, 0x83, 0x7f, 0x02, 0x20,
        0x0e, 0x0b, 0x00, 0x74, 0xef, 0xff, 0xf8, 0xff, 0xff, 0x07, 0xff, 0x04, 0x40, 0x1c, 0x16,
        0x00, 0xe8, 0xde, 0xff, 0xf1, 0xff, 0xff, 0x0f, 0xfe, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xd0,
        0xbd, 0xff, 0xcb, 0xff, 0xff, 0x3f, 0xfc, 0x13, 0x00, 0x71, 0x58, 0x00, 0xa0, 0x7b, 0xff,
        0x07,
    ];

    #[test]
    fn row_40_every_packing_we_ask_for_is_unpacked() {
        let text = b"a feed, a feed, a feed".repeat(50);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(&text).expect("in memory");
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(&text).expect("in memory");
        let two = [gzip(&text[..500]), gzip(&text[500..])].concat();
        for (encoding, sent) in [
            (ContentEncoding::Plain, text.clone()),
            (ContentEncoding::Gzip, gzip(&text)),
            (ContentEncoding::Gzip, two),
            (ContentEncoding::Deflate, zlib.finish().expect("in memory")),
            (ContentEncoding::Deflate, raw.finish().expect("in memory")),
            (ContentEncoding::Brotli, BROTLI.to_vec()),
        ] {
            assert_eq!(
                read(encoding, &sent, CAP).as_deref(),
                Ok(&text[..]),
                "{encoding:?}"
            );
        }
    }

    #[test]
    fn row_41_a_bomb_is_stopped_by_ratio_and_by_size() {
        let bomb = gzip(&vec![0; 16 << 20]);
        assert_eq!(
            read(ContentEncoding::Gzip, &bomb, CAP),
            Err(FetchError::Bomb)
        );
        assert_eq!(
            read(ContentEncoding::Brotli, BROTLI_BOMB, CAP),
            Err(FetchError::Bomb)
        );
        let members = gzip(&vec![0; 600 * 1024]).repeat(20);
        assert_eq!(
            read(ContentEncoding::Gzip, &members, CAP),
            Err(FetchError::Bomb)
        );
        let mut noise = 1_u32;
        let large: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8 & 0x3f
        })
        .take(CAP + 1)
        .collect();
        assert_eq!(
            read(ContentEncoding::Gzip, &gzip(&large), CAP),
            Err(FetchError::TooLarge(CAP))
        );
        assert_eq!(
            read(ContentEncoding::Plain, &large, CAP),
            Err(FetchError::TooLarge(CAP))
        );
        let named = |value| ContentEncoding::of(std::iter::once(value));
        assert!(named("gzip, gzip").is_err() && named("zstd").is_err());
    }

    #[test]
    fn a_coding_that_is_none_or_not_true_leaves_the_bytes_readable() {
        let text = b"<?xml version=\"1.0\"?><rss/>".to_vec();
        for (value, sent) in [
            ("aws-chunked", text.clone()),
            ("UTF-8", text.clone()),
            ("utf8", text.clone()),
            ("text/xml", text.clone()),
            ("identity, identity", text.clone()),
            ("gzip, aws-chunked", gzip(&text)),
            ("gzip, aws-chunked", text.clone()),
            ("br", text.clone()),
            ("deflate", text.clone()),
            ("", gzip(&text)),
        ] {
            let encoding = ContentEncoding::of(std::iter::once(value)).expect("a coding");
            assert_eq!(
                read(encoding, &sent, CAP).as_deref(),
                Ok(&text[..]),
                "{value}"
            );
        }
        for short in [&b"<"[..], b"x", b"{}"] {
            assert_eq!(
                read(ContentEncoding::Plain, short, CAP).as_deref(),
                Ok(short)
            );
        }
    }

    #[test]
    fn row_42_plain_text_called_gzip_is_read_and_a_cut_stream_is_not() {
        assert_eq!(
            read(ContentEncoding::Gzip, b"<rss/>", CAP).as_deref(),
            Ok(&b"<rss/>"[..])
        );
        let whole = gzip(&b"a feed, a feed".repeat(500));
        assert_eq!(
            read(ContentEncoding::Gzip, &whole[..whole.len() - 6], CAP),
            Err(FetchError::Truncated)
        );
        let mut garbage = whole;
        garbage[12..40].fill(0xff);
        assert!(matches!(
            read(ContentEncoding::Gzip, &garbage, CAP),
            Err(FetchError::Garbage("gzip") | FetchError::Truncated)
        ));
        assert!(read(ContentEncoding::Brotli, b"\xff\xff not brotli", CAP).is_err());
    }

    #[test]
    fn a_body_that_may_be_cut_is_cut_at_its_cap() {
        let mut body = Body::new(ContentEncoding::Plain, 10, Overflow::Cut, None);
        body.push(b"0123456").expect("fits");
        body.push(b"789abc").expect("cut");
        assert!(body.is_full());
        assert_eq!(body.finish().as_deref(), Ok(&b"0123456789"[..]));
    }
}
