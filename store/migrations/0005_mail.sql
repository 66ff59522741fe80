-- Follows that are told by mail. The address belongs to an analyst: it is kept here alone, and goes with the follow.

-- `confirmed` is when whoever reads the address said yes; until then one mail asks, and no other is sent. No mail of finds
-- goes out before `mail_next`.
ALTER TABLE follows ADD COLUMN mail TEXT;
ALTER TABLE follows ADD COLUMN every TEXT;
ALTER TABLE follows ADD COLUMN confirmed INTEGER;
ALTER TABLE follows ADD COLUMN mail_next INTEGER NOT NULL DEFAULT 0;

-- The mail that a delivery is part of, from the first attempt on: what is sent again is the same mail.
ALTER TABLE deliveries ADD COLUMN mail_id BLOB;

-- That an address was asked, by keyed hash, so that nobody can have it asked again and again. Forgotten at `until`.
CREATE TABLE mail_asked (
  address BLOB NOT NULL,
  key_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  refused INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX mail_asked_until ON mail_asked (until);

-- However a follow ends, the bytes of its address are to go from the files.
CREATE TRIGGER mail_is_forgotten AFTER DELETE ON follows WHEN OLD.mail IS NOT NULL BEGIN
  INSERT INTO meta (name, value) VALUES ('forgotten', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
