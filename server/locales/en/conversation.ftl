conversation-title = { $title }, at { $network }
related-conversations = { $count } related { $count ->
    [one] conversation
   *[other] conversations
}
copies-elsewhere = { $count } nearly identical { $count ->
    [one] text is
   *[other] texts are
} kept, here or at { $networks }. They count once.
copies-here = { $count } nearly identical { $count ->
    [one] text is
   *[other] texts are
} kept at the same network. They count once.
copies-said-again = Said more than once
proof-given = the owner of { $site }, { $method }
purpose-search = search
purpose-topics = topics

# conversation.html
conversation-at = Conversation at <strong>{ $network }</strong>
conversation-started = First post { $started }
conversation-last-active = Last post { $last-active }
conversation-extract = This is an extract of at most 300 characters. Personal details were taken out before we kept it. The rest is on the network’s own site.
conversation-whole = This is the whole of it, as it was taken down offline. Personal details were taken out before we kept it.
conversation-no-text = There is no text we can show. The conversation is on the network’s own site.
conversation-no-address = The network gave no web address that we could link to.
conversation-consent = Kept under consent of <strong>{ $network }</strong>
conversation-see-proof = see proof
conversation-related = Related conversations, and why
conversation-no-related = We know of no related conversation yet. New ones are looked for as they come in.
conversation-never-merged = We link conversations and never merge them. Each stays where it was written.
conversation-more = More of the { $related-total }
conversation-at-host = at { $words }
conversation-paths = How is it connected with another?
conversation-topics = Topics it belongs to
conversation-no-topic = None that is listed: a topic needs at least { $enough }, and a subject.
conversation-proof = Proof of consent
proof-by = Given by
proof-for = For
proof-kept-for = { $purposes }, in
proof-uploaded = what its owner uploads here
proof-days = , kept for { $days }
proof-last-seen = Last seen
proof-seen = { $seen }, ends { $expires }
proof-what = What was seen
proof-entry = Ledger entry
proof-check = check it yourself
proof-none = The proof cannot be shown just now.
conversation-object = Did you write this, or is it about you? Ask the network to change or remove it: we look again and follow. You can also <a href="/object?post={ $href }">ask us to hide it</a>; you need no account.
conversation-object-notes = Did you say this, or is it about you? Ask the network to take it back. You can also <a href="/object?post={ $href }">ask us to hide it</a>; you need no account.
