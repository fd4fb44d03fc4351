-- The journal and what proves it. Nothing here is derived from anything else.
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  seq         INTEGER PRIMARY KEY,
  recorded_at INTEGER NOT NULL,      -- µs since 1970, never decreasing
  entry_id    BLOB NOT NULL UNIQUE,
  entry       BLOB NOT NULL,         -- the exact signed bytes (packed, see store::packing)
  sig         BLOB NOT NULL,
  chain       BLOB NOT NULL,
  eff         BLOB NOT NULL,
  verdict     TEXT                   -- rule id when void
) STRICT;

-- Salted bodies; the journal names them by id. Destroyed by purge, never otherwise.
CREATE TABLE bodies (
  n    INTEGER PRIMARY KEY,
  id   BLOB NOT NULL UNIQUE,
  salt BLOB NOT NULL,
  dict INTEGER REFERENCES bodies(n), -- body used as compression dictionary
  len  INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE INDEX bodies_dict ON bodies(dict) WHERE dict IS NOT NULL;

CREATE TABLE checkpoints (
  seq  INTEGER PRIMARY KEY,
  note TEXT NOT NULL
) STRICT;
