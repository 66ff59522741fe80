//! The logo of an instance: a small SVG or PNG that is whole in itself.
//!
//! Contract: bytes come from the operator's file, are bounded before they are parsed, and hold no script, no picture and no
//! address from elsewhere; the shape fits the head of a page.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

const MOST_BYTES: usize = 64 * 1024;
/// Sides of a PNG in pixels: shown 40 high, and sharp on screens of twice the density and more.
const LEAST_HEIGHT: u32 = 40;
const MOST_SIDE: u32 = 2048;
/// Width by height: a sign that stands upright to a word mark.
const SHAPE: std::ops::RangeInclusive<f64> = 0.5..=6.0;

/// What a logo may be drawn with.
const ELEMENTS: [&str; 22] = [
    "svg",
    "g",
    "path",
    "circle",
    "ellipse",
    "rect",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "title",
    "desc",
    "defs",
    "use",
    "symbol",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "style",
];

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LogoError {
    #[error("it has {0} bytes, more than 65536")]
    TooBig(usize),
    #[error("it is neither an SVG nor a PNG")]
    Kind,
    #[error("it breaks off, or is no {0} throughout")]
    Broken(&'static str),
    #[error("it says no size: an SVG needs a viewBox")]
    NoSize,
    #[error(
        "it is {width} by {height}; a logo is at most six times as wide as high, and not more than twice as high as wide"
    )]
    Shape { width: u32, height: u32 },
    #[error("it is {width} by {height} pixels; a PNG is 40 to 2048 high, and at most 2048 wide")]
    Pixels { width: u32, height: u32 },
    #[error(
        "it holds <{0}>, which is none of the shapes, words and colours that a logo is drawn with"
    )]
    Element(String),
    #[error("it holds {0:?}, which leads elsewhere or runs something")]
    Leads(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Svg,
    Png,
}

/// A logo that may be shown.
#[derive(Debug, Clone)]
pub struct Logo {
    kind: Kind,
    bytes: Arc<[u8]>,
    width: u32,
    height: u32,
}

impl Logo {
    pub fn new(bytes: &[u8]) -> Result<Self, LogoError> {
        if bytes.len() > MOST_BYTES {
            return Err(LogoError::TooBig(bytes.len()));
        }
        let (kind, (width, height)) = if bytes.starts_with(PNG) {
            (Kind::Png, of_png(bytes)?)
        } else {
            (Kind::Svg, of_svg(bytes)?)
        };
        if !SHAPE.contains(&(f64::from(width) / f64::from(height))) {
            return Err(LogoError::Shape { width, height });
        }
        Ok(Self {
            kind,
            bytes: bytes.into(),
            width,
            height,
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Svg => "logo.svg",
            Kind::Png => "logo.png",
        }
    }

    pub(crate) fn media(&self) -> &'static str {
        match self.kind {
            Kind::Svg => "image/svg+xml",
            Kind::Png => "image/png",
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Width and height; of an SVG in its own units.
    pub(crate) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Width and height of a PNG (W3C PNG, 11.2.1): its first chunk says them, its last is empty.
fn of_png(bytes: &[u8]) -> Result<(u32, u32), LogoError> {
    let broken = || LogoError::Broken("PNG");
    let head = bytes.get(8..24).ok_or_else(broken)?;
    if head.get(4..8) != Some(b"IHDR") || !bytes.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82") {
        return Err(broken());
    }
    let number = |at: usize| {
        let digits = head.get(at..at + 4)?;
        digits.try_into().ok().map(u32::from_be_bytes)
    };
    let (width, height) = number(8).zip(number(12)).ok_or_else(broken)?;
    if !(LEAST_HEIGHT..=MOST_SIDE).contains(&height) || !(1..=MOST_SIDE).contains(&width) {
        return Err(LogoError::Pixels { width, height });
    }
    Ok((width, height))
}

/// Width and height of an SVG, every element and attribute of which may be shown.
fn of_svg(bytes: &[u8]) -> Result<(u32, u32), LogoError> {
    let text = std::str::from_utf8(bytes).map_err(|_| LogoError::Kind)?;
    let text = text.trim_start_matches('\u{feff}');
    let broken = || LogoError::Broken("SVG");
    let mut reader = Reader::from_str(text);
    let (mut depth, mut style, mut size) = (0_usize, false, None);
    loop {
        let event = reader.read_event().map_err(|_| match size {
            None => LogoError::Kind,
            Some(_) => broken(),
        })?;
        match event {
            // A rule in pieces could not be read as one.
            Event::Start(_) | Event::Empty(_) | Event::Comment(_) if style => {
                return Err(LogoError::Leads("<style><".to_owned()));
            }
            Event::Start(start) => {
                style = element(&start, depth, &mut size)?;
                depth += 1;
            }
            Event::Empty(start) => {
                element(&start, depth, &mut size)?;
            }
            Event::End(_) => {
                style = false;
                depth = depth.checked_sub(1).ok_or_else(broken)?;
            }
            Event::Text(text) if style => stays_here(&text)?,
            Event::CData(text) if style => stays_here(&text)?,
            // Entities of its own could spell what is looked for.
            Event::DocType(text) if text.contains('[') => {
                return Err(LogoError::Leads("<!DOCTYPE [".to_owned()));
            }
            Event::PI(_) => return Err(LogoError::Leads("<?".to_owned())),
            Event::GeneralRef(_) if style => return Err(LogoError::Leads("&".to_owned())),
            Event::Eof => break,
            _ => {}
        }
    }
    if depth != 0 {
        return Err(broken());
    }
    size.ok_or(LogoError::Kind)
}

/// Looks at one element; the first one must be `svg`, and says the size. Whether what follows is a style sheet.
fn element(
    start: &BytesStart<'_>,
    depth: usize,
    size: &mut Option<(u32, u32)>,
) -> Result<bool, LogoError> {
    let name = start.name().0.to_owned();
    if depth == 0 {
        if name != "svg" || size.is_some() {
            return Err(LogoError::Kind);
        }
        *size = Some(size_of(start)?);
    }
    if !ELEMENTS.contains(&name.as_str()) {
        return Err(LogoError::Element(name));
    }
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| LogoError::Broken("SVG"))?;
        let key = attribute.key.0.to_ascii_lowercase();
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| LogoError::Broken("SVG"))?;
        let link = matches!(key.as_str(), "href" | "xlink:href");
        if key.starts_with("on") || (link && !value.starts_with('#')) {
            return Err(LogoError::Leads(format!("{key}={value}")));
        }
        // Names of namespaces are addresses that nobody asks for.
        if !key.starts_with("xmlns") {
            stays_here(&value)?;
        }
    }
    Ok(name == "style")
}

/// Refuses style that loads something: only what stands in the same picture may be named.
fn stays_here(style: &str) -> Result<(), LogoError> {
    let found = |what: &str| LogoError::Leads(what.to_owned());
    let lower = style.to_ascii_lowercase();
    for what in ["@import", "//", "image-set", "javascript:", "data:", "\\"] {
        if lower.contains(what) {
            return Err(found(what));
        }
    }
    let elsewhere = lower.split("url(").skip(1).any(|rest| {
        let rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '"', '\'']);
        !rest.starts_with('#')
    });
    if elsewhere {
        return Err(found("url("));
    }
    Ok(())
}

/// The size that `viewBox`, else `width` and `height`, say.
fn size_of(svg: &BytesStart<'_>) -> Result<(u32, u32), LogoError> {
    let value = |key: &str| {
        let found = svg.attributes().flatten().find(|one| one.key.0 == key)?;
        Some(found.value.into_owned())
    };
    let number = |text: &str| {
        let number: f64 = text.trim().trim_end_matches("px").parse().ok()?;
        (1.0..=1e6).contains(&number).then(|| number.round() as u32)
    };
    let view = value("viewBox").and_then(|view| {
        let mut parts = view
            .split([' ', ',', '\n', '\t'])
            .filter(|part| !part.is_empty());
        let (width, height) = (parts.nth(2)?, parts.next()?);
        number(width).zip(number(height))
    });
    let named = || {
        let (width, height) = (value("width")?, value("height")?);
        number(&width).zip(number(&height))
    };
    view.or_else(named).ok_or(LogoError::NoSize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inner: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<!-- drawn -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 120 40\">{inner}</svg>"
        )
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = PNG.to_vec();
        bytes.extend(b"\0\0\0\x0dIHDR");
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(b"\x08\x06\0\0\0\0\0\0\0\0\0\0\0IEND\xae\x42\x60\x82");
        bytes
    }

    #[test]
    fn a_small_picture_that_is_whole_in_itself_is_taken() {
        let drawn = svg(
            "<defs><linearGradient id=\"a\"><stop offset=\"0\"/></linearGradient></defs><style>.b{fill:url(#a)}</style><path class=\"b\" fill=\"url( '#a')\" d=\"M0 0h9\"/><use href=\"#a\"/>",
        );
        let logo = Logo::new(drawn.as_bytes()).expect("a logo");
        assert_eq!((logo.size(), logo.name()), ((120, 40), "logo.svg"));
        let logo = Logo::new(include_bytes!("../../assets/icon.svg")).expect("our own sign");
        assert_eq!(logo.size(), (32, 32));
        let logo = Logo::new(&png(400, 100)).expect("a logo");
        assert_eq!((logo.size(), logo.media()), ((400, 100), "image/png"));
    }

    #[test]
    fn what_runs_something_or_leads_elsewhere_is_refused() {
        for inner in [
            "<script>alert(1)</script>",
            "<g onload=\"alert(1)\"/>",
            "<foreignObject/>",
            "<image href=\"https://elsewhere.example/a.png\"/>",
            "<use href=\"https://elsewhere.example/a.svg#b\"/>",
            "<use xlink:href=\"other.svg#b\"/>",
            "<a href=\"#b\"/>",
            "<style>@import 'a.css';</style>",
            "<style>.a{fill:url(https://elsewhere.example/)}</style>",
            "<style><![CDATA[.a{fill:u\\72l(x)}]]></style>",
            "<style>.a{fill:&#117;rl(x)}</style>",
            "<path style=\"fill:url(//elsewhere.example)\"/>",
            "<path fill=\"&#117;rl(x.svg)\"/>",
            "<svg:script xmlns:svg=\"http://www.w3.org/2000/svg\"/>",
            "<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>",
        ] {
            let refused = Logo::new(svg(inner).as_bytes()).expect_err(inner);
            assert!(
                matches!(refused, LogoError::Element(_) | LogoError::Leads(_)),
                "{inner}: {refused}"
            );
        }
        let entities = svg("").replace("<!-- drawn -->", "<!DOCTYPE svg [<!ENTITY a 'b'>]>");
        assert!(matches!(
            Logo::new(entities.as_bytes()),
            Err(LogoError::Leads(_))
        ));
    }

    #[test]
    fn what_cannot_be_shown_in_the_head_of_a_page_is_refused() {
        let big = svg(&"<g/>".repeat(20_000));
        assert!(matches!(
            Logo::new(big.as_bytes()),
            Err(LogoError::TooBig(_))
        ));
        let wide = svg("").replace("120 40", "400 40");
        let none = svg("").replace(" viewBox=\"0 0 120 40\"", "");
        let cut = png(400, 100);
        for (bytes, expected) in [
            (
                wide.as_bytes(),
                LogoError::Shape {
                    width: 400,
                    height: 40,
                },
            ),
            (none.as_bytes(), LogoError::NoSize),
            (
                &png(20, 20),
                LogoError::Pixels {
                    width: 20,
                    height: 20,
                },
            ),
            (&cut[..30], LogoError::Broken("PNG")),
            (b"GIF89a", LogoError::Kind),
            (b"\xff\xd8\xff\xe0", LogoError::Kind),
            (b"<html></html>", LogoError::Kind),
            (b"", LogoError::Kind),
        ] {
            assert_eq!(Logo::new(bytes).expect_err("refused"), expected);
        }
        let open = svg("<g>");
        assert_eq!(
            Logo::new(open.as_bytes()).expect_err("refused"),
            LogoError::Broken("SVG")
        );
    }
}
