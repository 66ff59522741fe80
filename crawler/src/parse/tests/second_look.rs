//! What most feed readers leave out: reply edges, pace, paging, what was taken back, what must not be kept.

use discover_model::Refusal;
use jiff::SignedDuration;
use jiff::civil::Weekday;

use super::parsed;
use crate::parse::ParsedEntry;

fn entry(children: &str) -> ParsedEntry {
    let text = format!(
        "<rss version='2.0' xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:wfw='http://wellformedweb.org/CommentAPI/' \
         xmlns:slash='http://purl.org/rss/1.0/modules/slash/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' \
         xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><link>https://site.example/</link><item>{children}</item></channel></rss>"
    );
    parsed(&text).entries.remove(0)
}

#[test]
fn a_feed_says_how_often_to_come_and_where_else_to_look() {
    let parsed = parsed(
        "<rss xmlns:atom='http://www.w3.org/2005/Atom' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' \
         xmlns:fh='http://purl.org/syndication/history/1.0' xmlns:at='http://purl.org/atompub/tombstones/1.0' \
         xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:xhtml='http://www.w3.org/1999/xhtml'><channel>\
         <atom:link rel='self' href='/f'/><atom:link rel='hub' href='https://hub.example/'/><atom:link rel='next' href='?p=2'/>\
         <atom:link rel='prev-archive' href='/f/2023'/><ttl>60</ttl><sy:updatePeriod> daily </sy:updatePeriod>\
         <sy:updateFrequency>4</sy:updateFrequency><skipHours><hour>0</hour><hour>24</hour><hour>3</hour><hour>99</hour></skipHours>\
         <skipDays><day>Sunday</day></skipDays><fh:complete/><fh:archive/><at:deleted-entry ref='tag:x,1' when='2024-01-01T00:00:00Z'>\
         <at:comment>x</at:comment></at:deleted-entry><itunes:new-feed-url>https://new.example/f</itunes:new-feed-url>\
         <xhtml:meta name='robots' content='noindex, follow'/><language>cy_GB</language><item><title>x</title></item></channel></rss>",
    );
    let hints = &parsed.hints;
    let shown = |url: &Option<url::Url>| url.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(shown(&hints.self_url), "https://site.example/f");
    assert_eq!(shown(&hints.hub), "https://hub.example/");
    assert_eq!(shown(&hints.next), "https://site.example/feed?p=2");
    assert_eq!(shown(&hints.prev_archive), "https://site.example/f/2023");
    assert_eq!(shown(&hints.new_feed_url), "https://new.example/f");
    assert_eq!(hints.ttl, Some(SignedDuration::from_mins(60)));
    assert_eq!(hints.update_period, Some(SignedDuration::from_hours(6)));
    assert_eq!(hints.skip_hours, [0, 3]);
    assert_eq!(hints.skip_days, [Weekday::Sunday]);
    assert_eq!(hints.deleted, ["tag:x,1"]);
    assert_eq!(hints.language.as_deref(), Some("cy-GB"));
    assert!(hints.complete && hints.archive && hints.noindex);
    assert_eq!(parsed.entries[0].block, Some(Refusal::Noindex));
}

#[test]
fn an_item_says_what_it_replies_to_and_where_replies_are() {
    let entry = entry(
        "<thr:in-reply-to ref='tag:x,1' href='/p/1' type='text/html'/><wfw:commentRss>https://site.example/p/2/feed</wfw:commentRss>\
         <slash:comments>12</slash:comments><author>Desk@Site.example (Desk)</author>",
    );
    assert_eq!(entry.in_reply_to.as_deref(), Some("tag:x,1"));
    assert_eq!(
        entry.in_reply_to_link.map(String::from).as_deref(),
        Some("https://site.example/p/1")
    );
    assert_eq!(
        entry.comments_feed.map(String::from).as_deref(),
        Some("https://site.example/p/2/feed")
    );
    assert_eq!(entry.comments, Some(12));
    assert_eq!(entry.author.as_deref(), Some("desk@site.example (desk)"));
}

#[test]
fn stubs_in_place_of_a_text_are_refused() {
    let form = "&lt;form action=\"https://site.example/wp-login.php?action=postpass\" class=\"post-password-form\" method=\"post\"&gt;\
                &lt;p&gt;This content is password protected.&lt;/p&gt;&lt;input name=\"post_password\" /&gt;&lt;/form&gt;";
    let long = "word ".repeat(200);
    for (children, block) in [
        (format!("<title>Protected: plans</title><content:encoded>{form}</content:encoded>"), Some(Refusal::Password)),
        ("<title>Geschützt: Pläne</title><description></description>".to_owned(), Some(Refusal::Password)),
        ("<title>Protected: plans</title><description>There is no excerpt because this is a protected post.</description>".to_owned(), Some(Refusal::Password)),
        ("<title>By: x</title><description>Protected Comments: Please enter your password to view comments.</description>".to_owned(), Some(Refusal::Password)),
        ("<title>Post</title><description>&lt;i&gt;Awaiting Moderator Approval&lt;/i&gt;</description>".to_owned(), Some(Refusal::Held)),
        ("<title>Post</title><description>You must be logged in to see this.</description>".to_owned(), Some(Refusal::LoginWall)),
        ("<title>x</title><itunes:block>Yes</itunes:block>".to_owned(), Some(Refusal::Unlisted)),
        ("<title>x</title><itunes:block>no</itunes:block>".to_owned(), None),
        ("<title>Protected: how the council guards its bats</title><description>A long read.</description>".to_owned(), None),
        (format!("<title>x</title><description>{long} awaiting moderation {long}</description>"), None),
        ("<title>x</title><source url='https://elsewhere.example/feed'>Elsewhere</source>".to_owned(), Some(Refusal::Syndicated)),
        ("<title>x</title><source url='https://www.site.example/feed'>Ours</source>".to_owned(), None),
    ] {
        assert_eq!(entry(&children).block, block, "{children}");
    }
}

#[test]
fn damage_costs_no_neighbour() {
    for (text, titles) in [
        (
            "<rss><channel><item><title>a<link>http://x/</link></item><item><title>b</title>",
            vec!["a", "b"],
        ),
        (
            "<rss><channel><item><title>a</titel><guid>1</guid><item><title>b</title></item></channel></rss>",
            vec!["a", "b"],
        ),
        (
            "<rss><channel><item><title>a & b</title><description><b>x</description></item><item><title>c</title></item>",
            vec!["a & b", "c"],
        ),
        (
            "<?xml?xml version='1.0'?><rss><channel></item><item><title>a</title></item></channel></rss><item><title>b</title></item>",
            vec!["a", "b"],
        ),
        (
            "<rss><channel><item><title><![CDATA[a</title></item><item><title><![CDATA[b]]></title></item>",
            vec!["a", "b"],
        ),
        (
            "<rss:rss><rss:channel><rss:item><rss:title>a</rss:title></item><item><title>b</rss:title></item></channel></rss>",
            vec!["a", "b"],
        ),
        (
            "<feed><entry><title>a</title><x:list xmlns:x='y'><entry><title>no</title></entry></x:list></entry><entry><title>b</title></entry></feed>",
            vec!["a", "b"],
        ),
    ] {
        let parsed = parsed(text);
        let found: Vec<_> = parsed
            .entries
            .iter()
            .filter_map(|entry| entry.title.as_deref())
            .collect();
        assert_eq!(found, titles, "{text}");
    }
}

#[test]
fn old_and_home_made_vocabularies_are_read() {
    let parsed = parsed(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/' \
         xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>t</title></channel><image><title>no</title><link>http://no/</link></image>\
         <item rdf:about='http://x/1'><dc:title>a</dc:title><dc:date>2024-01</dc:date><dc:creator>Ann</dc:creator></item></rdf:RDF>",
    );
    let entry = &parsed.entries[0];
    assert_eq!(parsed.feed.title.as_deref(), Some("t"));
    assert_eq!(parsed.feed.link, None);
    assert_eq!(entry.id.as_deref(), Some("http://x/1"));
    assert_eq!(entry.link.as_deref(), Some("http://x/1"));
    assert_eq!(entry.title.as_deref(), Some("a"));
    assert_eq!(entry.author.as_deref(), Some("ann"));
    assert_eq!(
        entry.updated.map(|at| at.to_string()).as_deref(),
        Some("2024-01-01T00:00:00Z")
    );
}
