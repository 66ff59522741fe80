networks-title = Networks
network-title = { $name }, a network
networks-lead = Each of these asked to be found, proved it, and can leave at once. Nothing else is read.
networks-no = No networks yet
consent-asked = asked, no proof yet
consent-paused = paused
consent-lapsed = lapsed
consent-file = file on the site
consent-dns = DNS record
consent-meta = tag on the home page
consent-profile = token in the profile
consent-paper = on paper
consent-given = given
by-file = by a file on the site
by-dns = by a DNS record
by-meta = by a tag on the home page
by-profile = by a token in the profile
on-paper = on paper
network-asked = asked to be found; no proof has been seen yet
network-paused = paused by its owner
network-lapsed = the proof could not be seen; hidden until it is
network-live = live
network-given = given { $method }
fact-conversations-kept = conversations kept
fact-posts-kept = posts kept
too-few = not shown: too few people write here
about-count = about { $count }
none-count = none
health-helps = What helps: { $fix }.
health-well = Went well
health-not-yet = Not looked at yet
health-not-reached = Could not be reached

# networks.html
networks-heading = Networks
networks-add = Add your site
networks-opml = Download the list (OPML)
networks-missing = Why is our forum not here?
networks-none = No network has opted in yet.
networks-table = Table: networks, scrolls sideways
networks-caption = Networks that asked to be found
column-network = Network
column-kind = Kind
column-consent = Consent
column-conversations = Conversations
column-last-look = Last look
networks-not-reached-since = <strong>Not reached</strong> since { $since }
not-yet = not yet
networks-next = Next networks

# network.html
network-kicker = Network
network-owned = { $kinds }, owned by { $owner }. It asked to be found and can leave at once.
network-serves = Serves
network-says = , as its owner says.
network-conversations = Conversations of this network
network-topics = Topics it takes part in
follow-atom = Follow (Atom)
network-unreachable = <strong>This network could not be reached since { $since }.</strong> What is shown may be out of date, and charts show a gap.
network-consent = Consent
consent-state = State
consent-proof = Proof
consent-covers = Covers
consent-nothing = nothing yet
consent-kept-for = Kept for
consent-from-first = { $days } from the day we first saw a post
consent-registered = Registered
consent-ends = consent ends { $expires } unless it is renewed
network-answered = Answers to what was raised here
network-answered-follow = Follow the answers (Atom)
network-answer-due = On <a href="{ $href }">{ $topic }</a> the next step is due on { $day }.
network-answer-overdue = On <a href="{ $href }">{ $topic }</a> the next step is overdue since { $day }.
network-read = What we read there
network-uploads = What its owner uploads
network-uploaded = Nothing is read from any site: its owner uploads what was taken down offline. Is it yours? <a href="/owner/login">Log in</a>.
network-no-source = No source is declared.
network-table = Table: sources, scrolls sideways
network-caption = Sources of this network and how they fare
column-source = Source
column-how = How it went
network-yours = Is this your site? <a href="/bot#leave">How to change what we read, or leave</a>, or <a href="/owner/login">log in</a>.
network-look = Look at the proof now
network-anybody = Anybody may ask. We look only at the place of the proof; if it is gone, what is held is hidden at once.

# missing.html
missing-empty = Write the name of a site, such as forum.example.org
missing-more-than-host = Write the name of the site alone, without a page, an account or anything else after it
missing-no-name = This is no name of a site on the web, such as forum.example.org
missing-social = On this platform everything is somebody’s account, and we take no account from anybody but its owner. Ask the group to add itself
missing-limit = Several sites were named from where you are today. Come again tomorrow, or write to the operator
missing-full = So many sites were named lately that the list is full. Write to the operator instead
missing-not-noted = The site was not noted
missing-noted = <strong><bdi>{ $noted }</bdi> is noted.</strong> The operator sees how often it was named, and may write to its owner. Nothing of it is read, and it is shown nowhere, unless its owner asks for that.
missing-here = It is here already:
missing-title = Why is our forum not here?
missing-lead = Only sites whose owner asked to be found are here. We look for none by ourselves, and nobody else can add one.
missing-yours = If it is your site
missing-yours-how = You see exactly what would be kept before anything is, and you can leave at once. <a href="/register">Add your site</a>
missing-others = If it is somebody else’s
missing-others-how = Tell whoever runs it about <a href="/bot">what we do and do not do</a>. Or name it here: the operator of this site sees which are missed most, and can write to their owners.
missing-name = Name of the site
missing-hint = For example forum.example.org: no page, no account, no group of a social platform
error-prefix = Error:
missing-send = We miss it
missing-kept = We keep the name of the site, how often it was named, and the first and last day, until 90 days after the last time. Of you we keep nothing but, in memory for a day and a half at most, how often that came from your part of the network.
