-- Overlays made from bodies (titles, search) and matters of this one machine. Not part of the
-- fold: overlays can be made again from the bodies, local rows are nobody else's business.
CREATE TABLE titles (
  item       INTEGER PRIMARY KEY REFERENCES items(n),
  title      TEXT NOT NULL,
  doc_number TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search USING fts5(
  title, body, content = '', contentless_delete = 1, tokenize = 'unicode61'
);
CREATE TABLE search_pending (item INTEGER PRIMARY KEY) STRICT;

CREATE TABLE sessions (
  session  TEXT PRIMARY KEY,
  person   TEXT NOT NULL,
  pid      INTEGER NOT NULL,
  opened   INTEGER NOT NULL,
  last_key INTEGER NOT NULL,          -- last sign of a person at the keyboard
  alive    INTEGER NOT NULL           -- last sign of the process
) STRICT, WITHOUT ROWID;

-- The newest unsaved text of a person on an item; replaced in place, only ever by its owner.
CREATE TABLE autosaves (
  item          TEXT NOT NULL,
  person        TEXT NOT NULL,
  session       TEXT NOT NULL,
  from_revision INTEGER NOT NULL,
  at            INTEGER NOT NULL,
  content       TEXT NOT NULL,
  PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE failed_logins (
  person TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT;
CREATE INDEX failed_logins_person ON failed_logins(person, at);
CREATE TABLE lockouts (person TEXT PRIMARY KEY, until_ INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE runners (
  id        TEXT PRIMARY KEY,
  pid       INTEGER NOT NULL,
  started   INTEGER NOT NULL,
  last_tick INTEGER NOT NULL,
  every     INTEGER NOT NULL          -- µs between ticks; 0 for a single run
) STRICT, WITHOUT ROWID;

-- Last recorded view per person, item and mode: repeated views inside the cool-down count once.
CREATE TABLE views (
  item   TEXT NOT NULL,
  person TEXT NOT NULL,
  mode   TEXT NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (item, person, mode)
) STRICT, WITHOUT ROWID;

-- How far the pages of each site are written.
CREATE TABLE page_progress (
  site TEXT PRIMARY KEY,
  upto INTEGER NOT NULL,
  at   INTEGER NOT NULL,
  fault TEXT
) STRICT, WITHOUT ROWID;

-- Last failure told per target, so that one cause is told once and not at every tick.
CREATE TABLE told_failures (
  target TEXT PRIMARY KEY,
  why    TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Lists a person comes back to.
CREATE TABLE saved_views (
  person TEXT NOT NULL,
  name   TEXT NOT NULL,
  view   TEXT NOT NULL,               -- the console's own form, JSON
  at     INTEGER NOT NULL,
  PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;
