CREATE TRIGGER answers_are_never_removed BEFORE DELETE ON answers
  FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the answers stays');
CREATE TRIGGER answers_are_never_emptied BEFORE TRUNCATE ON answers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse('an entry of the answers stays');

CREATE FUNCTION cites_of_conversations_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  renamed bytea;
BEGIN
  UPDATE answers SET cited_salt = NULL
    WHERE seq IN (SELECT seq FROM answer_cites WHERE conversation_id = OLD.conversation_id);
  SELECT new_id INTO renamed FROM aliases WHERE old_id = OLD.conversation_id;
  IF renamed IS NOT NULL THEN
    INSERT INTO answer_cites (seq, conversation_id)
      SELECT seq, renamed FROM answer_cites WHERE conversation_id = OLD.conversation_id ON CONFLICT DO NOTHING;
  END IF;
  DELETE FROM answer_cites WHERE conversation_id = OLD.conversation_id;
  RETURN NULL;
END $$;
CREATE TRIGGER cites_of_conversations_gone AFTER DELETE ON conversations FOR EACH ROW
  EXECUTE FUNCTION cites_of_conversations_gone();
