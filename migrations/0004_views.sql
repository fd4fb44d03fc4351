-- Lists a person comes back to. Nobody else's business, and not part of the fold.
CREATE TABLE saved_views (
  person TEXT NOT NULL,
  name   TEXT NOT NULL,
  view   TEXT NOT NULL,               -- the console's own form, JSON
  at     INTEGER NOT NULL,
  PRIMARY KEY (person, name)
) STRICT, WITHOUT ROWID;
