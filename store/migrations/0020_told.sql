-- Who is told of an entry of the answers, and what owners and the operator note on topics.

-- Networks that had raised a topic when an entry about it was written. One that leaves goes from here; `raised` says how many
-- there were. `asked` is 1 where its owner wanted to be told by webhook or mail, `told` when the first of these arrived.
ALTER TABLE answers ADD COLUMN raised INTEGER NOT NULL DEFAULT 0;
CREATE TABLE answer_networks (
  seq INTEGER NOT NULL,
  network_id BLOB NOT NULL,
  asked INTEGER NOT NULL DEFAULT 0,
  told INTEGER,
  PRIMARY KEY (seq, network_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_networks_of_network ON answer_networks (network_id, seq);
INSERT INTO answer_networks (seq, network_id)
  SELECT DISTINCT seq, network_id FROM answer_cites JOIN conversations USING (conversation_id);
UPDATE answers SET raised = (SELECT count(*) FROM answer_networks AS of WHERE of.seq = answers.seq);

-- A follow of an owner belongs to the network, and goes with it.
ALTER TABLE follows ADD COLUMN network_id BLOB;
CREATE INDEX follows_of_network ON follows (network_id) WHERE network_id IS NOT NULL;
ALTER TABLE deliveries ADD COLUMN answer INTEGER;
CREATE INDEX deliveries_of_answer ON deliveries (answer) WHERE answer IS NOT NULL;

-- A day and a few words on a topic, redacted: of a network that speaks in it, or of the operator (without a network).
CREATE TABLE annotations (
  annotation INTEGER PRIMARY KEY AUTOINCREMENT,
  topic_id BLOB NOT NULL,
  network_id BLOB,
  day TEXT NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX annotations_of_topic ON annotations (topic_id);
CREATE INDEX annotations_of_network ON annotations (network_id);
