owner-title = { $name }, for its owner
owner-asked = asked; no proof has been seen yet
owner-live = live
owner-paused = paused: hidden and not read, nothing deleted
owner-lapsed = hidden: the proof could not be seen, or has expired
owner-left = left
grant-paused = paused
grant-lapsed = lapsed: hidden until the proof is seen again
grant-withdrawn = withdrawn
held-conversations = conversations held
held-posts = posts held
held-voices = voices counted
used-found = of yours shown in answers to searches
used-opened = of your pages opened here
used-alerted = alerts that told of yours
used-exported = rows of yours taken away
owner-no-list = None

# owner/home.html
owner-for = For the owner
owner-state = State: { $state }.
owner-look = Look at my proof now
owner-resume = Resume
owner-pause = Pause: hide and stop reading
owner-change = Change what is read and kept
owner-download = Download everything held
owner-notes = Add notes
owner-leave = Leave, or take a part back
owner-logout = Log out
owner-related = <a href="{ $href }">{ $title }</a> at { $network }, beside your “{ $own }”
owner-connected = Who you are connected with
owner-not-connected = Nothing elsewhere is related to your latest conversations.
owner-looked-at = How often you were looked at
owner-counts = In the last 28 days; counts, and nothing of who looked or what for.
owner-uses-none = Not yet.
owner-by-day = By day
owner-uses-table = Table: use
owner-uses-caption = Conversations of yours by day: shown in an answer to a search, opened, told of by an alert, exported
column-found = Found
column-opened = Opened
column-alerts = Alerts
column-exported = Exported
owner-topics = Topics you are part of
owner-no-topics = None that is large enough to be listed.
owner-topics-table = Table: topics
owner-topics-caption = Topics you are part of, each once
owner-column-list = List
column-own = Your conversations
owner-column-networks = Networks
owner-came = Something came back
owner-came-line = <strong>{ $what }</strong> by { $by }, { $at }, on “{ $topic }”: { $text }
owner-came-read = Read it, and tell your members
owner-annotations = Your notes on topics
owner-annotations-what = A day and at most 200 characters on a topic that your network speaks in: your right of reply. It stands on the topic, its timeline and its brief, with your network’s name; a second one of the same day replaces the first. Personal details are taken out. It goes when you take it away or leave.
owner-annotations-none = You have written none.
owner-note-hidden = (nobody else sees it now)
owner-note-away = Take it away
owner-note-day = The day that it is about
owner-note-text = Your note, at most 200 characters
owner-note-write = Write the note
owner-answers = Be told of answers
owner-answers-what = What a body answers to topics of yours stands here, on <a href="/networks/{ $slug }">your network’s page</a>, in your box and in a feed (<a href="/networks/{ $slug }/answers.atom">Atom</a>, <a href="/networks/{ $slug }/answers.json">JSON</a>). You can have it sent as well.
owner-answers-none = It is sent nowhere yet.
owner-answers-webhook = Sent to { $to }.
owner-answers-mail = Mailed to { $to }: an answer at once, what comes after it at the next full hour.
owner-answers-unconfirmed = Whoever reads this address was asked, and has not said yes yet.
owner-answers-end = Send it there no more
owner-answers-to-wrong = Write an address that begins with https://, or a mail address
owner-answers-to-server-wrong = Write an address of your server that begins with https://
owner-answers-full = Answers are sent to { $most } places at most: end one of them first
owner-answers-asked-often = This address was asked as often as it may be. Try again after { $until }
owner-answers-again = Send again now
owner-form-wait = Too many tries just now. Wait { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
} and send the form again: what you typed stands here
owner-note-day-wrong = Write the day as 2026-11-24
owner-note-text-none = Write what you want to say
owner-place-arrived = Something last arrived there { $at }.
owner-place-nothing-arrived = Nothing has arrived there in the last 30 days.
owner-place-waiting = { $count ->
    [one] One answer waits to be sent.
   *[other] { $count } answers wait to be sent.
}
owner-place-waiting-until = { $count ->
    [one] One answer waits: nothing is sent there before { $at }.
   *[other] { $count } answers wait: nothing is sent there before { $at }.
}
owner-place-failed = Not arrived:
owner-place-no-mailbox = The mail was refused: { $said }. Nothing more is sent there until you send again.
owner-place-ended = The server wants no more: { $said }. Nothing more is sent there until you send again.
owner-place-not-asked = The mail that asks whether this address wants them could not be handed over: { $said }.
owner-failed-answer = the answer on “{ $topic }”
owner-failed-erased = that the answer on “{ $topic }” was erased
owner-failed-gone = an answer on a topic that has gone
owner-failed-again = { $what }: { $said }; tried again { $at }
owner-failed-waits = { $what }: { $said }
owner-failed-dead = { $what }: { $said }; given up { $at }, kept for 30 days
owner-said-server = your server answered { $status }
owner-said-mail = the mail server answered { $status }
owner-fix-address = What helps: the address is not one that takes these requests. Mend it on your server and send again, or end it here and choose the right one.
owner-fix-refused = What helps: let requests to this address in without a login; their signature says who sends them. Then send again.
owner-fix-busy = What helps: your server had a fault or was busy. It is tried again by itself, at growing intervals for three days; once it is mended, send again.
owner-fix-moved = What helps: the address leads to another one. End it here and choose that one; a redirect is not followed.
owner-fix-unreachable = What helps: your server could not be reached. See that it runs, that its certificate stands and that the address is right; then send again.
owner-fix-mailbox = What helps: there is no such mailbox, or it takes no mail from here. Look at the address; end it here and choose another one.
owner-fix-mail = What helps: it is tried again by itself for three days. If it lasts, ask the operator, or choose another address.
owner-answers-to = An https address of your server, or a mail address
owner-answers-to-server = An https address of your server
owner-answers-hint = A server is sent a signed request at once.
owner-answers-hint-mail = Whoever reads a mail address is asked first.
owner-answers-send = Send answers there
owner-answers-secret = Requests are signed with this secret (Standard Webhooks). It is shown this once:
owner-answers-secret-label = The secret
owner-answers-asked = Whoever reads { $to } was asked. Nothing else is sent there before a yes.
owner-answers-back = Back to your network
owner-box = A box for your own pages: also being talked about at
owner-box-what = Up to three conversations, one a network, never your own. No cookies, no script, and nothing is counted or kept of who reads it. <a href="/bot#box">How to put it in</a>, best fetched by your server every five minutes at most, so that your readers never call us.
owner-box-page = For a page, by its address
owner-box-page-fetch = Fetching the box of a page
owner-box-topic = For the topic { $label }
owner-box-fetched = Your server fetches it:
owner-box-fetch = Fetching: { $label }
owner-box-frame = A frame:
owner-box-frame-of = A frame: { $label }
owner-box-list = A plain list, written once. It does not change by itself, and what is withdrawn does not leave it:
owner-box-list-of = A list: { $label }
owner-agreed = What you agreed to
owner-no-proof = No proof has been seen yet.
owner-missing-since = ; missing since { $since }, after seven days this counts as leaving
owner-doubted-since = ; hidden since { $since }, because the proof may say that you withdraw: mend it, or leave here
owner-seen = { $method }, last seen { $seen }
owner-next-look = , next look { $next }
owner-ends = Ends
owner-ends-soon = : <strong>soon</strong>. Renew it by writing a new <code>expires</code> into your proof
owner-told = Members told
owner-told-yes = yes
owner-told-no = not yet, by what your proof says
owner-link-only = Titles and links alone are kept: no text, no replies, no topics.
owner-kept-days = Posts are kept for { $days } days. To change what is read, change <code>scope</code> in the proof on your site: only you can widen it. What falls out of it is hidden at our next look and deleted. <a href="/owner/change">See the difference first</a>.
owner-kept-notes = Items are kept for { $days } days. Consent is on paper: a new document, which the operator has to see, renews it. An item that you upload again under the same heading and day takes the place of the one before.
owner-sources = What is read, and how it went
owner-sources-table = Table: sources
owner-sources-caption = Sources, last and next visit, trouble and what helps
column-last-visit = Last visit
column-next-visit = Next visit
column-trouble = Trouble, and what helps
owner-refused = What was refused, and why
owner-nothing = Nothing so far.
owner-refused-items = The last of them, by address
owner-details = Details taken out before anything was kept
owner-details-none = None so far.
owner-tell = A text to tell your members
