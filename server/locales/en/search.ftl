search-nothing = No conversations found
search-found-at = { $conversations }{ $copies } at { $networks }
search-found = { $conversations } found
sort-best = Best match
sort-newest = Newest
sort-oldest = Oldest
interval-days = Days
interval-weeks = Weeks
interval-months = Months
search-follow-atom = Follow by Atom feed
preset-days = 7 days
preset-weeks = 4 weeks
preset-months = 12 weeks
preset-any = Any time
download-xlsx = Table (Excel, LibreOffice)
download-csv = Table (CSV)
download-references = List of references
download-ndjson = Data (NDJSON)
search-most-words = Few or no conversations have all your words. These have at least { $required } of the { $of }.
search-some-words = Few or no conversations have all your words. These have some of them.
search-all-of = All of { $total }
search-some-of = { $count } of { $total }
facet-language = Language
facet-area = Area the network serves
advice-areas = Search all areas
facet-kind = Kind of site
column-topic = Topic
empty-anywhere = {""}
empty-in = {" "}in { $languages }
empty-ever = {""}
empty-since = {" "}since { $day }
empty-before = {" "}before { $day }
empty-between = {" "}between { $first } and { $last }
empty-found = Nothing that we hold matches{ $narrowed }{ $when }. We look only at networks that asked to be found; other places may well talk about it.
advice-dates = Search all dates
advice-languages = Search all languages
advice-networks = Search all networks
advice-topics = Search all topics
advice-look = Look at what people are talking about
copies-show = { $count ->
    [1] Show the other one
   *[other] Show the other { $count } of this page
}
search-unread = The search cannot be read
compare-before = Compare with the period before
compare-lately = Compare the last { $days } days with the { $days } before
compare-another = Compare with another search

# search.html
search-heading = Search conversations<span class="govuk-visually-hidden">: words to find, in any language</span>
search-time = Time
search-meant = Did you mean
search-follow = <a class="tap" href="{ $atom }">Follow this search</a>: an Atom feed tells you when the first one appears
search-filters = Filters
search-over-time = Over time
search-languages = The same, in other languages
search-by-language = With these words:
search-words-only = Words find words: what says the same in other words or another language is not found. A topic may join them.
search-by-meaning = Found by meaning, by a machine on this instance; nothing is translated.
search-take = Take away
search-results = Results
search-related = Related, and why<span class="govuk-visually-hidden">: { $title }</span>
search-pages = Result pages
search-next = Next results
search-when = When people were talking
search-bar = Width of a bar
search-sheet = Sheet to print
search-narrow = Narrow down
search-bigger = Bigger, and as a table
search-active = When it was active
search-from = From
search-before = Before
search-apply = Apply filters
search-clear = Clear all

# search_error.html
search-words = Words to find, in any language
search-wrote = You wrote:
search-marked = (marked: character { $column })
search-instead = Search instead for the words

# alertmail.html
alert-mail-heading = Get what is new by mail
alert-mail-what = What is found from now on, in one mail, and none where nothing is. Your search is kept with your address, until you stop.
alert-mail-every = How often at most
alert-mail-day = Every day
alert-mail-week = Every Monday
alert-mail-asked-lead = If this address does not get these mails already, a mail with a link is on its way to it. Nothing else is sent before somebody says yes there. Without a yes the address is deleted after three days, with the search.
