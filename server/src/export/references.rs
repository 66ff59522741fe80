//! A numbered list of references in plain words, to paste below a report.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::Writer;
use crate::shapes::Conversation;
use crate::text::kinds;
use crate::text::words;

/// Keeps a title's direction of writing from turning its surroundings around.
const ISOLATE: char = '\u{2068}';
const END_ISOLATE: char = '\u{2069}';

fn day(writer: &Writer, at: Timestamp) -> String {
    words::day(at.to_zoned(writer.zone.clone()).date())
}

/// One line of text, whatever it was before.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

pub(super) fn head(writer: &Writer) -> String {
    let what = if writer.q.is_empty() {
        "Conversations".to_owned()
    } else {
        format!(
            "Conversations found for {ISOLATE}{}{END_ISOLATE}",
            line(&writer.q)
        )
    };
    let query = if writer.query.is_empty() {
        String::new()
    } else {
        format!("?{}", writer.query)
    };
    format!(
        "{what}\n{}, {}\n{}/search{query}\n\n",
        line(&writer.instance),
        day(writer, writer.now),
        writer.base
    )
}

pub(super) fn row(out: &mut String, writer: &Writer, row: &Conversation) {
    let when = match (row.started, row.last_active) {
        (Some(started), Some(latest)) => {
            let (started, latest) = (day(writer, started), day(writer, latest));
            if started == latest {
                started
            } else {
                format!("{started}, latest post {latest}")
            }
        }
        _ => "no date".to_owned(),
    };
    let posts = words::of(row.posts, "post", "posts");
    let _ = write!(
        out,
        "{}. {ISOLATE}{}{END_ISOLATE}. \"{ISOLATE}{}{END_ISOLATE}\". {}, {when}, {posts}.\n   {}{}\n   Found through {}/conversations/{}\n",
        writer.written,
        line(&row.network.name),
        line(&row.title),
        kinds::long(row.kind),
        // What is there is not the network's word.
        row.links_to.as_ref().map_or("", |_| "links to "),
        row.url,
        writer.base,
        row.id
    );
}

pub(super) fn tail(writer: &Writer, total: u64) -> String {
    format!("\n{} of {total} conversations found.\n", writer.written)
}
