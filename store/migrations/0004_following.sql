-- Saved searches that are followed, what was told of them, and what is still to be told. Ids only, never a text: what is
-- sent is made at the moment of sending, from what may be shown then.

-- A follow belongs to an analyst's key and ends with it. It began at `began` in the change log; everything up to `seq`
-- was looked at.
CREATE TABLE follows (
  follow_id BLOB PRIMARY KEY,
  key_id TEXT NOT NULL REFERENCES api_keys (key_id),
  name TEXT,
  search TEXT NOT NULL,
  webhook TEXT,
  made INTEGER NOT NULL,
  began INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  paused TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  held_until INTEGER NOT NULL DEFAULT 0,
  tried INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_of_key ON follows (key_id);

-- What was found for a follow and has not gone since: it is told once. `told` is the id it was told by, where that was
-- another one.
CREATE TABLE follow_found (
  conversation_id BLOB NOT NULL,
  follow_id BLOB NOT NULL REFERENCES follows (follow_id) ON DELETE CASCADE,
  told BLOB,
  PRIMARY KEY (conversation_id, follow_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX follow_found_of_follow ON follow_found (follow_id);

-- `sent` is 1 from the first attempt on, for ever; `sending` while one is under way. The conversation is forgotten when
-- it has gone and that was told.
CREATE TABLE deliveries (
  delivery INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_id BLOB NOT NULL UNIQUE,
  follow_id BLOB NOT NULL REFERENCES follows (follow_id) ON DELETE CASCADE,
  event TEXT NOT NULL,
  conversation_id BLOB,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  sent INTEGER NOT NULL DEFAULT 0,
  sending INTEGER NOT NULL DEFAULT 0,
  next_due INTEGER NOT NULL,
  made INTEGER NOT NULL,
  ended INTEGER,
  said TEXT
) STRICT;
CREATE INDEX deliveries_of_follow ON deliveries (follow_id, delivery);
CREATE INDEX deliveries_pending ON deliveries (follow_id, delivery) WHERE state = 'pending';
CREATE INDEX deliveries_sending ON deliveries (follow_id) WHERE sending = 1;
CREATE INDEX deliveries_of_conversation ON deliveries (conversation_id, follow_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX deliveries_ended ON deliveries (ended) WHERE ended IS NOT NULL;
