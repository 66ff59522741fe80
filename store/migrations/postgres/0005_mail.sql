CREATE FUNCTION mail_is_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO meta (name, value) VALUES ('forgotten', 1) ON CONFLICT (name) DO UPDATE SET value = meta.value + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER mail_is_forgotten AFTER DELETE ON follows FOR EACH ROW WHEN (OLD.mail IS NOT NULL)
  EXECUTE FUNCTION mail_is_forgotten();
