-- What was told early, and what digests named: ids and figures, never a word.

-- A topic that is warned of, or that is emerging: from when it began to when it no longer held. `held` is the last look at
-- which it did. Areas stand as keyed hashes of their slugs, so that nothing of a network that left is told by them.
CREATE TABLE notices (
  notice INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  topic_id BLOB NOT NULL,
  began INTEGER NOT NULL,
  held INTEGER NOT NULL,
  ended INTEGER,
  chance REAL,
  networks INTEGER NOT NULL,
  languages TEXT NOT NULL,
  areas TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX notices_open ON notices (kind, topic_id) WHERE ended IS NULL;
CREATE INDEX notices_ended ON notices (ended) WHERE ended IS NOT NULL;

-- A digest follows the topics until its period ends, then it stands.
CREATE TABLE digests (
  every TEXT NOT NULL,
  start TEXT NOT NULL,
  drawn TEXT NOT NULL,
  PRIMARY KEY (every, start)
) STRICT, WITHOUT ROWID;

-- What a digest names, in its order. `gone` is when the quoted conversation was seen to be gone; 1 where that is still to be
-- written down.
CREATE TABLE digest_topics (
  every TEXT NOT NULL,
  start TEXT NOT NULL,
  section TEXT NOT NULL,
  place INTEGER NOT NULL,
  topic_id BLOB NOT NULL,
  chance REAL,
  areas TEXT NOT NULL,
  quoted BLOB,
  gone INTEGER,
  PRIMARY KEY (every, start, section, place),
  FOREIGN KEY (every, start) REFERENCES digests (every, start) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_topics_quoted ON digest_topics (quoted) WHERE quoted IS NOT NULL;

-- Whatever a conversation goes by, digests forget its id; where it found its root, they name it by its new one.
CREATE TRIGGER digests_of_conversations_gone AFTER DELETE ON conversations BEGIN
  UPDATE digest_topics
    SET quoted = (SELECT new_id FROM aliases WHERE old_id = OLD.conversation_id)
    WHERE quoted = OLD.conversation_id
      AND EXISTS (SELECT 1 FROM aliases WHERE old_id = OLD.conversation_id);
  UPDATE digest_topics SET quoted = NULL, gone = coalesce(gone, 1) WHERE quoted = OLD.conversation_id;
END;

-- What a follow is of: a search, what is told early, or digests. Of the last two `search` is the query that narrows them.
ALTER TABLE follows ADD COLUMN about TEXT NOT NULL DEFAULT 'search';
ALTER TABLE deliveries ADD COLUMN notice INTEGER;
ALTER TABLE deliveries ADD COLUMN digest TEXT;
CREATE INDEX deliveries_of_notice ON deliveries (notice) WHERE notice IS NOT NULL;
