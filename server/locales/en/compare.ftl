compare-title = Compare
compare-refused = The comparison cannot be made
comparison-title = Comparison
compare-nothing = Nothing was found on any side.
compare-lead = { $sides }.
compare-in = { $conversations } in { $letter }
compare-filters = { $count } { $count ->
    [one] filter holds
   *[other] filters hold
} of your search for all sides.
compare-too-small = Too small to show: { $sides }.
compare-small-of = { $topics } of { $letter }
compare-everything = everything
compare-best = The best { $count } { $count ->
    [one] match
   *[other] matches
} were looked at.
compare-more = { $count } more are in the data.
compare-none-or-few = none, or too few to show
when-ever = at any time
when-since = since { $day }
when-until = until { $day }
languages-title = Languages
topics-plain = Topics

# compare.html
compare-heading = Compare up to five searches, or periods
compare-fill = Fill in a second search, a second period, or both; when you compare, there is room for one more, up to five. What you leave empty is as on side A.
compare-words = Words to find
compare-other-words = Words to find, if others than in A
compare-change = Change what is compared
compare-button = Compare
compare-swap = Exchange A and B
compare-how-much = How much
compare-empty = Nothing that we hold matches. Try fewer or other words, or a longer period.
compare-read = Read them<span class="govuk-visually-hidden">, side { $letter }</span>
compare-differ = In which words they differ
compare-more-in = More in { $letter } than in the other
compare-no-word = No word is so much more frequent here that it could not be chance.
compare-against = Against everything we hold:
compare-number = The number is of conversations that hold the word. Words are named where at least { $enough } use them, and where chance alone would hardly make the difference.
compare-where = Where, and about what
compare-rounded = Numbers beside words are rounded to 5 below 50.
compare-without = Take out<span class="govuk-visually-hidden">, side { $letter }</span>
compare-more-than-others = More in { $letter } than in the others
