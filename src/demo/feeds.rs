//! The sample networks' feeds: RSS 2.0, Atom with reply threads (RFC 4685), JSON Feed 1.1.

use std::fmt::Write as _;

use discover_model::Origin;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};

use super::content::{Conversation, Format, Holds, Network, Post, Source, State};
use super::page::{escape, shown, shown_title};

/// A post in its place: `position` 0 opens the conversation.
struct Entry<'a> {
    conversation: &'a Conversation,
    position: usize,
    post: &'a Post,
}

impl Entry<'_> {
    fn title(&self) -> String {
        let title = shown_title(self.conversation);
        if self.position == 0 {
            title
        } else {
            format!("Re: {title}")
        }
    }

    fn link(&self, origin: &Origin) -> String {
        format!("{origin}{}", self.conversation.post_path(self.position))
    }
}

/// A guid that does not depend on the address the site happens to have.
fn guid(network: &Network, post: &Post) -> String {
    format!("urn:sample:{}:{}", network.slug, post.number)
}

/// What `source` lists, newest first.
fn entries<'a>(network: &'a Network, source: &Source) -> Vec<Entry<'a>> {
    let mut entries: Vec<_> = network
        .conversations
        .iter()
        .flat_map(|conversation| {
            let posts = conversation.posts.iter().enumerate();
            posts.map(move |(position, post)| Entry {
                conversation,
                position,
                post,
            })
        })
        .filter(|entry| match source.holds {
            Holds::All => true,
            Holds::Roots => entry.position == 0,
            Holds::Replies => entry.position > 0,
        })
        .collect();
    entries.sort_by_key(|entry| (std::cmp::Reverse(entry.post.at), entry.post.number));
    entries
}

/// When the newest entry of `source` was written.
pub(super) fn updated(network: &Network, source: &Source) -> Timestamp {
    entries(network, source)
        .first()
        .map_or(Timestamp::UNIX_EPOCH, |entry| entry.post.at)
}

/// The feed's bytes and content type.
pub(super) fn document(
    network: &Network,
    source: &Source,
    origin: &Origin,
) -> Option<(&'static str, String)> {
    match source.format {
        Format::Rss => Some((
            "application/rss+xml; charset=utf-8",
            rss(network, source, origin),
        )),
        Format::Atom => Some((
            "application/atom+xml; charset=utf-8",
            atom(network, source, origin),
        )),
        Format::JsonFeed => Some((
            "application/feed+json; charset=utf-8",
            json_feed(network, source, origin),
        )),
        Format::Discourse => None,
    }
}

/// An HTTP and RSS date.
pub(super) fn http_date(at: Timestamp) -> String {
    DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&at)
        .unwrap_or_else(|_| at.to_string())
}

fn rss(network: &Network, source: &Source, origin: &Origin) -> String {
    let mut out = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{}</title>
<link>{origin}/</link>
<atom:link href="{origin}{}" rel="self" type="application/rss+xml"/>
<description>{}</description>
<language>{}</language>
<lastBuildDate>{}</lastBuildDate>
<ttl>60</ttl>
"#,
        escape(&network.name),
        source.path,
        escape(&network.about),
        network.language,
        http_date(updated(network, source)),
    );
    for entry in entries(network, source) {
        let body = shown(entry.post);
        let _ = write!(
            out,
            "<item>\n<title>{}</title>\n<link>{}</link>\n<guid isPermaLink=\"false\">{}</guid>\n<pubDate>{}</pubDate>\n<dc:creator>{}</dc:creator>\n",
            escape(&entry.title()),
            entry.link(origin),
            guid(network, entry.post),
            http_date(entry.post.at),
            escape(&entry.post.by),
        );
        if entry.post.state == State::Syndicated {
            out.push_str("<source url=\"https://county-bulletin.example/feed.xml\">County Bulletin</source>\n");
        }
        let excerpt = if entry.post.state == State::Password {
            "There is no excerpt because this is a protected post.".to_owned()
        } else {
            escape(&body)
        };
        let _ = write!(
            out,
            "<description>{excerpt}</description>\n<content:encoded><![CDATA[{body}]]></content:encoded>\n</item>\n"
        );
    }
    out.push_str("</channel>\n</rss>\n");
    out
}

fn atom(network: &Network, source: &Source, origin: &Origin) -> String {
    let mut out = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="{}">
<title>{}</title>
<subtitle>{}</subtitle>
<id>urn:sample:{}{}</id>
<link rel="self" type="application/atom+xml" href="{origin}{}"/>
<link rel="alternate" type="text/html" href="{origin}/"/>
<updated>{}</updated>
"#,
        network.language,
        escape(&network.name),
        escape(&network.about),
        network.slug,
        source.path.replace('/', ":"),
        source.path,
        updated(network, source),
    );
    for entry in entries(network, source) {
        let post = entry.post;
        let _ = write!(
            out,
            "<entry xml:lang=\"{}\">\n<id>{}</id>\n<title>{}</title>\n<author><name>{}</name></author>\n<published>{at}</published>\n<updated>{at}</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n",
            post.language,
            guid(network, post),
            escape(&entry.title()),
            escape(&post.by),
            entry.link(origin),
            at = post.at,
        );
        if let Some(answered) = post.answers {
            let parent = &entry.conversation.posts[answered];
            let _ = writeln!(
                out,
                "<thr:in-reply-to ref=\"{}\" href=\"{origin}{}\" type=\"text/html\"/>",
                guid(network, parent),
                entry.conversation.post_path(answered),
            );
        }
        if post.state == State::Syndicated {
            out.push_str("<source><id>https://county-bulletin.example/</id><title>County Bulletin</title><updated>2020-01-01T00:00:00Z</updated></source>\n");
        }
        let _ = write!(
            out,
            "<content type=\"html\">{}</content>\n</entry>\n",
            escape(&shown(post))
        );
    }
    out.push_str("</feed>\n");
    out
}

fn json_feed(network: &Network, source: &Source, origin: &Origin) -> String {
    let items: Vec<Value> = entries(network, source)
        .into_iter()
        .map(|entry| {
            json!({
                "id": guid(network, entry.post),
                "url": entry.link(origin),
                "title": entry.title(),
                "content_html": shown(entry.post),
                "date_published": entry.post.at.to_string(),
                "language": entry.post.language,
                "authors": [{"name": entry.post.by}],
            })
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": network.name,
        "description": network.about,
        "home_page_url": format!("{origin}/"),
        "feed_url": format!("{origin}{}", source.path),
        "language": network.language,
        "items": items,
    });
    format!("{feed:#}\n")
}
