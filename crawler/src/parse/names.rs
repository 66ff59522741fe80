//! Names of elements: which of the many feed vocabularies a name belongs to, and what it means.
//!
//! Namespaces are told by their address where one is declared, by the customary prefix where none is or the address
//! is unknown. A default namespace nobody knows is taken for the feed's own: old and home-made ones abound.

/// A vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// RSS of every version, Atom of every version, none at all.
    Core,
    Rdf,
    Dc,
    DcTerms,
    Content,
    Itunes,
    Media,
    Syndication,
    Slash,
    Wfw,
    Thread,
    Tombstone,
    History,
    Prism,
    Xhtml,
    Svg,
    MathMl,
    Xml,
    Other,
}

/// The vocabulary of a namespace address.
pub(super) fn namespace(address: &str) -> Option<Ns> {
    let address = address.trim().to_ascii_lowercase();
    let key = address
        .trim_start_matches("https://")
        .trim_start_matches("http://")
        .trim_start_matches("www.")
        .trim_end_matches(['/', '#']);
    Some(match key {
        ""
        | "w3.org/2005/atom"
        | "purl.org/atom/ns"
        | "purl.org/atom"
        | "purl.org/rss/1.0"
        | "purl.org/net/rss1.1"
        | "my.netscape.com/rdf/simple/0.9"
        | "channel.netscape.com/rdf/simple/0.9"
        | "my.netscape.com/publish/formats/rss-0.91.dtd" => Ns::Core,
        "w3.org/1999/02/22-rdf-syntax-ns" => Ns::Rdf,
        "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" | "purl.org/dc/elements/2.0" => {
            Ns::Dc
        }
        "purl.org/dc/terms" => Ns::DcTerms,
        "purl.org/rss/1.0/modules/content" => Ns::Content,
        "itunes.com/dtds/podcast-1.0.dtd"
        | "itunes.com/dtds/podcast"
        | "example.com/dtds/podcast-1.0.dtd"
        | "google.com/schemas/play-podcasts/1.0" => Ns::Itunes,
        "search.yahoo.com/mrss"
        | "search.yahoo.com/search/mrss"
        | "video.search.yahoo.com/mrss" => Ns::Media,
        "purl.org/rss/1.0/modules/syndication" => Ns::Syndication,
        "purl.org/rss/1.0/modules/slash" => Ns::Slash,
        "wellformedweb.org/commentapi" => Ns::Wfw,
        "purl.org/syndication/thread/1.0" => Ns::Thread,
        "purl.org/atompub/tombstones/1.0" => Ns::Tombstone,
        "purl.org/syndication/history/1.0" => Ns::History,
        "prismstandard.org/namespaces/basic/2.0" | "prismstandard.org/namespaces/1.2/basic" => {
            Ns::Prism
        }
        "w3.org/1999/xhtml" => Ns::Xhtml,
        "w3.org/2000/svg" => Ns::Svg,
        "w3.org/1998/math/mathml" => Ns::MathMl,
        "w3.org/xml/1998/namespace" => Ns::Xml,
        key if key.starts_with("backend.userland.com/")
            || key.starts_with("blogs.law.harvard.edu/tech/rss")
            || key.starts_with("cyber.law.harvard.edu/rss")
            || key.starts_with("purl.org/echo")
            || key.starts_with("purl.org/pie")
            || key.starts_with("example.com/newformat") =>
        {
            Ns::Core
        }
        _ => return None,
    })
}

/// The vocabulary that a prefix customarily stands for.
pub(super) fn customary(prefix: &str) -> Ns {
    let mut lower = [0; 12];
    let Some(lower) = lower_case(prefix, &mut lower) else {
        return Ns::Other;
    };
    match lower {
        "" | "atom" | "atom10" | "a10" | "rss" | "rss1" | "rss10" => Ns::Core,
        "rdf" => Ns::Rdf,
        "dc" => Ns::Dc,
        "dcterms" => Ns::DcTerms,
        "content" => Ns::Content,
        "itunes" | "googleplay" => Ns::Itunes,
        "media" => Ns::Media,
        "sy" => Ns::Syndication,
        "slash" => Ns::Slash,
        "wfw" => Ns::Wfw,
        "thr" => Ns::Thread,
        "at" => Ns::Tombstone,
        "fh" => Ns::History,
        "prism" => Ns::Prism,
        "xhtml" | "html" | "xh" => Ns::Xhtml,
        "svg" => Ns::Svg,
        "math" | "mml" | "m" => Ns::MathMl,
        "xml" => Ns::Xml,
        _ => Ns::Other,
    }
}

/// What an element means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum El {
    Rss,
    Feed,
    Rdf,
    Channel,
    Item,
    Title,
    DcTitle,
    MediaTitle,
    Link,
    Description,
    Summary,
    ItunesSummary,
    ItunesTitle,
    ItunesSubtitle,
    MediaText,
    AtomContent,
    Encoded,
    Body,
    Id,
    Guid,
    Published,
    Updated,
    Author,
    Creator,
    ItunesAuthor,
    Name,
    Uri,
    Email,
    Comments,
    CommentFeed,
    CommentCount,
    Source,
    Language,
    Ttl,
    SkipHours,
    Hour,
    SkipDays,
    Day,
    Period,
    Frequency,
    Complete,
    Archive,
    Deleted,
    InReplyTo,
    Block,
    NewFeedUrl,
    Meta,
    Enclosure,
    MediaGroup,
    Other,
}

impl El {
    /// Whether an element of this meaning cannot stand inside HTML: met inside a text, it shows that the text's end
    /// tag is missing.
    pub(super) fn ends_markup(self) -> bool {
        !matches!(
            self,
            Self::Other
                | Self::Title
                | Self::Link
                | Self::Summary
                | Self::Source
                | Self::Body
                | Self::Meta
                | Self::Name
                | Self::AtomContent
                | Self::Day
                | Self::Hour
                | Self::Uri
                | Self::Email
        )
    }
}

/// The meaning of the element `local` of a vocabulary, whatever its case.
pub(super) fn element(ns: Ns, local: &str) -> El {
    let mut lower = [0; 20];
    let Some(name) = lower_case(local, &mut lower) else {
        return El::Other;
    };
    match ns {
        Ns::Core => core(name),
        Ns::Rdf if name == "rdf" => El::Rdf,
        Ns::Dc => match name {
            "title" => El::DcTitle,
            "description" => El::Description,
            "date" => El::Updated,
            "creator" | "author" => El::Creator,
            "language" => El::Language,
            _ => El::Other,
        },
        Ns::DcTerms => match name {
            "title" => El::DcTitle,
            "issued" | "available" => El::Published,
            "modified" => El::Updated,
            "creator" => El::Creator,
            "language" => El::Language,
            _ => El::Other,
        },
        Ns::Content if name == "encoded" => El::Encoded,
        Ns::Itunes => match name {
            "summary" | "description" => El::ItunesSummary,
            "title" => El::ItunesTitle,
            "subtitle" => El::ItunesSubtitle,
            "author" => El::ItunesAuthor,
            "block" => El::Block,
            "new-feed-url" => El::NewFeedUrl,
            _ => El::Other,
        },
        Ns::Media => match name {
            "title" => El::MediaTitle,
            "description" => El::MediaText,
            "group" | "content" => El::MediaGroup,
            _ => El::Other,
        },
        Ns::Syndication => match name {
            "updateperiod" => El::Period,
            "updatefrequency" => El::Frequency,
            _ => El::Other,
        },
        Ns::Slash if name == "comments" => El::CommentCount,
        Ns::Wfw if name == "commentrss" => El::CommentFeed,
        Ns::Thread => match name {
            "in-reply-to" => El::InReplyTo,
            "total" => El::CommentCount,
            _ => El::Other,
        },
        Ns::Tombstone if name == "deleted-entry" => El::Deleted,
        Ns::History => match name {
            "complete" => El::Complete,
            "archive" => El::Archive,
            _ => El::Other,
        },
        Ns::Prism if name == "publicationdate" => El::Published,
        Ns::Xhtml => match name {
            "body" | "div" => El::Body,
            "meta" => El::Meta,
            _ => El::Other,
        },
        _ => El::Other,
    }
}

fn core(name: &str) -> El {
    match name {
        "rss" => El::Rss,
        "feed" => El::Feed,
        "rdf" => El::Rdf,
        "channel" => El::Channel,
        "item" | "entry" => El::Item,
        "title" => El::Title,
        "link" => El::Link,
        "description" | "tagline" | "subtitle" | "abstract" => El::Description,
        "summary" => El::Summary,
        "content" => El::AtomContent,
        "encoded" | "fullitem" => El::Encoded,
        "body" => El::Body,
        "id" => El::Id,
        "guid" => El::Guid,
        "pubdate" | "published" | "issued" => El::Published,
        "updated" | "modified" | "lastbuilddate" | "date" => El::Updated,
        "author" | "managingeditor" => El::Author,
        "creator" => El::Creator,
        "name" => El::Name,
        "uri" | "url" | "homepage" => El::Uri,
        "email" => El::Email,
        "comments" => El::Comments,
        "commentrss" => El::CommentFeed,
        "source" => El::Source,
        "language" => El::Language,
        "ttl" => El::Ttl,
        "skiphours" => El::SkipHours,
        "hour" => El::Hour,
        "skipdays" => El::SkipDays,
        "day" => El::Day,
        "meta" => El::Meta,
        "enclosure" => El::Enclosure,
        _ => El::Other,
    }
}

/// `text` in lower case if it is short ASCII.
fn lower_case<'a>(text: &str, buffer: &'a mut [u8]) -> Option<&'a str> {
    let lower = buffer.get_mut(..text.len())?;
    lower.copy_from_slice(text.as_bytes());
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_told_by_address_and_names_by_meaning() {
        assert_eq!(namespace("HTTP://www.w3.org/2005/Atom"), Some(Ns::Core));
        assert_eq!(
            namespace("http://backend.userland.com/rss2.1"),
            Some(Ns::Core)
        );
        assert_eq!(namespace("http://search.yahoo.com/mrss"), Some(Ns::Media));
        assert_eq!(namespace("http://schemas.example/x/"), None);
        assert_eq!(element(Ns::Core, "PubDate"), El::Published);
        assert_eq!(element(Ns::Other, "title"), El::Other);
        assert_eq!(customary("DC"), Ns::Dc);
    }
}
