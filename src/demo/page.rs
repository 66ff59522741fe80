//! Plain HTML of the sample networks, so that links lead somewhere while the demo runs.

use std::fmt::Write as _;

use super::content::{Conversation, Format, Network, Post, State};

/// What stands in place of a post that waits for a moderator (as Fossil writes it).
pub(super) const HELD: &str = "<p><em>Awaiting Moderator Approval</em></p>";

/// The form WordPress shows in place of a protected post, in its page and in its feed.
pub(super) const PASSWORD_FORM: &str = concat!(
    r#"<form action="/wp-login.php?action=postpass" class="post-password-form" method="post">"#,
    "<p>This content is password protected. To view it please enter your password below:</p>",
    r#"<p><label for="pwbox">Password: <input name="post_password" id="pwbox" type="password" spellcheck="false" size="20" /></label> "#,
    r#"<input type="submit" name="Submit" value="Enter" /></p></form>"#,
);

/// Text with `&`, `<`, `>` and quotes written as entities.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// A post's text as HTML: paragraphs, and `[words](address)` as links.
pub(super) fn html(text: &str) -> String {
    let mut out = String::new();
    for paragraph in text.split("\n\n") {
        let _ = write!(out, "<p>{}</p>", inline(paragraph.trim()));
    }
    out
}

fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, words, address, after)) = next_link(rest) {
        let _ = write!(
            out,
            r#"{}<a href="{}">{}</a>"#,
            escape(before),
            escape(address),
            escape(words)
        );
        rest = after;
    }
    out + &escape(rest)
}

fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let middle = text.find("](")?;
    let open = text[..middle].rfind('[')?;
    let close = middle + text[middle..].find(')')?;
    Some((
        &text[..open],
        &text[open + 1..middle],
        &text[middle + 2..close],
        &text[close + 1..],
    ))
}

/// The body an anonymous reader is shown for a post.
pub(super) fn shown(post: &Post) -> String {
    match post.state {
        State::Held | State::Whisper => HELD.to_owned(),
        State::Password => PASSWORD_FORM.to_owned(),
        _ => html(&post.text),
    }
}

/// The title a list gives a conversation.
pub(super) fn shown_title(conversation: &Conversation) -> String {
    match conversation.root().state {
        State::Password => format!("Protected: {}", conversation.title),
        _ => conversation.title.clone(),
    }
}

fn layout(network: &Network, language: &str, title: &str, head: &str, body: &str) -> String {
    let direction = if matches!(language, "ar" | "ur") {
        "rtl"
    } else {
        "ltr"
    };
    let (title, name) = (escape(title), escape(&network.name));
    format!(
        r#"<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{title} · {name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><header><p><a href="/">{name}</a> (a sample network: everything on it is invented)</p></header>
<main><h1>{title}</h1>
{body}</main></body></html>
"#
    )
}

/// The network's own front page: what it is, its feeds, its conversations, newest first.
pub(super) fn home(network: &Network) -> String {
    let mut body = format!("<p>{}</p><ul>", escape(&network.about));
    let mut feeds = String::new();
    for source in &network.sources {
        let kind = match source.format {
            Format::Rss => "application/rss+xml",
            Format::Atom => "application/atom+xml",
            Format::JsonFeed => "application/feed+json",
            Format::Discourse => {
                feeds.push_str(r#"<meta name="generator" content="Discourse 3.5.0">"#);
                continue;
            }
        };
        let _ = write!(
            feeds,
            r#"<link rel="alternate" type="{kind}" href="{}">"#,
            source.path
        );
    }
    let mut listed: Vec<_> = network
        .conversations
        .iter()
        .filter(|conversation| matches!(conversation.root().state, State::Live | State::Noindex))
        .collect();
    listed.sort_by_key(|conversation| {
        (
            std::cmp::Reverse(conversation.latest()),
            conversation.root().number,
        )
    });
    for conversation in listed {
        let path = address(network, conversation);
        let _ = write!(
            body,
            r#"<li><a href="{path}"><bdi>{}</bdi></a></li>"#,
            escape(&conversation.title)
        );
    }
    body.push_str("</ul>");
    layout(network, &network.language, &network.name, &feeds, &body)
}

/// Path of a conversation's page.
pub(super) fn address(network: &Network, conversation: &Conversation) -> String {
    if network
        .sources
        .iter()
        .any(|source| source.format == Format::Discourse)
    {
        conversation.topic_path()
    } else {
        conversation.path()
    }
}

/// A conversation's page: the opening post and the replies.
pub(super) fn conversation(network: &Network, conversation: &Conversation) -> String {
    let root = conversation.root();
    let head = if root.state == State::Noindex {
        r#"<meta name="robots" content="noindex">"#
    } else {
        ""
    };
    let mut body = String::new();
    for post in &conversation.posts {
        let _ = write!(
            body,
            r#"<article id="post-{}" lang="{}"><p><time datetime="{1}">{1}</time></p>{}</article>"#,
            post.number,
            post.language,
            shown(post)
        );
    }
    layout(
        network,
        &root.language,
        &shown_title(conversation),
        head,
        &body,
    )
}
