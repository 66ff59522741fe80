answers-title = { $heading }, what happened
answers-next-answer = An answer
answers-next-decision = A decision
answers-next-change = A change
answers-next-step = The next step
answers-due-is = { $what } by { $by } is due on { $day }.
answers-due-was = { $what } by { $by } was due on { $day } and is overdue by { $days }.
answers-badge-due = Due
answers-badge-late = Overdue by { $days }
answers-as-entry = { $what }, as entry { $entry } says
answers-correction = Correction of entry { $entry }
answers-late = { $days } late
answers-erased = Text erased on { $day }, because { $reason }. The entry, its day and its hash stay.
answers-lost = { $count ->
    [one] 1 is not shown any more: withdrawn, deleted, or past the time it is kept.
   *[other] { $count } are not shown any more: withdrawn, deleted, or past the time they are kept.
}

# answers.html
answers-lead = Who has heard, who has answered, and what is still due. Entries are signed and never removed; a mistake is followed by a correction.
answers-gone = This topic is no longer shown. What was said about it stays.
answers-overdue = <strong>Overdue:</strong> { $what }
answers-due = Due
answers-record = On record, newest first
answers-entry = Entry { $entry }
answers-corrected = corrected by entry { $entry }
answers-next-due = The next step is due on { $due }.
answers-cited = The conversations it answers
answers-conversation = Conversation { $count }
answers-signed = Text <code>{ $hash }</code>, signed, ledger entry { $ledger }.
answers-who = Who can write here
answers-who-how = Bodies that the operator knows and has given a key. The name is the one that the operator entered.
answers-data = As data (JSON), with signatures
