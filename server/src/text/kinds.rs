//! The kinds of sources, each with its words: one table.

use discover_model::SourceKind;

/// What a source of this kind is called in filters and data, its software named.
pub(crate) const fn long(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Feed => "News or blog feed",
        SourceKind::Wordpress => "Blog with comments (WordPress)",
        SourceKind::Discourse => "Forum (Discourse)",
        SourceKind::Nodebb => "Forum (NodeBB)",
        SourceKind::Flarum => "Forum (Flarum)",
        SourceKind::Mastodon => "Social account (Mastodon)",
        SourceKind::Atproto => "Social account (Bluesky)",
        SourceKind::Lemmy => "Link forum (Lemmy)",
        SourceKind::PublicInbox => "Mailing list",
        SourceKind::Hyperkitty => "Mailing list (HyperKitty)",
        SourceKind::Html => "Community site",
        SourceKind::Ical => "Events",
        SourceKind::Notes => "Notes taken down offline",
    }
}

/// What is to be given for a kind, for a mistake's explanation.
pub(crate) fn expected() -> String {
    let codes: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.as_str()).collect();
    format!("expected a kind of source: {}", codes.join(", "))
}
