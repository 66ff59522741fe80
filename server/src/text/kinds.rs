//! The kinds of sources, each with its words: one table.

use discover_model::SourceKind;

/// What a reader calls a source of this kind, and the same with the software named.
const fn words(kind: SourceKind) -> (&'static str, &'static str) {
    match kind {
        SourceKind::Feed => ("News or blog feed", "News or blog feed"),
        SourceKind::Wordpress => ("Blog with comments", "Blog with comments (WordPress)"),
        SourceKind::Discourse => ("Forum", "Forum (Discourse)"),
        SourceKind::Nodebb => ("Forum", "Forum (NodeBB)"),
        SourceKind::Flarum => ("Forum", "Forum (Flarum)"),
        SourceKind::Mastodon => ("Social account", "Social account (Mastodon)"),
        SourceKind::Atproto => ("Social account", "Social account (Bluesky)"),
        SourceKind::Lemmy => ("Link forum", "Link forum (Lemmy)"),
        SourceKind::PublicInbox => ("Mailing list", "Mailing list"),
        SourceKind::Hyperkitty => ("Mailing list", "Mailing list (HyperKitty)"),
        SourceKind::Html => ("Community site", "Community site"),
        SourceKind::Ical => ("Events", "Events"),
    }
}

pub(crate) const fn short(kind: SourceKind) -> &'static str {
    words(kind).0
}

/// For filters, data and owners.
pub(crate) const fn long(kind: SourceKind) -> &'static str {
    words(kind).1
}

/// What is to be given for a kind, for a mistake's explanation.
pub(crate) fn expected() -> String {
    let codes: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.as_str()).collect();
    format!("expected a kind of source: {}", codes.join(", "))
}
