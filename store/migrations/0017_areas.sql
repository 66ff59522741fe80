-- What an owner says of a network: the areas it serves (JSON, `kind: name` each), and that newcomers are welcome.
ALTER TABLE networks ADD COLUMN areas TEXT NOT NULL DEFAULT '[]';
ALTER TABLE networks ADD COLUMN newcomers INTEGER NOT NULL DEFAULT 0;
-- Whether the platform says that nobody can answer in a thread any more; nothing where it does not say.
ALTER TABLE conversations ADD COLUMN thread_closed INTEGER;
-- That it is of a sensitive kind. Until now only those that are shown by links alone are known to be.
ALTER TABLE networks ADD COLUMN sensitive INTEGER NOT NULL DEFAULT 0;
UPDATE networks SET sensitive = link_only;
