-- Opaque rows: a value is sealed, or it is a random ID, a count, a position in the log, or a hash. docs/FORMAT.md says what is in each.
-- Every column is named in a log entry (itself or its SHA-256) or recomputed from the log, but for pending requests.

CREATE TABLE migration (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE vault (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  id BLOB NOT NULL,
  audit_key BLOB NOT NULL          -- public half of the newest epoch's audit key: joiners seal their requests to it
) STRICT;

CREATE TABLE member (
  id BLOB NOT NULL PRIMARY KEY,
  passes INTEGER NOT NULL,         -- Argon2id, with memory in bytes
  memory INTEGER NOT NULL,
  salt BLOB NOT NULL,
  key_file INTEGER NOT NULL,       -- 1 where a key file is needed beside the passphrase
  seed BLOB NOT NULL,              -- sealed under the key-encryption key
  request BLOB                     -- the sealed request that was approved; NULL for the founder
) STRICT, WITHOUT ROWID;

CREATE TABLE request (             -- as member, before approval
  id BLOB NOT NULL PRIMARY KEY,
  passes INTEGER NOT NULL,
  memory INTEGER NOT NULL,
  salt BLOB NOT NULL,
  key_file INTEGER NOT NULL,
  seed BLOB NOT NULL,
  request BLOB NOT NULL            -- a signed note, sealed to the audit key
) STRICT, WITHOUT ROWID;

CREATE TABLE key_wrap (
  epoch INTEGER NOT NULL,
  kind INTEGER NOT NULL,           -- 1 vault key, 2 audit key
  recipient BLOB NOT NULL,         -- a member; 16 zero bytes: sealed under the next epoch's key of its kind
  sealed BLOB NOT NULL,
  PRIMARY KEY (epoch, kind, recipient)
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,           -- 1 connector, 2 token
  tag BLOB UNIQUE,                 -- keyed hash of kind and name; NULL once it is retired, so that the name is free
  revision INTEGER NOT NULL,       -- the newest
  generation INTEGER NOT NULL      -- the newest
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
  item BLOB NOT NULL REFERENCES item (id),
  revision INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  entry INTEGER NOT NULL,          -- position of the log entry that made these sealed values
  metadata BLOB NOT NULL,
  secret BLOB NOT NULL,
  UNIQUE (item, revision)
) STRICT;

CREATE TABLE envelope (
  item BLOB NOT NULL REFERENCES item (id),
  generation INTEGER NOT NULL,
  recipient BLOB NOT NULL,         -- a member; 16 zero bytes: the metadata key, sealed to the audit key
  entry INTEGER NOT NULL,          -- position of the log entry that made it
  sealed BLOB,                     -- NULL where it was taken back or replaced: a recipient has one that is not
  sha256 BLOB NOT NULL,            -- of what was sealed: the entry's hash over all its envelopes can be checked for ever
  PRIMARY KEY (item, generation, recipient, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE generation (          -- from the second on: the metadata key before, sealed under this one, so that old notes open
  item BLOB NOT NULL REFERENCES item (id),
  generation INTEGER NOT NULL,
  previous BLOB NOT NULL,
  PRIMARY KEY (item, generation)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (                -- free text of an entry, sealed under the item's metadata key of that generation
  entry INTEGER NOT NULL PRIMARY KEY,
  item BLOB NOT NULL REFERENCES item (id),
  generation INTEGER NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE log_entry (
  position INTEGER NOT NULL PRIMARY KEY,   -- index in the tree, from 0
  epoch INTEGER NOT NULL,                  -- of the vault key that seals it
  sealed BLOB NOT NULL
) STRICT;

CREATE TABLE log_node (            -- roots of complete subtrees; level 0: leaf hashes
  place INTEGER NOT NULL PRIMARY KEY,      -- level * 2^48 + number in its level
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE checkpoint (
  size INTEGER NOT NULL PRIMARY KEY,
  signer BLOB NOT NULL,
  root BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;
