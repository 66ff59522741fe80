CREATE FUNCTION digests_of_conversations_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  renamed bytea;
BEGIN
  SELECT new_id INTO renamed FROM aliases WHERE old_id = OLD.conversation_id;
  IF renamed IS NOT NULL THEN
    UPDATE digest_topics SET quoted = renamed WHERE quoted = OLD.conversation_id;
  ELSE
    UPDATE digest_topics SET quoted = NULL, gone = coalesce(gone, 1) WHERE quoted = OLD.conversation_id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER digests_of_conversations_gone AFTER DELETE ON conversations FOR EACH ROW
  EXECUTE FUNCTION digests_of_conversations_gone();
