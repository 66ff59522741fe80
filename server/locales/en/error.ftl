error-not-found = Page not found
error-gone = This was taken back
error-cursor = This page of the list is no longer there
error-busy = Too busy just now
error-sorry = Sorry, something went wrong
error-address = The address cannot be read
error-query = The query cannot be read
error-query-large = The query is too large
error-body = The body cannot be read
error-key = A key is needed
error-forbidden = This is not allowed
error-method = This method is not allowed here
error-conflict = This does not fit the present state
error-large = The request is too large
error-not-found-why = There is nothing at this address, or it may not be shown. If you typed it, check that it is right; if you followed a link, it may be old.
error-gone-why = It was here, and its network or somebody concerned took it back. We no longer show it, and it is not coming back under this address.
error-cursor-why = The list has changed since you opened it. Start again from its first page.
error-limit-why = Many requests came from your connection. Wait a little and try again.
error-busy-why = We could not answer in time. Wait a little and try again.
error-internal-why = The fault is ours, and it has been recorded. Trying again may help.
way-search = Start the search again
way-topics = All topics
way-networks = All networks
way-map = The map of topics
way-problems = All problem codes
way-front = The front page
way-talk = What people are talking about
way-asked = The networks that asked to be found
error-status = Error { $status }
error-tell = . If it goes on, <a href="{ $href }">tell the operator</a>

# error.html
error-where = Where to go from here
error-search = Search conversations
error-code = Code
