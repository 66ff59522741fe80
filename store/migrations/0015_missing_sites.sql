-- Sites that readers miss here: the name of the host alone, how often it was named, and the days. Nothing of who named it.

CREATE TABLE missing_sites (
  host TEXT NOT NULL PRIMARY KEY,
  times INTEGER NOT NULL,
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL
) STRICT, WITHOUT ROWID;
