-- What SQLite has by name and PostgreSQL has not, so that one text of a statement serves both.
CREATE FUNCTION unhex(text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT decode($1, 'hex') $$;
CREATE FUNCTION unhex(jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT decode($1 #>> '{}', 'hex') $$;
CREATE FUNCTION zeroblob(bigint) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT decode(repeat('00', $1::int), 'hex') $$;
CREATE FUNCTION instr(text, text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT strpos($1, $2)::bigint $$;
CREATE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE least($1, $2) END $$;
CREATE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE greatest($1, $2) END $$;
-- Only differences of two are asked for.
CREATE FUNCTION julianday(text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT ($1::date - date '2000-01-01')::bigint $$;
CREATE FUNCTION json_each(list text) RETURNS TABLE (key bigint, value jsonb) LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 50
  AS $$ SELECT place - 1, member FROM jsonb_array_elements(list::jsonb) WITH ORDINALITY AS members (member, place) $$;
CREATE FUNCTION json_extract(text, text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT ($1::jsonb ->> substr($2, 3))::bigint $$;
CREATE FUNCTION json_remove(text, text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT ($1::jsonb - substr($2, 3))::text $$;

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$;
CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE OR DELETE ON ledger
  FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER ledger_is_never_emptied BEFORE TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION refuse('the ledger is append-only');
