about-title = About { $instance }
fact-networks = { $count ->
    [one] network
   *[other] networks
}
fact-sources = { $count ->
    [one] source
   *[other] sources
}
fact-conversations = conversations
fact-posts = posts
fact-topics = topics
ledger-empty = it has no entries yet
ledger-entries = { $count } { $count ->
    [one] entry
   *[other] entries
}, the last with the hash { $hash }

# about.html
about-heading = About { $instance }
about-lead = { $instance } finds, connects and shows where public conversations are happening, among networks that asked to be found. It maps conversations, never people, and sends readers back to the place where a conversation lives.
about-keep = What we keep
about-keep-text = The plain text of public posts, after personal details were taken out, at most 64 KiB a post.
about-keep-address = Its address, its language, when it was published and when we first saw it.
about-keep-voice = For counting only: a scrambled number in place of whoever wrote it. It is different in every network, cannot be turned back into a name, and is never searched or shown.
about-keep-consent = Which consent it came in under. Every single post names it, and the ledger proves it: { $ledger }.
about-show = We show a title, at most 300 characters, and 300 more around the words of a search, always with the network’s name and a link to the original. A post is kept for as long as its network allows, 365 days unless the network says otherwise. Notes that were taken down offline stand nowhere else: the page of each shows the whole of it.
about-refuse = What we refuse
about-gate = Each item passes a gate before the first byte is written. What the gate refuses is counted and forgotten; the owner of the site sees its address and the reason.
about-refused-none = Nothing has been refused so far.
about-refused-table = Table: refusals
about-refused-caption = Refused so far, by reason
column-reason = Reason
column-code = Code
column-items = Items
about-all-reasons = All reasons for a refusal
about-details = Personal details that are taken out
about-details-how = They are replaced by their kind before anything is stored, so that nobody, we included, can look them up later. No program finds all of them: if you see one that was missed, <a href="/privacy#objection">tell us</a> and it is hidden on receipt.
about-details-none = Nothing had to be taken out so far.
about-details-table = Table: details taken out
about-details-caption = Details taken out so far, by kind
column-times = Times
about-numbers = When we show a number
about-numbers-rule = A topic, a telling word, a suggestion or a warning is shown when at least { $networks } networks or { $voices } voices stand behind it. What is below is summed up as “too small to show”. What you can list yourself is counted exactly: totals, the numbers beside filters, bars, and the conversations of a network or topic. All other numbers, those of voices and posts above all, are rounded to the nearest { $round-to } below { $exact-from } and said with “about”. A single public conversation is always shown: the rule protects people in small groups, and there is no group in one conversation.
about-lists = How the lists are made
about-lists-how = Conversations that share links, telling words or days are related. Groups of related conversations are topics. There are three lists and never one, so that what is loud cannot push out what is quiet.
about-emerging = How much people talk about it now, against how much before. Short and long are running averages of the talk in a week with half-lives of 3 and 30 days.
about-enduring = In how many weeks it was active. A week in which only one network took part counts a tenth.
about-quiet = The same, divided by the square root of its posts: small, but from several networks for a long time.
about-effective = In each, <code>networks</code> is the <strong>effective number of networks</strong>: the exponential of the entropy of their shares. Six networks of the same size count as 6; six of which one writes nearly everything count as little more than 1. Before that, texts that are nearly the same count once, and every voice and every network counts by the logarithm of what it adds, so that five hundred copies from one place count about as one. Each topic’s page prints every factor.
about-coordination = How we notice coordination
about-coordination-how = A topic’s page says so where at least a third of its conversations are near copies of others, or where at least 12 conversations were begun mostly by three voices within three days. It says what was seen and never who. The copies count once in any case, so being noticed moves nothing; it is said so that you can judge for yourself.
about-languages = Languages of these pages
about-languages-how = These pages are in English, Welsh and Urdu. Welsh and Urdu were translated by machine, and no native reader has checked them yet; where a sentence is not translated it is in English and marked so. Tell the operator what reads wrongly. What people write at networks is never translated.
about-who = Who runs this
about-contact = Reach the operator at <a href="{ $href }">{ $words }</a>.
about-no-contact = The operator of this instance has not published a contact address.
about-crawler = Our crawler calls itself <code>{ $user-agent }</code>; <a href="/bot">what it does and does not do</a>.
about-govuk = These pages use parts of GOV.UK Frontend under <a href="{ $href }">the MIT licence</a>. This is not a GOV.UK service.
