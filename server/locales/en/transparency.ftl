transparency-networks = { $count ->
    [one] network
   *[other] networks
}
transparency-posts = posts held
transparency-left = { $count ->
    [one] network that left
   *[other] networks that left
}
transparency-purged = { $count ->
    [one] post purged after that
   *[other] posts purged after that
}

# transparency.html
transparency-heading = Transparency
transparency-lead = What was asked of us, what we did, and how you can check it. <a href="/api/v1/transparency">The same as JSON</a>.
transparency-ledger = The ledger of consent
transparency-ledger-how = Every grant and every withdrawal stands in it, by random ids and without names, each entry chained to the one before. <a href="/api/v1/ledger">Read it</a>.
transparency-ledger-table = Table: ledger
transparency-by-event = Entries by event
transparency-event = Event
transparency-entries = Entries
transparency-heads = Signed heads
transparency-heads-how = At the end of each day the last entry is signed (Ed25519, public key <code>{ $key }</code>). Keep a copy: with it you can tell whether the ledger was rewritten, with <code>discover ledger verify --heads FILE</code>.
transparency-no-day = No day has ended yet.
transparency-head = { $day }: entry { $entry }, <code>{ $hash }</code>
transparency-networks-heading = Networks
transparency-networks-table = Table: networks
transparency-networks-caption = Networks, what they agreed to, and the last visit
transparency-covers = Covers
transparency-visit = Last visit
transparency-not-yet = not yet
transparency-refused = Refused, taken out, blocked
transparency-refused-line = { $count } refused: { $words }
transparency-redacted-line = { $count } taken out before storage: { $words }
transparency-blocked-line = { $count } could not be read: { $words }
transparency-rounded = Counts below 50 are rounded to 5. <a href="/about#refuse">What each reason means</a>.
transparency-keys = Who asks with a key, and what for
transparency-keys-how = Nobody needs a key to read. A key counts by a quota of its own and allows exports of up to 100,000 rows; it shows nothing that others cannot see.
transparency-no-keys = No key has been given out.
transparency-keys-table = Table: keys
transparency-keys-caption = Keys, who holds them, what for, and until when
transparency-holder = Holder
transparency-purpose = Purpose
transparency-may = May use
transparency-until = Until
transparency-who = Who answers
transparency-dpia = The operator keeps the data protection impact assessment and gives it to whoever asks.
