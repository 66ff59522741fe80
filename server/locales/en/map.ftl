map-title = Map of topics
map-none-found = No topic of this map has “{ $q }” in its name or terms.
map-found = { $topics } with “{ $q }” in the name or terms, ringed on the map:
map-circle = a bigger circle means more conversations
map-circle-week = a bigger circle means more posts in the week of { $day }
map-lead = { $topics }{ $subjects ->
    [0] {""}
    [one] {" "}in 1 subject
   *[other] {" "}in { $subjects } subjects
}. Near means alike; { $circle }; a thicker line means a stronger link.
map-posts = { $count } posts
map-due = Due { $day }
map-overdue = Overdue since { $day }
map-sign-answered = Answered, decided or changed
map-sign-heard = Heard, and no more yet
map-sign-due = The next step is due
map-sign-overdue = The next step is overdue
map-not-answered = Not yet
column-answers = Answers
map-list-none = None

# map.html
map-heading = Map of topics
map-zoom = Zoom
map-find-topic = Find a topic on the map
map-find = Find
map-skip = Skip the picture, read the table
map-no-list = In none of the three lists
map-empty = There is no topic to draw at this level yet: a topic is shown when at least { $enough } take part, and when it has a subject.
map-region = Map of topics, scrolls sideways
map-no-subject = In no wider subject
map-all-topics = All topics
map-letters = { $count ->
    [one] The circle with a letter
   *[other] The { $count } circles with letters
}
map-point = Each topic shows its two strongest links. Point at a topic, or reach it with the Tab key, to see its neighbours and why they are linked.
map-one-week = The map in one week
map-week-of-map = Week of the map
map-week = Week of { $start }, { $posts }
map-places = Places stay, circles are as large as what was posted in that week.
map-all-weeks = All weeks together
map-drawn = Drawn on { $drawn }. The same data always draws the same map. { $too-small } Take the graph away:
map-table = The map as a table
map-table-region = Table: topics and their most related topics, scrolls sideways
map-caption = Topics by subject, and those each has most to do with
column-subject = Subject
column-list = List
column-networks = Networks
column-related = Most related topics, and why
