//! Social platforms: hosts that say nothing about whose a page on them is.

/// Where an account is one person's or one group's, and the host says nothing about whose.
const SOCIAL: [&str; 28] = [
    "bsky.app",
    "bsky.social",
    "discord.com",
    "discord.gg",
    "facebook.com",
    "fb.com",
    "instagram.com",
    "linkedin.com",
    "mastodon.online",
    "mastodon.social",
    "medium.com",
    "nextdoor.co.uk",
    "nextdoor.com",
    "pinterest.com",
    "quora.com",
    "reddit.com",
    "snapchat.com",
    "substack.com",
    "t.me",
    "telegram.org",
    "threads.net",
    "tiktok.com",
    "tumblr.com",
    "twitter.com",
    "whatsapp.com",
    "x.com",
    "youtu.be",
    "youtube.com",
];

/// Those of them on which an owner can prove something: by the account's own profile, or by a tag on a page.
const PROVABLE: [&str; 7] = [
    "bsky.app",
    "bsky.social",
    "mastodon.online",
    "mastodon.social",
    "medium.com",
    "substack.com",
    "tumblr.com",
];

/// Whether a host, or one below it, is such a platform.
pub(crate) fn is_social(host: &str) -> bool {
    is_any(host, &SOCIAL)
}

/// Whether nobody can prove that anything on this host is theirs.
pub(crate) fn offers_no_proof(host: &str) -> bool {
    is_social(host) && !is_any(host, &PROVABLE)
}

fn is_any(host: &str, known: &[&str]) -> bool {
    known.iter().any(|known| {
        let below = host.strip_suffix(known);
        below.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_on_a_platform_can_be_proved_only_where_its_owner_may_write_a_proof() {
        for (host, social, no_proof) in [
            ("www.facebook.com", true, true),
            ("discord.gg", true, true),
            ("notfacebook.com", false, false),
            ("mastodon.social", true, false),
            ("somebody.substack.com", true, false),
            ("forum.example.org", false, false),
        ] {
            assert_eq!(
                (is_social(host), offers_no_proof(host)),
                (social, no_proof),
                "{host}"
            );
        }
    }
}
