-- Consent in full: how standing proofs were found, receipts that are due, signed heads, owners' keys, objections, and
-- keys of analysts.

-- How the proof of each origin was found so far (JSON), and when it is to be looked at again.
CREATE TABLE looks (
  network_id BLOB NOT NULL,
  origin TEXT NOT NULL,
  standing TEXT NOT NULL,
  last_look INTEGER NOT NULL,
  next_look INTEGER NOT NULL,
  PRIMARY KEY (network_id, origin)
) STRICT, WITHOUT ROWID;

-- What was erased from the store and has no receipt yet: the receipt is written once index and graph are clean too.
-- `kind` and `mac` are empty for a whole network.
CREATE TABLE receipts_due (
  network_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  mac TEXT NOT NULL,
  posts INTEGER NOT NULL,
  conversations TEXT NOT NULL,
  PRIMARY KEY (network_id, kind, mac)
) STRICT, WITHOUT ROWID;
INSERT INTO receipts_due (network_id, kind, mac, posts, conversations)
  SELECT network_id, '', '', posts, conversations FROM pending_receipts;
DROP TABLE pending_receipts;

-- Withdrawn parts that a restored copy did not hold: they must not come in later either.
CREATE TABLE barred_parts (
  network_id BLOB NOT NULL,
  kind TEXT NOT NULL,
  mac TEXT NOT NULL,
  PRIMARY KEY (network_id, kind, mac)
) STRICT, WITHOUT ROWID;

-- The ledger's head at the end of each day, signed.
CREATE TABLE heads (
  day TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Hash of the key an owner was shown once.
CREATE TABLE owner_keys (
  network_id BLOB PRIMARY KEY REFERENCES networks (network_id),
  sha256 BLOB NOT NULL,
  made INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Objections to posts. Nothing of whoever objects is kept.
CREATE TABLE objections (
  objection_id BLOB PRIMARY KEY,
  network_id BLOB NOT NULL,
  post_id BLOB NOT NULL,
  ground TEXT NOT NULL,
  hidden INTEGER NOT NULL,
  at INTEGER NOT NULL,
  checked INTEGER,
  state TEXT NOT NULL,
  decided INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX objections_open ON objections (state, at);
CREATE INDEX objections_of_post ON objections (network_id, post_id);

-- Keys of analysts: hashed, with what they were given for. The purpose is public.
CREATE TABLE api_keys (
  key_id TEXT PRIMARY KEY,
  sha256 BLOB NOT NULL,
  holder TEXT NOT NULL,
  purpose TEXT NOT NULL,
  scopes TEXT NOT NULL,
  per_minute INTEGER NOT NULL,
  made INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  last_used TEXT,
  revoked INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
