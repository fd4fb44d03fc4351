-- Tables folded from the journal. `journal rebuild` empties and makes them again, bit for bit.
CREATE TABLE head (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  seq         INTEGER NOT NULL,
  chain       BLOB NOT NULL,
  eff         BLOB NOT NULL,
  recorded_at INTEGER NOT NULL,
  org_seq     INTEGER NOT NULL,      -- last entry that changed who may do what where
  frontier    BLOB NOT NULL          -- right edge of the RFC 6962 tree
) STRICT;

CREATE TABLE devices (
  key   BLOB PRIMARY KEY,
  dseq  INTEGER NOT NULL,
  dprev BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bureaus (
  id     TEXT PRIMARY KEY,
  name   TEXT NOT NULL,
  level  TEXT NOT NULL,
  parent TEXT,
  duty   TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE sites (
  id     TEXT PRIMARY KEY,
  name   TEXT NOT NULL,
  level  TEXT NOT NULL,
  bureau TEXT NOT NULL REFERENCES bureaus(id),
  parent TEXT REFERENCES sites(id),
  domain TEXT NOT NULL,
  code   TEXT NOT NULL,
  language TEXT NOT NULL,            -- empty for Chinese
  UNIQUE (bureau, language)
) STRICT, WITHOUT ROWID;

-- What is on record for a site in a foreign language.
CREATE TABLE site_conditions (
  site      TEXT NOT NULL REFERENCES sites(id),
  condition TEXT NOT NULL,
  person    TEXT NOT NULL,           -- a reviewer, else empty
  seq       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  note      BLOB NOT NULL,
  PRIMARY KEY (site, condition, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE columns (
  id     TEXT PRIMARY KEY,
  site   TEXT NOT NULL REFERENCES sites(id),
  parent TEXT REFERENCES columns(id),
  name   TEXT NOT NULL,
  slug   TEXT NOT NULL,
  family TEXT NOT NULL,
  owner  TEXT NOT NULL REFERENCES bureaus(id),
  person TEXT,
  backup TEXT,
  state  TEXT NOT NULL,
  into_  TEXT,
  UNIQUE (site, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE persons (
  id             TEXT PRIMARY KEY,
  login          TEXT NOT NULL UNIQUE,
  affiliation    TEXT NOT NULL,
  bureau         TEXT NOT NULL REFERENCES bureaus(id),
  contract_until INTEGER,
  left_          INTEGER NOT NULL,
  name           BLOB,                -- body id
  added          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
  id         BLOB PRIMARY KEY,
  person     TEXT NOT NULL REFERENCES persons(id),
  spki       TEXT NOT NULL,
  enrolled   INTEGER NOT NULL,
  revoked    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
  id      INTEGER PRIMARY KEY,
  person  TEXT NOT NULL REFERENCES persons(id),
  role    TEXT NOT NULL,
  scope   TEXT NOT NULL,
  from_   INTEGER NOT NULL,
  until_  INTEGER NOT NULL,
  revoked INTEGER
) STRICT;

CREATE TABLE proposals (
  seq      INTEGER PRIMARY KEY,
  act      TEXT NOT NULL,
  proposer TEXT NOT NULL,
  body     BLOB,                      -- what is proposed, where it is a list
  state    TEXT NOT NULL,             -- open, confirmed, declined
  answered INTEGER
) STRICT;
CREATE INDEX proposals_open ON proposals(seq) WHERE state = 'open';

CREATE TABLE routes (
  node  TEXT PRIMARY KEY,
  steps TEXT NOT NULL,
  seq   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
  n                INTEGER PRIMARY KEY,
  id               TEXT NOT NULL UNIQUE,
  number           TEXT NOT NULL UNIQUE,
  state            TEXT NOT NULL,
  revision         INTEGER NOT NULL,
  last_revision    INTEGER NOT NULL,
  fingerprint      BLOB NOT NULL,
  shape            TEXT NOT NULL,
  text_len         INTEGER NOT NULL,
  home             TEXT NOT NULL REFERENCES columns(id),
  site             TEXT NOT NULL REFERENCES sites(id),
  urgency          INTEGER NOT NULL,
  creator          TEXT NOT NULL REFERENCES persons(id),
  created_at       INTEGER NOT NULL,
  base             INTEGER NOT NULL,   -- last entry that moved the item
  updated_at       INTEGER NOT NULL,
  submitter        TEXT,
  run              INTEGER NOT NULL,
  route_seq        INTEGER NOT NULL,
  submitted_at     INTEGER,
  step             INTEGER,
  step_role        TEXT,
  cleared          INTEGER NOT NULL,
  escalated        INTEGER NOT NULL,
  closed           INTEGER NOT NULL,
  due              INTEGER,
  due_by           INTEGER,            -- entry that set the time
  expire           INTEGER,
  bundle           INTEGER,
  live_revision    INTEGER,
  live_fingerprint BLOB,
  live_at          INTEGER,
  first_live_at    INTEGER,
  correcting       INTEGER NOT NULL,
  emergency_by     TEXT,               -- who let it go out ahead of its reviews
  emergency_print  BLOB,               -- and which version
  claim_person     TEXT,
  claim_session    TEXT,
  claim_at         INTEGER
) STRICT;
CREATE INDEX items_base    ON items(base);
CREATE INDEX items_state   ON items(state, base);
CREATE INDEX items_home    ON items(home, base);
CREATE INDEX items_site    ON items(site, base);
CREATE INDEX items_creator ON items(creator, base);
CREATE INDEX items_submitter ON items(submitter, base) WHERE submitter IS NOT NULL;
CREATE INDEX items_queue   ON items(step_role, urgency, submitted_at) WHERE step_role IS NOT NULL;
CREATE INDEX items_queue_newest ON items(step_role, submitted_at) WHERE step_role IS NOT NULL;
CREATE INDEX items_due     ON items(due) WHERE due IS NOT NULL;
CREATE INDEX items_expire  ON items(expire) WHERE expire IS NOT NULL;
CREATE INDEX items_bundle  ON items(bundle) WHERE bundle IS NOT NULL;
CREATE INDEX items_claim   ON items(claim_session) WHERE claim_session IS NOT NULL;
CREATE INDEX items_live    ON items(live_at) WHERE live_at IS NOT NULL;

CREATE TABLE item_columns (
  item   INTEGER NOT NULL REFERENCES items(n),
  column_ TEXT NOT NULL REFERENCES columns(id),
  PRIMARY KEY (item, column_)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_columns_column ON item_columns(column_, item);

CREATE TABLE revisions (
  item        INTEGER NOT NULL REFERENCES items(n),
  n           INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  author      TEXT NOT NULL,
  saved_by    TEXT NOT NULL,
  at          INTEGER NOT NULL,
  fields      BLOB NOT NULL,
  text        BLOB NOT NULL,
  attachments TEXT NOT NULL,
  shape       TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  why         TEXT NOT NULL,
  purged      INTEGER NOT NULL,
  PRIMARY KEY (item, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE contributors (
  item   INTEGER NOT NULL REFERENCES items(n),
  person TEXT NOT NULL,
  PRIMARY KEY (item, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX contributors_person ON contributors(person, item);

CREATE TABLE approvals (
  seq         INTEGER PRIMARY KEY,
  item        INTEGER NOT NULL REFERENCES items(n),
  run         INTEGER NOT NULL,
  step        INTEGER NOT NULL,
  kind        TEXT NOT NULL,           -- of the step then: routes change, records do not
  person      TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  at          INTEGER NOT NULL,
  note        BLOB
) STRICT;
CREATE INDEX approvals_item ON approvals(item, run);

CREATE TABLE clearances (
  seq         INTEGER PRIMARY KEY,
  item        INTEGER NOT NULL REFERENCES items(n),
  run         INTEGER NOT NULL,
  revision    INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  conclusion  TEXT NOT NULL,
  ground      TEXT,
  reviewer    TEXT NOT NULL,
  form_no     TEXT NOT NULL UNIQUE,
  opinion     BLOB,
  authority   BLOB,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX clearances_item ON clearances(item);

CREATE TABLE publications (
  seq         INTEGER NOT NULL,
  item        INTEGER NOT NULL REFERENCES items(n),
  event       TEXT NOT NULL,           -- publish, correct, withdraw, expire
  revision    INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  cause       TEXT NOT NULL,
  due_by      INTEGER,
  run         INTEGER NOT NULL,
  columns     TEXT NOT NULL,
  note        BLOB,
  PRIMARY KEY (seq, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX publications_item ON publications(item);

CREATE TABLE live_columns (
  column_ TEXT NOT NULL REFERENCES columns(id),
  live_at INTEGER NOT NULL,
  item    INTEGER NOT NULL REFERENCES items(n),
  PRIMARY KEY (column_, live_at, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX live_columns_item ON live_columns(item);

CREATE TABLE comments (
  seq        INTEGER PRIMARY KEY,
  item       INTEGER NOT NULL REFERENCES items(n),
  person     TEXT NOT NULL,
  at         INTEGER NOT NULL,
  body       BLOB NOT NULL,
  answers    INTEGER,                -- the comment that began the thread
  revision   INTEGER,                -- with place, from_, to_: the passage, in code points
  place      TEXT,
  from_      INTEGER,
  to_        INTEGER,
  settled    INTEGER,                -- entry that settled the thread
  settled_by TEXT
) STRICT;
CREATE INDEX comments_item ON comments(item);

-- Findings that stay, by name and reason.
CREATE TABLE waivers (
  seq      INTEGER PRIMARY KEY,
  item     INTEGER NOT NULL REFERENCES items(n),
  revision INTEGER NOT NULL,
  class    TEXT NOT NULL,
  severity TEXT NOT NULL,
  person   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  passage  BLOB NOT NULL,
  note     BLOB NOT NULL,
  ended    INTEGER                   -- entry that took it back
) STRICT;
CREATE INDEX waivers_item ON waivers(item);

-- What belongs to a policy.
CREATE TABLE relations (
  item     INTEGER NOT NULL REFERENCES items(n),
  other    INTEGER NOT NULL REFERENCES items(n),
  relation TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  PRIMARY KEY (item, other, relation)
) STRICT, WITHOUT ROWID;
CREATE INDEX relations_other ON relations(other);
CREATE INDEX relations_seq ON relations(seq);

-- Relations that were taken back: pages still name the other until they are made anew.
CREATE TABLE unrelated (
  seq      INTEGER PRIMARY KEY,
  item     INTEGER NOT NULL REFERENCES items(n),
  other    INTEGER NOT NULL REFERENCES items(n),
  relation TEXT NOT NULL
) STRICT;

-- Whether a policy still holds.
CREATE TABLE validities (
  item     INTEGER PRIMARY KEY REFERENCES items(n),
  validity TEXT NOT NULL,
  since    INTEGER,
  seq      INTEGER NOT NULL,
  note     BLOB NOT NULL
) STRICT;

-- What came from another site.
CREATE TABLE copies (
  item        INTEGER PRIMARY KEY REFERENCES items(n),
  source      INTEGER NOT NULL REFERENCES items(n),
  fingerprint BLOB NOT NULL,
  seq         INTEGER NOT NULL
) STRICT;
CREATE INDEX copies_source ON copies(source);

-- What must be looked at again, and why.
CREATE TABLE flags (
  item    INTEGER NOT NULL REFERENCES items(n),
  seq     INTEGER NOT NULL,
  cause   TEXT NOT NULL,
  about   INTEGER NOT NULL REFERENCES items(n),
  involved TEXT NOT NULL,              -- who had a hand in what went out ahead of its reviews
  at      INTEGER NOT NULL,
  settled INTEGER,
  settled_by TEXT,
  outcome TEXT,
  note    BLOB,
  PRIMARY KEY (item, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX flags_open ON flags(at) WHERE settled IS NULL;

-- Where versions for other channels were posted by hand.
CREATE TABLE postings (
  seq         INTEGER PRIMARY KEY,
  item        INTEGER NOT NULL REFERENCES items(n),
  fingerprint BLOB NOT NULL,
  person      TEXT NOT NULL,
  at          INTEGER NOT NULL,
  note        BLOB NOT NULL
) STRICT;
CREATE INDEX postings_item ON postings(item);

-- The lists the board keeps; of each kind the newest is in force.
CREATE TABLE lists (
  seq       INTEGER PRIMARY KEY,
  kind      TEXT NOT NULL,
  rows_     INTEGER NOT NULL,
  body      BLOB NOT NULL,
  proposer  TEXT NOT NULL,
  confirmer TEXT NOT NULL,
  at        INTEGER NOT NULL
) STRICT;
CREATE INDEX lists_kind ON lists(kind, seq);

CREATE TABLE bundles (
  n       INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  state   TEXT NOT NULL,
  due     INTEGER,
  due_by  INTEGER,
  owner   TEXT NOT NULL,
  name    BLOB NOT NULL,
  base    INTEGER NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
CREATE INDEX bundles_due ON bundles(due) WHERE due IS NOT NULL;

CREATE TABLE bundle_items (
  bundle   INTEGER NOT NULL REFERENCES bundles(n),
  position INTEGER NOT NULL,
  item     INTEGER NOT NULL REFERENCES items(n),
  PRIMARY KEY (bundle, position)
) STRICT, WITHOUT ROWID;

-- Which entries are about which item: the index behind every history.
CREATE TABLE entry_items (
  item INTEGER NOT NULL,
  seq  INTEGER NOT NULL,
  PRIMARY KEY (item, seq)
) STRICT, WITHOUT ROWID;

-- Counts by column and state, kept as they change, so that a desk of 100,000 items opens at once.
CREATE TABLE tallies (
  home  TEXT NOT NULL,
  state TEXT NOT NULL,
  n     INTEGER NOT NULL,
  PRIMARY KEY (home, state)
) STRICT, WITHOUT ROWID;
