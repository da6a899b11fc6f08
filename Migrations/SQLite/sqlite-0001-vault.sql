-- Opaque rows: a value is sealed, or it is a random ID, a count, a position in the log, or a hash. docs/FORMAT.md says what is in each.
-- Every column is named in a log entry (itself or its SHA-256) or recomputed from the log, but for pending requests and the table exchange.

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
  key_file INTEGER NOT NULL,       -- what opens the seed: 0 a passphrase, 1 that and a key file, 2 a key file alone
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
  recipient BLOB NOT NULL,         -- a member; 16 zero bytes: sealed under the key of its kind of the epoch sealed_in
  sealed_in INTEGER NOT NULL,      -- the newest epoch when it was sealed, which tells the entry that made it
  epoch INTEGER NOT NULL,          -- of the key in it
  kind INTEGER NOT NULL,           -- 1 vault key, 2 audit key
  sealed BLOB,                     -- NULL once the member lost the right to it
  sha256 BLOB NOT NULL,            -- of what was sealed: the entry's hash over all rows holds where one is destroyed
  PRIMARY KEY (recipient, sealed_in, epoch, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,           -- 1 connector, 2 token
  tag BLOB,                        -- keyed hash of kind and name; NULL once it is retired, so that the name is free
  revision INTEGER NOT NULL,       -- the newest
  generation INTEGER NOT NULL,     -- of the newest data key
  metadata_generation INTEGER NOT NULL,    -- of the newest metadata key
  details INTEGER NOT NULL,        -- position of the entry whose note has the newest details
  UNIQUE (kind, tag)               -- of one kind: a connector under a token's tag takes no token's name
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
  item BLOB NOT NULL REFERENCES item (id),
  revision INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  entry INTEGER NOT NULL,          -- position of the log entry that made this sealed value
  secret BLOB,                     -- NULL once the item is retired
  UNIQUE (item, revision, generation)      -- a rekey keeps the revision, and the value before it stays
) STRICT;

CREATE TABLE envelope (
  item BLOB NOT NULL REFERENCES item (id),
  kind INTEGER NOT NULL,           -- 1 a data key, 2 a metadata key
  generation INTEGER NOT NULL,     -- of that key
  recipient BLOB NOT NULL,         -- a member; 16 zero bytes: a metadata key, sealed to the audit key
  entry INTEGER NOT NULL,          -- position of the log entry that made it
  sealed BLOB,                     -- NULL where it was taken back or replaced: a recipient has one that is not
  sha256 BLOB NOT NULL,            -- of what was sealed: the entry's hash over all its envelopes can be checked for ever
  PRIMARY KEY (item, kind, generation, recipient, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE metadata_key (        -- from the second on: the metadata key before, sealed under this one, so that old notes open
  item BLOB NOT NULL REFERENCES item (id),
  generation INTEGER NOT NULL,
  previous BLOB NOT NULL,
  PRIMARY KEY (item, generation)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (                -- text of an entry, sealed under the item's metadata key of that generation
  entry INTEGER NOT NULL,
  kind INTEGER NOT NULL,           -- 1 details, 2 reason, 3 destination, 4 expiry
  item BLOB NOT NULL REFERENCES item (id),
  generation INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (entry, kind)
) STRICT, WITHOUT ROWID;

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

-- A row for each token that was ever exchanged: who exchanges it now, what is known of the newest exchange, and what that
-- brought. The log vouches for none of it: who removes it takes away the knowledge that an answer was lost, and no token.
CREATE TABLE exchange (
  item BLOB NOT NULL PRIMARY KEY REFERENCES item (id),
  fence INTEGER NOT NULL,          -- number of the newest exchange of this token
  owner BLOB,                      -- the process that has it under way; NULL for none
  beat INTEGER NOT NULL,           -- counts on while that process lives
  journal BLOB,                    -- sealed: what was sent, and how it ended
  generation INTEGER NOT NULL,     -- of the metadata key that seals the journal; 0 where there is none
  access_token BLOB                -- sealed: what the last one brought
) STRICT, WITHOUT ROWID;
