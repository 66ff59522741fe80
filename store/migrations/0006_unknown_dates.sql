-- A post whose date nobody knows has none. Until now such posts were dated by when they were first seen.
ALTER TABLE posts ADD COLUMN dated INTEGER;
UPDATE posts SET dated = published WHERE published <> first_seen;
ALTER TABLE posts DROP COLUMN published;
ALTER TABLE posts RENAME COLUMN dated TO published;

-- What a post said it answers, as a hash: to see when that is put right.
ALTER TABLE posts ADD COLUMN answers BLOB;

-- A conversation is its thread's, which has a title and an address of its own.
ALTER TABLE conversations ADD COLUMN thread BLOB;
ALTER TABLE conversations ADD COLUMN thread_title TEXT;
ALTER TABLE conversations ADD COLUMN thread_url TEXT;
CREATE INDEX conversations_of_thread ON conversations (thread) WHERE thread IS NOT NULL;
