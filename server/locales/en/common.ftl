# base.html
skip-to-content = Skip to main content
nav-main = Main
nav-search = Search
nav-topics = Topics
nav-map = Map
nav-networks = Networks
nav-register = Add your site
foot-about = About
foot-privacy = Privacy
foot-transparency = Transparency
foot-bot = For site owners
foot-api = API
foot-accessibility = Accessibility
foot-promise = { $instance } shows conversations, never people. Every network here asked to be found and can leave at once.
page-in-english = This page is in English only.
languages-of-pages = Language of these pages
machine-made = These words were translated by machine and checked by no native reader.
moment = { $time } { $half } on { $day }
enough = { $networks } networks or { $voices } voices
count-networks = { $count } { $count ->
    [one] network
   *[other] networks
}
and-nearly-the-same = {" "}(and { $count } nearly the same)
count-conversations = { $count } { $count ->
    [one] conversation
   *[other] conversations
}
some-conversations = { $count ->
    [0] no conversations
    [one] 1 conversation
   *[other] { $count } conversations
}
count-topics = { $count } { $count ->
    [one] topic
   *[other] topics
}
count-posts = { $count } { $count ->
    [one] post
   *[other] posts
}
count-weeks = { $count } { $count ->
    [one] week
   *[other] weeks
}
count-days = { $count } { $count ->
    [one] day
   *[other] days
}
count-voices = { $count } { $count ->
    [one] voice
   *[other] voices
}
two-sentences = { $first } { $last }
list-two = { $first } and { $last }
list-more = { $first }, { $rest }
too-small = { $count ->
    [0] No topic is too small to show.
    [one] 1 topic is too small to show.
   *[other] { $count } topics are too small to show.
}
odds-one-in = 1 in { $count }
odds-tiny = less than 1 in 1,000,000
rank-emerging = Emerging
rank-enduring = Enduring
rank-quiet = Quiet but persistent
rank-emerging-in = emerging
rank-enduring-in = enduring
rank-quiet-in = quiet
rank-quiet-within = quiet but persistent
rank-emerging-why = At most 30 days old, or three times as much as before, in several places.
rank-enduring-why = Week after week in 3 networks or more, for 12 weeks or more.
rank-quiet-why = Small, but in 3 networks or more for 12 weeks or more.
kind-feed = News or blog feed
kind-blog = Blog with comments
kind-forum = Forum
kind-account = Social account
kind-links = Link forum
kind-list = Mailing list
kind-site = Community site
kind-events = Events
kind-notes = Notes taken down offline
kind-feed-in = news or blog feed
kind-blog-in = blog with comments
kind-forum-in = forum
kind-account-in = social account
kind-links-in = link forum
kind-list-in = mailing list
kind-site-in = community site
kind-events-in = events
kind-notes-in = notes taken down offline
kind-by = { $kind } ({ $software })
kind-none = Network
because-times = { $times } times as much talk as in a week before
because-young = From { $networks } in { $days }
because-since = Talked about since { $day }
because-weeks = Active in { $weeks }
because-enduring-since = Since { $day }
because-quiet-weeks = A few at a time in { $weeks }
because-quiet-since = A few at a time since { $day }
copies-same = { $count } nearly the same, { $networks }
copies-one-network = one network
copies-also = Also at { $networks }
other-networks = { $count } { $count ->
    [one] other network
   *[other] other networks
}
topic-note = { $list }, { $networks }
why-times = In the last 7 days there was { $times } times as much talk about this as in a week of the 12 before, the network that grew most left out.
why-no-more = There is no more talk about this lately than over the months before.
why-because = { $because }.
why-quiet = Talked about in { $weeks }; the less there is in all, the quieter.
factor-short-rate = talk a week, of the last days
factor-long-rate = talk a week, of the last months
factor-prior = added to both, so that two posts are no wave
factor-log-ratio = growth: ln of the one over the other
factor-active-weeks = active weeks
factor-corroborated-weeks = weeks, those with one network alone counting a tenth
factor-effective-networks = effective number of networks
factor-corroborated = 1 where two networks or more speak of it, else 0
factor-age-days = days since it began
factor-lately = conversations of the last 7 days, the network that grew most left out
factor-before = the same a week, in the 12 weeks before
factor-networks-lately = networks of the last 7 days
factor-staying-networks = networks that spoke of it in 3 weeks or more
factor-recent-weeks = of the last 12 weeks, those with talk
factor-rate = conversations a week over 12 weeks, the busiest network left out
factor-median-rate = the same of the topic in the middle
factor-small-below = small is below
factor-root-of-posts = square root of its posts
error-title = Error: { $title }
operator-runs-for = { $operator } runs this, for { $area }.
operator-runs = { $operator } runs this.
run-for = It is run for { $area }.

# part/taken.html
take-it-away = Take it away:
cite-as = Cite as:

# part/topic.html
languages-label = Languages:
and-more = and { $more } more
looks-coordinated = Part of this looks coordinated
coordinated-because = { $sign }. { $because }
coordinated-topic = Of its topic: “{ $sign }”.
coordinated-noted = { $note }. { $sign }

# part/voice.html
read-and-reply = Read and reply at { $network }
links-to = { $network } links to { $host }

# part/seek.html
how-to-search = How to write a search
syntax-both = both the word and the exact phrase
syntax-either = either word
syntax-not = leave out a word
syntax-prefix = words that begin so, from 3 letters
syntax-brackets = brackets keep together what belongs together
syntax-filters = one network, language or kind of site
syntax-or = or
syntax-time = a time
breadcrumb = Breadcrumb
crumb-home = Home
crumb-topics = Topics
crumb-search = Search
crumb-networks = Networks
crumb-register = Add your site
crumb-about = About
crumb-privacy = Privacy
crumb-owner = Your network
first-page = First page
pages-label = Pages
as-data = As data (JSON)
brief-of = Brief, one page<span class="govuk-visually-hidden">: { $label }</span>
brief-for-board = Brief for a board (one page)
hand-on = Hand on (Polis, Talk to the City, Decidim)
day-first = first post { $day }
day-last = last post { $day }
picture-qr = QR code of this page’s address
list-of-hits = What was found
list-of-advice = What may help
list-of-gaps = What is missing in the chart
foot-list = About this site
list-of-keys = Key
no-date = No date
search-button = Search
table-same = The same as a table
how-fine = How fine
lists-label = Lists

# part/happened.html
happened = What happened
happened-none = Nobody has said that they heard this yet.
happened-all = { $count ->
    [1] The entry in full
   *[other] All { $count } entries
}
happened-whole = All of it, with signatures:
happened-earlier = { $count } earlier:
happened-more-due = And { $count } more due.
happened-corrected = { $what }, corrected since
happened-correction = { $what }, a correction
happened-short = <strong>{ $what }</strong> by { $by }, { $at }
happened-line = <strong>{ $what }</strong> by { $by }, { $at }: { $text }
happened-entry = Entry
answers-raised = Raised by { $networks }
answers-withdrawn = { $count } withdrawn
answers-absent = { $count } paused, or with nothing of it here now
answers-told = { $asked ->
    [one] 1 asked to be told by webhook or mail too
   *[other] { $asked } asked to be told by webhook or mail too
}; { $told ->
    [0] none has it yet
    [one] 1 has it
   *[other] { $told } have it
}.
answers-atom = Follow by Atom
answers-json = JSON Feed
stage-heard = Heard
stage-answered = Answered
stage-decided = Decided
stage-changed = Changed
