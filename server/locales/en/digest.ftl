digest-title = What people are talking about
digest-week = Week { $days }
digest-for = { $what }, in { $areas }
digest-so-far = These days are not over: what stands here follows the topics until { $last }, then it stays.
digest-odds = In the { $days } to { $day }, the odds of as much talk in an ordinary week: { $odds }.
digest-over = Over since { $day }.
digest-less = Put right: this digest said { $conversations } at { $networks }. Since then some were withdrawn, are past their time, or are counted to another topic.
digest-said = In these days: { $conversations } at { $networks }.
digest-quiet-since = Nobody spoke of it in these days; the last time was on { $day }.
digest-quiet-then = Nobody spoke of it in these days.
digest-erratum = The digest of { $period } named what is not shown any more: { $what }.
digest-period = { $from } to { $to }
digest-quotations = { $count } { $count ->
    [one] conversation that was quoted
   *[other] conversations that were quoted
}
digest-gone-topics = { $count } { $count ->
    [one] topic
   *[other] topics
}
digest-since = Withdrawn since, taken back, or past its time, of what this digest named: { $what }.
digest-foot = { $networks } that asked to be found.
digest-unreachable = { $count } of them could not be reached when we last looked.
digest-found = { $conversations } at { $networks } found in these days with “{ $q }”.
digest-found-all = { $conversations } at { $networks } found in these days.
digest-overdue = { $by }: due on { $due }, and not there yet.

# digest.html
digest-slip = Tell us, without a computer
digest-slip-how = Write here what is missing, or what is wrong. Please leave out names.
digest-slip-to = Cut off and return to: { $to }
digest-slip-hand = Cut off and give it to the person who gave you this sheet.
digest-print = Print this page with your browser. In large print it is for post and waiting rooms.
digest-large = Large print
digest-usual = Usual print
digest-weeks = By week
digest-months = By month
digest-atom = Atom
digest-data = JSON
digest-earlier = The one before
digest-area = Area
digest-show = Show
digest-warnings = Early warnings
digest-no-warnings = No early warning was raised.
digest-new = New in these days
digest-no-new = Nothing new was large enough to be told.
digest-long = Talked about for a long time
digest-no-long = No topic is in this list.
digest-quiet = Quiet, but not going away
digest-answers = What came back
digest-no-answers = Nobody answered in these days.
digest-right = Put right
digest-strike = Please strike it out on printed copies.
digest-search = What people say
digest-nothing-found = Nothing was found in these days.
digest-worth = What a warning is worth
digest-all-found = All that was found

# digestmail.html
digest-mail-heading = Get this by mail
digest-mail-week = Every Monday.
digest-mail-month = On the first of each month.
digest-mail-how = We ask you once more by mail before anything is sent, and every mail has one link to stop. Your address is used for nothing else, and deleted when you stop.
digest-mail-address = Mail address
digest-mail-ask = Ask for the mail
digest-mail-asked = Look at your mail
digest-mail-asked-lead = If this address does not get the digest already, a mail with a link is on its way to it. Nothing else is sent before somebody says yes there. Without a yes the address is deleted after three days.
digest-mail-bad = Write one mail address, such as name@example.org.
digest-mail-limit = From where you are, or for this address, it was asked as often as it may be. Try again tomorrow.
digest-mail-full = No further addresses are taken just now.
