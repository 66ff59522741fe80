-- Networks that are shown by title and link alone, and how often a network's conversations were found, opened and
-- exported: day counts, for its owner only.

ALTER TABLE networks ADD COLUMN link_only INTEGER NOT NULL DEFAULT 0;

CREATE TABLE uses (
  network_id BLOB NOT NULL,
  day TEXT NOT NULL,
  found INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  exported INTEGER NOT NULL,
  PRIMARY KEY (network_id, day)
) STRICT, WITHOUT ROWID;
