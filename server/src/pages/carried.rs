//! An open tray on its way from page to page: in the links and forms of the pages where quotations are found, and nowhere else.
//!
//! Contract: inside [`layer`] a page knows the tray of its own address. [`Keep`] prints the link that puts a quotation into it
//! or takes it out; [`carry`] adds the tray to what a finished page links to. A tray that cannot be read is an error that
//! says why. Without a request around it, none of this prints anything.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html, HtmlSafe};
use askama::{FastWritable, Values};
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::i18n::{Locale, msg};
use crate::read::params::{MAX_TRAY, Query as _, TrayItem, TrayParams};
use crate::text::inline::Text;
use crate::text::links;

tokio::task_local! {
    static ASKED: Asked;
}

/// What a page was asked for.
#[derive(Debug, Clone, Default)]
struct Asked {
    tray: TrayParams,
    /// Its own address without the tray.
    at: String,
}

/// Pages on which quotations are found, and those on the way between them.
fn carries(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let file = last.contains('.') || matches!(last, "atom" | "json");
    let list = [
        "/",
        "/search",
        "/topics",
        "/map",
        "/networks",
        "/compare",
        "/paths",
        "/digest",
        "/tray",
    ];
    let below = [
        "/search/",
        "/topics/",
        "/conversations/",
        "/networks/",
        "/digest/",
        "/tray/",
        "/views/",
    ];
    !file && (list.contains(&path) || below.iter().any(|start| path.starts_with(start)))
}

/// A path of ours without the language before it.
fn plain(path: &str) -> &str {
    let split = path.strip_prefix('/').map(|rest| {
        let (code, _) = rest.split_once('/').unwrap_or((rest, ""));
        (Locale::of_code(code).is_some(), &rest[code.len()..])
    });
    match split {
        Some((true, "")) => "/",
        Some((true, rest)) => rest,
        _ => path,
    }
}

/// Reads the tray of a page's address. Languages must have been taken out of it.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || !carries(request.uri().path()) {
        return next.run(request).await;
    }
    let query = request.uri().query().unwrap_or_default();
    let tray = match TrayParams::liberal(query) {
        Ok(tray) => tray,
        Err(problem) => return problem.into_response(),
    };
    let others = query.split('&').filter(|part| !part.starts_with("tray="));
    let others: Vec<&str> = others.filter(|part| !part.is_empty()).collect();
    let asked = Asked {
        tray,
        at: links::with_query(request.uri().path(), &others.join("&")),
    };
    ASKED.scope(asked, next.run(request)).await
}

/// The tray that is open; empty where none is.
pub(crate) fn open() -> TrayParams {
    ASKED
        .try_with(|asked| asked.tray.clone())
        .unwrap_or_default()
}

/// `address` with this tray; one that is empty is said to be, so that no other is put there.
fn with(address: &str, tray: &TrayParams) -> String {
    let (address, place) = match address.split_once('#') {
        Some((address, place)) => (address, format!("#{place}")),
        None => (address, String::new()),
    };
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}tray={}{place}", tray.to_text())
}

/// The address of a tray, as a page links to it.
pub(crate) fn tray_at(path: &str, tray: &TrayParams) -> String {
    with(path, tray)
}

/// An address with the open tray, where one is open.
pub(crate) fn on(address: String) -> String {
    let tray = open();
    if tray.items.is_empty() {
        address
    } else {
        with(&address, &tray)
    }
}

/// The link that puts a quotation into the open tray, or takes it out again, and comes back to where it stands.
#[derive(Debug)]
pub(crate) struct Keep {
    item: TrayItem,
    title: Text,
}

impl Keep {
    /// `title` names the quotation to who hears the page.
    pub(crate) fn new(item: TrayItem, title: Text) -> Self {
        Self { item, title }
    }

    fn write(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        let Ok(asked) = ASKED.try_with(Clone::clone) else {
            return Ok(());
        };
        let Asked { tray, at } = asked;
        let id = self.item.conversation;
        let back = |tray: &TrayParams| with(&format!("{at}#k-{id}"), tray);
        // Robots have no use for trays, of which there is no end.
        write!(dest, "<span class=\"keep no-print\" id=\"k-{id}\">")?;
        if tray.holds(id) {
            link(dest, values, &tray_at("/tray", &tray), &msg!("tray-in"))?;
            dest.write_char(' ')?;
            let words = msg!("tray-out", title = self.title);
            link(dest, values, &back(&tray.without(id)), &words)?;
        } else if let Some(more) = tray.with(self.item) {
            let words = msg!("tray-add", title = self.title);
            link(dest, values, &back(&more), &words)?;
        } else {
            msg!("tray-full", most = MAX_TRAY).write_into(dest, values)?;
        }
        dest.write_str("</span>")?;
        Ok(())
    }
}

fn link(
    dest: &mut dyn Write,
    values: &dyn Values,
    href: &str,
    words: &crate::i18n::Msg,
) -> askama::Result<()> {
    dest.write_str("<a rel=\"nofollow\" href=\"")?;
    Html.write_escaped_str(&mut *dest, href)?;
    dest.write_str("\">")?;
    words.write_into(dest, values)?;
    dest.write_str("</a>")?;
    Ok(())
}

/// A line that says how much is in the open tray, and leads to it; nothing where none is open.
#[derive(Debug)]
pub(crate) struct Bar;

impl Bar {
    fn write(dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        let tray = open();
        if tray.items.is_empty() {
            return Ok(());
        }
        dest.write_str("<p class=\"wrap tray-bar no-print\">")?;
        let words = msg!("tray-bar", count = tray.items.len(), most = MAX_TRAY);
        link(dest, values, &tray_at("/tray", &tray), &words)?;
        dest.write_str("</p>\n")?;
        Ok(())
    }
}

/// For templates.
pub(crate) fn bar() -> Bar {
    Bar
}

impl FastWritable for Keep {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        self.write(dest, values)
    }
}

impl FastWritable for Bar {
    fn write_into(&self, dest: &mut dyn Write, values: &dyn Values) -> askama::Result<()> {
        Self::write(dest, values)
    }
}

/// What knows no page has no tray.
impl fmt::Display for Keep {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl HtmlSafe for Keep {}
impl HtmlSafe for Bar {}

/// A finished page whose links and search forms carry the open tray on. Only our own markup holds `="/`: quotation marks of
/// others are escaped.
pub(crate) fn carry(html: String) -> String {
    let tray = open();
    if tray.items.is_empty() {
        return html;
    }
    let text = tray.to_text();
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html.as_str();
    while let Some(at) = rest.find("=\"/") {
        let (before, after) = rest.split_at(at + 2);
        out.push_str(before);
        rest = after;
        let Some(end) = after.find('"') else {
            break;
        };
        let address = &after[..end];
        let path = address.split(['?', '#']).next().unwrap_or_default();
        if !carries(plain(path)) || address.contains("tray=") {
            continue;
        }
        if before.ends_with(" href=\"") {
            // `&#38;` is a sign of the query.
            let mut places = address.match_indices('#').map(|(at, _)| at);
            let place = places.find(|at| !address[..*at].ends_with('&'));
            let (address, place) = address.split_at(place.unwrap_or(address.len()));
            let sign = if address.contains('?') { "&#38;" } else { "?" };
            let _ = write!(out, "{address}{sign}tray={text}{place}");
            rest = &after[end..];
        } else if before.ends_with(" action=\"")
            && let Some(close) = after.find('>')
            && after[..close].contains(" method=\"get\"")
        {
            // A form that asks by its fields leaves out what stands in its address.
            out.push_str(&after[..=close]);
            let _ = write!(
                out,
                "<input type=\"hidden\" name=\"tray\" value=\"{text}\">"
            );
            rest = &after[close + 1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use discover_model::ConversationId;

    use super::*;

    fn within<T>(tray: TrayParams, run: impl FnOnce() -> T) -> T {
        let at = "/search?q=a%22b".to_owned();
        ASKED.sync_scope(Asked { tray, at }, run)
    }

    fn tray(count: u128) -> TrayParams {
        let item = |n| TrayItem {
            conversation: ConversationId::from_u128(n),
            topic: None,
        };
        TrayParams {
            items: (1..=count).map(item).collect(),
        }
    }

    #[test]
    fn a_tray_goes_on_in_links_and_forms_that_lead_to_quotations_and_in_no_others() {
        let html = "<a href=\"/topics/a?x=1&#38;y#z\"><a href=\"/\"><a href=\"/cy/search#q\"><form class=\"b\" action=\"/search\" method=\"get\"><b>\
            <form action=\"/digest/mail\" method=\"post\"><a href=\"/topics/a/atom\"><a href=\"/api/v1/map\"><link href=\"/assets/1/a.css\">\
            <a href=\"/tray?tray=\"><a href=\"/about\"><a href=\"https://x.example/search\"><a href=\"/map.svg\"><p title=\"/search\">";
        assert_eq!(within(tray(0), || carry(html.to_owned())), html);
        let one = tray(1).to_text();
        let expected = format!(
            "<a href=\"/topics/a?x=1&#38;y&#38;tray={one}#z\"><a href=\"/?tray={one}\"><a href=\"/cy/search?tray={one}#q\">\
             <form class=\"b\" action=\"/search\" method=\"get\"><input type=\"hidden\" name=\"tray\" value=\"{one}\"><b>\
             <form action=\"/digest/mail\" method=\"post\"><a href=\"/topics/a/atom\"><a href=\"/api/v1/map\"><link href=\"/assets/1/a.css\">\
             <a href=\"/tray?tray=\"><a href=\"/about\"><a href=\"https://x.example/search\"><a href=\"/map.svg\"><p title=\"/search\">"
        );
        assert_eq!(within(tray(1), || carry(html.to_owned())), expected);
        assert_eq!(carry(html.to_owned()), html, "no request, no tray");
    }

    #[test]
    fn a_quotation_can_be_put_into_a_tray_once_and_taken_out_and_a_full_one_says_so() {
        let keep = |n| {
            let conversation = ConversationId::from_u128(n);
            let item = TrayItem {
                conversation,
                topic: None,
            };
            Keep::new(item, Text::unknown("<b>"))
        };
        let shown = |count, n| {
            within(tray(count), || {
                let mut out = String::new();
                keep(n)
                    .write_into(&mut out, askama::NO_VALUES)
                    .expect("a link");
                out
            })
        };
        let (one, two) = (tray(1).to_text(), tray(2).to_text());
        let add = shown(1, 2);
        let id = ConversationId::from_u128(2);
        assert!(
            add.contains(&format!(
                "rel=\"nofollow\" href=\"/search?q=a%22b&#38;tray={two}#k-{id}\""
            )) && add.contains("&#60;b&#62;"),
            "{add}"
        );
        let there = shown(2, 2);
        assert!(
            there.contains(&format!("href=\"/tray?tray={two}\""))
                && there.contains(&format!("tray={one}#k-{id}\"")),
            "{there}"
        );
        let full = shown(20, 21);
        assert!(full.contains("20") && !full.contains("href"), "{full}");
    }
}
