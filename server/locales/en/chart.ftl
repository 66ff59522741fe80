plain = { $text }
no-data = no data
period-week = the week of { $day }
chart-by-day = { $what } a day
chart-by-week = { $what } a week
chart-by-month = { $what } a month
column-day = Day
column-week = Week of
column-month = Month
days-on = on { $day }
days-from-to = from { $from } to { $to }
note-stale = { $when } we did not look at { $who }.
note-unreachable = { $when } { $who } could not be reached.
note-more = { $count } more such { $count ->
    [one] time stands
   *[other] times stand
} in the table and in the data.
note-joined-between = { $networks } joined between { $first } and { $last }
note-joined-first = { $who } joined on { $day }
note-joined-then = { $who } on { $day }
note-joined = { $times }: of earlier days there is only what { $count ->
    [one] it
   *[other] they
} still showed then.
note-undated = Without a known date, and in no bar: { $count }.
cell-unreachable = { $who } not reached
cell-stale = { $who } not looked at
cell-joined = { $who } joined
cell-all-reached = All reached
cell-and = { $first }; { $then }
names-more = { $count } more
chart-nothing = Nothing to show.
chart-most = Most in { $when }: { $count }.
chart-none = None.
chart-described = From { $first } to { $last }. { $most }{ $gaps ->
    [0] {""}
   *[other] {" "}Something is missing in { $gaps } of { $all }, as the notes below say.
}
chart-notes = Noted on days
chart-note = { $day }, { $who }: “{ $text }”
chart-note-operator = { $day }, { $who }, who runs this site: “{ $text }”
chart-note-number = note { $number }
chart-before = Before it began: conversations with the words { $words } at the same networks, { $mean } a week
chart-with-baseline = { $all } The first { $weeks } are from before it began, with { $mean } a week on average.
chart-compared = { $title }, { $count } charts one above the other, on one scale
chart-side = { $letter }. { $text }
chart-sides = { $first } { $rest }
chart-matching = Matching conversations

# picture/timeline.html
table-of = Table: { $title }
newest-first = { $title }, newest first
column-coverage = Coverage

# picture/compared.html
oldest-first = { $title }, oldest first
compared-side = { $letter }: { $column }

# picture/key.html
key-unreachable = A network could not be reached
key-stale = A network was not looked at
key-joined = A network joined
