-- What a sentence model makes of a conversation. A vector tells much of its text: it goes with its conversation, and as
-- soon as any text of it changes or goes. `model` and `digest` say which model read which text.
CREATE TABLE vectors (
  conversation INTEGER PRIMARY KEY REFERENCES conversations (arrival) ON DELETE CASCADE,
  network_id BLOB NOT NULL,
  model BLOB NOT NULL,
  digest BLOB NOT NULL,
  language TEXT,
  vector BLOB NOT NULL
) STRICT;

CREATE TRIGGER vectors_of_posts_gone AFTER DELETE ON posts BEGIN
  DELETE FROM vectors WHERE conversation = OLD.conversation;
END;

CREATE TRIGGER vectors_of_posts_changed AFTER UPDATE OF title, text, conversation ON posts
WHEN OLD.title IS NOT NEW.title OR OLD.text IS NOT NEW.text OR OLD.conversation IS NOT NEW.conversation BEGIN
  DELETE FROM vectors WHERE conversation IN (OLD.conversation, NEW.conversation);
END;

CREATE TRIGGER vectors_of_titles_changed AFTER UPDATE OF thread_title ON conversations
WHEN OLD.thread_title IS NOT NEW.thread_title BEGIN
  DELETE FROM vectors WHERE conversation = NEW.arrival;
END;
