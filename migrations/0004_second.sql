-- Second round: rules have versions, unsaved texts are kept per session, a purge that was cut off
-- is known, failed logins wait to be told.

-- Highest version of the rules named in the journal so far. Before this file there was one.
ALTER TABLE head ADD COLUMN rules INTEGER NOT NULL DEFAULT 1;

-- Folded: whose words the first text of a copy or of a version for another channel holds.
CREATE TABLE inherited (
  item   INTEGER NOT NULL REFERENCES items(n),
  person TEXT NOT NULL,
  PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;

-- The newest unsaved text of a session on an item; replaced in place, only ever by that session.
CREATE TABLE unsaved (
  item          TEXT NOT NULL,
  person        TEXT NOT NULL,
  session       TEXT NOT NULL,
  from_revision INTEGER NOT NULL,
  at            INTEGER NOT NULL,
  content       TEXT NOT NULL,
  PRIMARY KEY (item, person, session)
) STRICT, WITHOUT ROWID;
INSERT INTO unsaved SELECT item, person, session, from_revision, at, content FROM autosaves;
DROP TABLE autosaves;
ALTER TABLE unsaved RENAME TO autosaves;

-- A text was destroyed and the file not yet cleaned of its traces.
CREATE TABLE scrub_pending (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  since INTEGER NOT NULL
) STRICT;

-- Wrong passphrases before a right one, until a session entry tells them.
CREATE TABLE untold_failures (
  person TEXT PRIMARY KEY,
  n      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
