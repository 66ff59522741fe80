CREATE FUNCTION vectors_of_posts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM vectors WHERE conversation = OLD.conversation;
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM vectors WHERE conversation = NEW.conversation;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER vectors_of_posts_gone AFTER DELETE ON posts FOR EACH ROW EXECUTE FUNCTION vectors_of_posts();
CREATE TRIGGER vectors_of_posts_changed AFTER UPDATE OF title, text, conversation ON posts FOR EACH ROW
  WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.text IS DISTINCT FROM NEW.text
    OR OLD.conversation IS DISTINCT FROM NEW.conversation)
  EXECUTE FUNCTION vectors_of_posts();

CREATE FUNCTION vectors_of_titles() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM vectors WHERE conversation = NEW.arrival;
  RETURN NULL;
END $$;
CREATE TRIGGER vectors_of_titles_changed AFTER UPDATE OF thread_title ON conversations FOR EACH ROW
  WHEN (OLD.thread_title IS DISTINCT FROM NEW.thread_title) EXECUTE FUNCTION vectors_of_titles();
