-- Posts that went, so that what comes again is known by any source, key or address: `refusal` says why it must stay away;
-- without one it may return, and is the post that it was.
CREATE TABLE gone_posts (
  network_id BLOB NOT NULL,
  post_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL,
  voice BLOB NOT NULL,
  opened INTEGER NOT NULL,
  refusal TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (network_id, post_id)
) STRICT, WITHOUT ROWID;

-- Its keys as in `post_keys`, and with kind 3 what else it is known by: keyed hashes of its addresses and of its words. Of
-- what must stay away only these are left.
CREATE TABLE gone_keys (
  key BLOB NOT NULL,
  network_id BLOB NOT NULL,
  post_id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  source_id BLOB NOT NULL,
  PRIMARY KEY (key, network_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX gone_keys_of_post ON gone_keys (network_id, post_id);
