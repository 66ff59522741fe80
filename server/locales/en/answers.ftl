answers-title = { $heading }, what happened
answers-next-answer = An answer
answers-next-promise = What was promised in the answer
answers-next-decided = What was decided
answers-next-step = The next step
answers-state = { $what } { $at } by { $by }
answers-state-due = { $state }. { $due }
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
answers-next-due = { $what } is due on { $due }.
answers-cited = The conversations it answers
answers-signed = Text <code>{ $hash }</code>, signed, ledger entry { $ledger }.
answers-who = Who can write here
answers-who-how = Bodies that the operator knows and has given a key. The name is the one that the operator entered.
answers-data = As data (JSON), with signatures

# answerform.html
write-heading = Write an answer
write-lead = For bodies that the operator gave a key to. What you write is shown to you as everybody will see it; nothing is recorded before you agree. An entry is signed, goes to every network that raised this, and is never removed: a mistake is followed by a correction.
write-entry = The entry
write-again = Change it
write-stage = How far have things come?
write-heard = You have read what people say, and will look at it.
write-answered = You say what you know, think, or will do.
write-decided = A decision was made.
write-changed = Something is different now.
write-text = What you say
write-text-hint = At most 2,000 characters, in any language. Names and other details of people are taken out.
write-url = Address of a notice, minutes or a page about it (optional)
write-due = By when you will have done what comes next (optional)
write-due-hint = A day such as 2026-12-19. After that day it is shown as overdue until you write again.
write-corrects = Number of an entry of yours that this one corrects (optional)
write-corrects-hint = It stands at the entry, such as 12.
write-show = Show me what would be recorded
write-shown = What would be recorded
write-changed-text = Details were taken out of your text. Read it as it stands here.
write-same-text = Your text as it stands. Nothing was taken out.
write-key = Your key
write-key-hint = It begins with disc_. It is used for this entry, and kept nowhere. The entry bears the name that the operator entered for it.
write-record = Record it, and tell the networks
write-nothing = Record nothing
write-no-stage = Choose how far things have come
write-bad-text = Write from 1 to 2,000 characters
write-bad-url = Give a web address that begins with https://
write-personal-url = Give the bare address: this one holds personal details, a login, or what follows readers
write-full = This topic has as many entries as it can hold: ask the operator
write-bad-day = Write a day from today on, at most two years ahead, as 2026-12-19
write-bad-entry = Give the number of an entry of yours on this topic, or leave it empty
write-other-stage = A correction says the same step as what it corrects
write-other-key = This key was not given for answers: ask the operator
write-wrong-key = This key is not known here, has expired or was revoked
