-- Sites that readers miss here: the name of the host alone, how often it was named, and the days. Nothing of who named it.

CREATE TABLE missing_sites (
  host TEXT NOT NULL PRIMARY KEY,
  times INTEGER NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How often an alert of a saved search told somebody of a network's conversations.
ALTER TABLE uses ADD COLUMN alerted INTEGER NOT NULL DEFAULT 0;
