topics-title-emerging = Emerging topics
topics-title-enduring = Enduring topics
topics-title-quiet = Quiet but persistent topics
level-wide = Wide topics
level-middle = Topics
level-fine = Fine topics
topics-none = No topics
topics-in-language = topics in { $language }
topics-with-network = topics in which { $network } takes part
topics-active-since = topics active since { $day }
changes-title = What changed among topics
changes-since-yesterday = Since yesterday
changes-week = A week
changes-month = A month
changes-no = No changes
changes-count = { $count } { $count ->
    [one] change
   *[other] changes
}
change-born = is new
change-grown = grew to twice its size
change-merged = took in another topic
change-split = parted from another topic
change-faded = faded: nobody has talked about it for a while
change-renamed = is called anew
topics-in-area = topics in which a network of { $area } takes part
areas-label = Areas
areas-all = All areas
area-council = { $name } (council)
area-ward = { $name } (ward)
area-board = { $name } (health board)
change-other = changed
way-none = No way of at most 6 steps was found. { $looked } looked at.
way-shared = They share a conversation.
way-found = Connected in { $steps }, the way whose likenesses multiply to most. { $looked } looked at.
way-steps = { $count } { $count ->
    [one] step
   *[other] steps
}
way-looked = { $count } { $count ->
    [one] conversation was
   *[other] conversations were
}
warnings-none-at-all = No warning
warnings-count = { $count } { $count ->
    [one] warning
   *[other] warnings
}
warning-because = { $networks ->
    [one] 1 network spoke of it more in the last { $days } days than it is used to.
   *[other] { $networks } networks spoke of it more in the last { $days } days than each of them is used to.
} Chance of as much in an ordinary week: { $odds }.
warnings-tested = { $tests ->
    [one] 1 topic was
   *[other] { $tests } topics were
} tested: each network’s last { $days } days against its own { $before } days before. Corrected for so many tests, about 1 warning in { $wrong } is expected to be false.
warnings-too-little = There is too little history to warn of anything, or to measure how often a warning would be false.
warnings-measured = Measured: run over { $days ->
    [one] 1 past day
   *[other] { $days } past days
} with the networks’ histories turned against each other, so that nothing in them is a common wave, the rule raised { $raised } in { $tests ->
    [one] 1 test
   *[other] { $tests } tests
}.
warnings-no-false = no false warning
warnings-false = { $count } { $count ->
    [one] false warning
   *[other] false warnings
} ({ $rate } in 100 tests)

# topics.html
topics-warnings = Early warnings
topics-digest = Digest
topics-changed = What changed
topics-matrix = Networks by topics
topics-map = Map
topics-only = Only { $filters }.
topics-show-all = Show all
topics-empty = No topic is in this list now. A topic is listed when at least { $enough } take part, and when it has a subject. Look at the other lists, at <a href="/map">the map of all topics</a>, or <a href="/search">search the conversations themselves</a>.
topics-next = Next topics
topics-places = Places are worked out from the numbers on each topic’s page. <a href="/about#lists">How the lists are made</a>.

# changes.html
changes-heading = What changed among topics
changes-lead = Topics that are new, grew, merged, split or faded since { $since }.
changes-since-when = Since when
changes-none = No topic of this size changed in this time.
changes-already-old = { $count ->
    [one] One topic was drawn here for the first time and is not new: it had been talked about for more than 30 days.
   *[other] { $count } topics were drawn here for the first time and are not new: they had been talked about for more than 30 days.
}
changes-next = Next changes

# warnings.html
warnings-heading = Early warnings
warnings-lead = Topics that several networks speak of more than each of them is used to. One network alone, however loud, raises no warning.
warnings-nothing-tested = Nothing was tested.
warnings-none = Nothing is out of the ordinary in the last days.
warnings-worth = What a warning is worth
warnings-as-of = As of { $drawn }.
warnings-follow = Be told when one begins and when it holds no more: <a href="/topics/warnings.atom">Atom</a> or <a href="/topics/warnings.json">JSON Feed</a>. Topics that are newly emerging are told there too, each with its odds. Add <code>?language=cy</code> or <code>?area=</code> with the name of an area from <a href="/networks">the networks</a>.

# paths.html
paths-heading = How are these two connected?
paths-lead = Two conversations or topics, and the best way from one to the other: each step says why.
paths-from = From
paths-hint = The address of a conversation’s or topic’s page here, or its id
paths-to = To
paths-find = Find the way
paths-way = The way
