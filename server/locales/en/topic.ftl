topic-title = { $label }, a topic
topic-place = , { $place } of { $of }
topic-all = All { $conversations }
topic-aliases = { $count ->
    [one] 1 older address still leads here.
   *[other] { $count } older addresses still lead here.
}
topic-unknown-none = no posts in these weeks, or in no language that is known
topic-unknown-language = writes in { $languages }, in which this topic cannot be found yet
topic-bridge = without it, { $networks } would not be linked to the rest
topic-rank-at = { $title }: { $place } of { $of }
topic-rank-not = { $title }: not in this list
topic-born = Born
topic-grew = Grew to twice its size
topic-merged-one = Merged with another topic
topic-merged-many = Merged with { $others }
topic-merged = Merged with
topic-split-one = Split from another topic
topic-split-many = Split from { $others }
topic-split = Split from
topic-renamed = Named anew
topic-renamed-was = Named anew; it was called “{ $was }”
topic-faded = Faded: nobody has talked about it for a while
topic-others = { $count } other { $count ->
    [one] topic
   *[other] topics
}
topic-welcome = { $welcoming ->
    [0] Of these { $networks } none has said that newcomers are welcome.
    [one] Of these { $networks } 1 has said that newcomers are welcome.
   *[other] Of these { $networks } { $welcoming } have said that newcomers are welcome.
}
serves-areas = serves { $count } areas
serves = serves { $areas }
topic-replies = { $count } { $count ->
    [one] reply
   *[other] replies
} in the last four weeks
topic-warned = { $networks ->
    [one] 1 network speaks
   *[other] { $networks } networks speak
}

# topic.html
topic-kicker = Topic{ $place }
topic-no-list = Topic, in no list today
topic-voices = What people say
topic-no-voices = No conversation is near enough to the middle of this topic to speak for it, or none may be quoted.
topic-quotes = One quotation a network, at most 300 characters, as it was written: those nearest to the middle of the topic that are unlike each other. Personal details were taken out before anything was kept.
topic-about = About this topic
topic-warning = Early warning
topic-warning-odds = The odds of as much talk in an ordinary week: { $networks } of this more than usual. <a href="/topics/warnings">What a warning is worth</a>
topic-coordinated = { $because } We say what was seen, never who. Texts that are nearly the same count once. <a href="/about#coordinated">How we notice this</a>
topic-take = Take it with you
topic-follow = Follow this topic (Atom)
topic-search = Search within it
topic-on-page = On this page
topic-join-link = Where to join in
topic-when-link = When and where
topic-could-link = Who could speak and does not
topic-how-link = Why it is in this list
topic-conversations-link = Conversations
topic-history-link = History
topic-also = Also talked about in
topic-not-translated = Nothing is translated.
topic-join = Where to join in
topic-no-account = Reading needs no account at any of them.
topic-quotes-lead = Every quotation above leads to where it was said.
topic-look-here = Look at it here first<span class="govuk-visually-hidden">: { $title }</span>
topic-threads = Threads with replies in the last four weeks. Those that their site marks as closed are left out.
topic-no-threads = None of their threads of this topic had a reply in the last four weeks and is still open.
topic-near = Neighbouring topics, and why
topic-connected = How they are connected<span class="govuk-visually-hidden">: { $label }</span>
topic-within = It lies within <a class="tap" href="{ $href }">{ $label }</a> ({ $note }).
topic-finer = Finer topics within it
topic-when = When and where
topic-over-time = All networks, over time
topic-networks-table = Table: networks that take part
topic-networks = Networks that take part
mentions-unknown = Too many long searches run just now to look for networks that mention a topic by its name. So nobody who takes no part is called silent here; open the page again in a minute.
topic-could = Who speaks, who could and does not
topic-speak = <span class="big">{ $speak }</span> speak
topic-mention = { $count ->
    [one] 1 more mentions it: a search for its name finds something there.
   *[other] { $count } more mention it: a search for its name finds something there.
}
topic-could-not = <span class="big">{ $could-words }</span> could, and do not
topic-could-why = Each has posts since { $since } in a language in which this topic can be found.
topic-not-comparable = <span class="big">{ $unknown-words }</span> not comparable
topic-not-silence = We do not know. It is not silence.
topic-matrix = All networks and topics in one table
topic-joining = Conversations that join networks
topic-bridge-at = <a href="{ $href }">{ $title }</a> at { $network }: { $words }.
topic-why = Why it is in this list, and in no other
topic-terms = Terms that mark it:
topic-arithmetic = The arithmetic
topic-arithmetic-how = Three separate lists, never one. Copies of the same text count once, and no network can count for more than its share. <a href="/about#lists">How the lists are made</a>.
topic-by-network = Conversations, by network
topic-none-shown = No conversation of this topic can be shown now.
topic-pages = Pages of conversations
topic-next = Next conversations
topic-history = History of this topic
