matrix-several = Several areas
matrix-no-area = No one area, or not said

# matrix.html
matrix-heading = Who speaks of what
matrix-lead = An empty ring is a question, not a finding: the network has posts since { $since } in a language in which the topic can be found, and does not speak of it. A dash is neither: we do not know.
matrix-speaks = Speaks, with its number of conversations
matrix-mentions = Mentions it: not in this topic, but a search for its name finds something
matrix-could = Could and does not
matrix-not-comparable = Not comparable: other language, or no posts
matrix-empty = No topic is in this list now.
matrix-table = Table: networks and topics, scrolls sideways
matrix-caption = Networks by the area they serve, and whether each speaks of a topic
matrix-cell-mentions = mentions it
matrix-cell-could = could and does not
matrix-cell-unknown = not comparable
matrix-row-speak = Speak
matrix-row-mention = Mention it
matrix-row-could = Could and do not
matrix-row-unknown = Not comparable
matrix-grouped = Grouped by the areas that the networks’ owners say they serve; no place is read from a post.
