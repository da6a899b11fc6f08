-- Members who have seen the log lead on to a checkpoint, and signed that: each is named in a log entry by its SHA-256.

CREATE TABLE cosignature (
  entry INTEGER NOT NULL PRIMARY KEY,      -- position of the log entry that records it
  size INTEGER NOT NULL,                   -- of the checkpoint
  signer BLOB NOT NULL,
  time INTEGER NOT NULL,                   -- seconds since 1970, signed with it
  signature BLOB NOT NULL
) STRICT;
