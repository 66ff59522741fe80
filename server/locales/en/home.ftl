home-title = What people are talking about, on sites that asked to be found
home-opted-in = { $networks ->
    [0] No network has opted in yet.
    [one] 1 network has opted in, with { $conversations }.
   *[other] { $networks } networks have opted in, with { $conversations }.
}
home-no-history = No early warning: there is too little history yet to warn of anything.
home-no-warning = No early warning today, of { $topics } tested.
home-warnings = { $count } { $count ->
    [one] early warning
   *[other] early warnings
} today.
home-odds = { $networks ->
    [one] 1 network speaks of this more than it is used to.
   *[other] { $networks } networks speak of this more than each is used to.
} The odds of that in an ordinary week: { $odds }.
home-all-networks = { $count ->
    [0] All networks
    [one] All networks
   *[other] All { $count } networks
}
home-unreachable = { $count } of { $networks } could not be reached today:
home-list-one = The list
home-list-all = All { $count } { $list } topics
home-network-note = { $kinds }. { $conversations }
topic-in-areas = {" "}in { $areas } of { $of } { $of ->
    [one] area
   *[other] areas
}
topic-facts = Since { $day }: { $conversations }{ $copies } at { $networks }{ $languages ->
    [0] {""}
    [one] {""}
   *[other] {" "}in { $languages } languages
}{ $areas }{ $active ->
    [0] {""}
   *[other] , { $active } of them active in the last 7 days
}.

# home.html
home-missing = What is missing
home-read = Read what people say
home-worth = What a warning is worth
home-heading = What people are talking about, on sites that asked to be found
home-lead = Read an extract here, then join the conversation where it lives.
home-find = Find a conversation
home-words = Words, in any language
home-try = From today’s topics:
home-who = Who runs this
home-promise = We show public conversations at sites that asked to be found, never people. Read an extract here, then join in where it was said.
home-more = More about us
home-three-lists = Topics, in three lists
home-list-empty = No topic is in this list today.
home-charts = Each small chart shows the last twelve weeks, at its own height. A topic stands in one list only.
home-matrix = Who speaks of what
home-digest = This week, to read or to print
home-where = Where conversations happen
home-none = No network has opted in yet.
home-add = Add your site
home-why-not = Why is our forum not here?
home-coverage = <strong>Coverage:</strong> every network could be reached when we last looked.
home-since = (since { $since })
home-gap = Charts show a gap where this matters.
home-small = To protect people in small groups, a topic is listed when at least { $enough } take part, and when it has a subject. { $too-small } Numbers below 50 that nobody can list are rounded to 5. Topics were worked out on { $drawn }; this page was made at { $now }.
