-- What happened about a topic: entries of bodies that the operator gave a key to. An entry is never removed. The ledger holds
-- hashes of it; text and list stand here, each with its salt, and go without the entry.

CREATE TABLE answers (
  seq INTEGER PRIMARY KEY,
  ledger INTEGER NOT NULL UNIQUE,
  topic_id BLOB NOT NULL,
  stage TEXT NOT NULL,
  -- The key's holder, as the operator entered it.
  by_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  due TEXT,
  corrects INTEGER,
  url TEXT,
  text TEXT,
  text_salt TEXT,
  text_sha256 TEXT NOT NULL,
  erased_at INTEGER,
  erased_why TEXT,
  -- Conversations that it answered when it was written.
  cited INTEGER NOT NULL,
  cited_salt TEXT,
  cited_sha256 TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;
CREATE INDEX answers_of_topic ON answers (topic_id, seq);
CREATE INDEX answers_by_corrected ON answers (corrects) WHERE corrects IS NOT NULL;
CREATE TRIGGER answers_are_never_removed BEFORE DELETE ON answers
  BEGIN SELECT RAISE (ABORT, 'an entry of the answers stays'); END;

CREATE TABLE answer_cites (
  seq INTEGER NOT NULL,
  conversation_id BLOB NOT NULL,
  PRIMARY KEY (seq, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_cites_of_conversation ON answer_cites (conversation_id);

-- Whatever a conversation goes by, it leaves the lists; where it found its root, the list names it by its new id. A list that
-- is no longer whole loses its salt: nobody can try out what has left it.
CREATE TRIGGER cites_of_conversations_gone AFTER DELETE ON conversations BEGIN
  UPDATE answers SET cited_salt = NULL
    WHERE seq IN (SELECT seq FROM answer_cites WHERE conversation_id = OLD.conversation_id);
  UPDATE OR REPLACE answer_cites
    SET conversation_id = (SELECT new_id FROM aliases WHERE old_id = OLD.conversation_id)
    WHERE conversation_id = OLD.conversation_id
      AND EXISTS (SELECT 1 FROM aliases WHERE old_id = OLD.conversation_id);
  DELETE FROM answer_cites WHERE conversation_id = OLD.conversation_id;
END;
