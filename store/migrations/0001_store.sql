-- The system of record. Times are microseconds since 1970 (UTC); ids are 16 bytes; every row that belongs to a
-- network carries its random id. Forward only: a released migration is never edited.

-- Single values of the instance: generation of the deny set, last expiry run.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Names live here, in sources and in grants, and nowhere else; all three are emptied by the purge.
CREATE TABLE networks (
  network_id BLOB PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  contact TEXT,
  proof TEXT NOT NULL,
  retention_days INTEGER NOT NULL,
  recheck_days INTEGER NOT NULL,
  registered INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE voice_keys (
  network_id BLOB PRIMARY KEY REFERENCES networks (network_id),
  secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
  source_id BLOB PRIMARY KEY,
  network_id BLOB NOT NULL REFERENCES networks (network_id),
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  options TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_of_network ON sources (network_id);

CREATE TABLE grants (
  grant_id BLOB PRIMARY KEY,
  network_id BLOB NOT NULL REFERENCES networks (network_id),
  origin TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  purposes TEXT NOT NULL,
  retention_days INTEGER NOT NULL,
  method TEXT NOT NULL,
  evidence_sha256 TEXT NOT NULL,
  evidence_seen INTEGER NOT NULL,
  granted INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  members_told INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_of_network ON grants (network_id);

-- What the crawler must remember of a source. `claimed_until` is the lease; `fence` grows with every lease, so
-- that a worker that slept through its lease cannot write over its successor.
CREATE TABLE frontier (
  source_id BLOB PRIMARY KEY REFERENCES sources (source_id),
  network_id BLOB NOT NULL,
  host TEXT NOT NULL,
  next_due INTEGER NOT NULL,
  state TEXT NOT NULL,
  claimed_until INTEGER,
  fence INTEGER NOT NULL DEFAULT 0,
  last_fetch INTEGER,
  last_ok INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  health TEXT,
  stopped INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX frontier_due ON frontier (next_due) WHERE stopped = 0;

-- Visits by day, to tell a quiet day from a day on which the network could not be reached.
CREATE TABLE source_days (
  source_id BLOB NOT NULL,
  day TEXT NOT NULL,
  network_id BLOB NOT NULL,
  ok INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  PRIMARY KEY (source_id, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_days_of_network ON source_days (network_id, day);

-- `arrival` never changes and is never given twice: rebuilds walk along it.
CREATE TABLE conversations (
  arrival INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id BLOB NOT NULL UNIQUE,
  network_id BLOB NOT NULL,
  root INTEGER NOT NULL
) STRICT;
CREATE INDEX conversations_of_network ON conversations (network_id, arrival);

-- Ids that conversations had before their root arrived.
CREATE TABLE aliases (
  old_id BLOB PRIMARY KEY,
  new_id BLOB NOT NULL,
  network_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_new ON aliases (new_id);
CREATE INDEX aliases_of_network ON aliases (network_id);

-- A post is found by its id through post_keys, whose rows are unique in it.
CREATE TABLE posts (
  post INTEGER PRIMARY KEY,
  post_id BLOB NOT NULL,
  network_id BLOB NOT NULL,
  shard INTEGER NOT NULL,
  version INTEGER NOT NULL,
  conversation INTEGER NOT NULL REFERENCES conversations (arrival),
  parent INTEGER,
  source_id BLOB NOT NULL,
  grant_id BLOB NOT NULL REFERENCES grants (grant_id),
  voice BLOB NOT NULL,
  published INTEGER NOT NULL,
  updated INTEGER,
  first_seen INTEGER NOT NULL,
  checked INTEGER NOT NULL,
  reply INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  declared_language TEXT,
  language TEXT,
  language_confidence REAL NOT NULL,
  item_key TEXT NOT NULL,
  url TEXT NOT NULL,
  canonical_url TEXT NOT NULL,
  title TEXT,
  links TEXT NOT NULL,
  redacted TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX posts_of_conversation ON posts (conversation);
CREATE INDEX posts_of_network ON posts (network_id, voice);
CREATE INDEX posts_of_grant ON posts (grant_id, first_seen);
CREATE INDEX posts_of_source ON posts (source_id, checked);

-- Every key under which a post can be meant, as a hash: 0 = the id a source derives for it (one row for each source
-- that carries it), 1 = an item key that means the same beyond its source, 2 = its address.
CREATE TABLE post_keys (
  key BLOB NOT NULL,
  network_id BLOB NOT NULL,
  post INTEGER NOT NULL REFERENCES posts (post) ON DELETE CASCADE,
  kind INTEGER NOT NULL,
  source_id BLOB NOT NULL,
  PRIMARY KEY (key, network_id, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX post_keys_of_post ON post_keys (post);

-- Keys of posts that are replied to and not held (yet). `role`: 1 = root, 2 = parent, 3 = both.
CREATE TABLE waiting (
  wanted BLOB NOT NULL,
  post INTEGER NOT NULL REFERENCES posts (post) ON DELETE CASCADE,
  network_id BLOB NOT NULL,
  role INTEGER NOT NULL,
  PRIMARY KEY (wanted, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_of_post ON waiting (post);

-- One row for each conversation, at its latest change: the log is compacted as it is written.
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  network_id BLOB NOT NULL,
  conversation_id BLOB NOT NULL UNIQUE,
  gone INTEGER NOT NULL
) STRICT;

CREATE TABLE checkpoints (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Posts that must not come back with a stale copy. Ids are hashes.
CREATE TABLE taken_back (
  network_id BLOB NOT NULL,
  post_id BLOB NOT NULL,
  refusal TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (network_id, post_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusal_counts (
  network_id BLOB NOT NULL,
  code TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (network_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
  refusal INTEGER PRIMARY KEY,
  network_id BLOB NOT NULL,
  code TEXT NOT NULL,
  url TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (network_id, url, code)
) STRICT;

CREATE TABLE redaction_counts (
  network_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (network_id, kind)
) STRICT, WITHOUT ROWID;

-- The deny set. `id` is the 16 bytes of what is hidden; for a path it is a hash, and origin and prefix are set.
CREATE TABLE hides (
  kind TEXT NOT NULL,
  id BLOB NOT NULL,
  network_id BLOB NOT NULL,
  origin TEXT,
  prefix TEXT,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  purged INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hides_of_network ON hides (network_id);

-- Keyed hashes of what was withdrawn, without names: `within` = 0 for the withdrawn path itself, 1 for a path above it.
CREATE TABLE tombstones (
  mac BLOB NOT NULL,
  network_id BLOB NOT NULL,
  within INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL,
  PRIMARY KEY (mac, network_id)
) STRICT, WITHOUT ROWID;

-- Networks whose rows are deleted but whose bytes may still be in the file.
CREATE TABLE pending_receipts (
  network_id BLOB PRIMARY KEY,
  posts INTEGER NOT NULL,
  conversations TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- `entry` is the whole entry as JSON; the other columns repeat it for look-ups and are checked with it.
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY,
  network_id BLOB NOT NULL,
  grant_id BLOB,
  event TEXT NOT NULL,
  entry TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_of_grant ON ledger (grant_id);
CREATE INDEX ledger_of_network ON ledger (network_id, event);
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
  BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger
  BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
