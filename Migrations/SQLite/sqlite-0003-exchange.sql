-- A row for each token that was ever exchanged: who exchanges it now, what is known of the newest exchange, and what that
-- brought. The log vouches for none of it: who removes it takes away the knowledge that an answer was lost, and no token.

CREATE TABLE exchange (
  item BLOB NOT NULL PRIMARY KEY REFERENCES item (id),
  fence INTEGER NOT NULL,          -- number of the newest exchange of this token
  owner BLOB,                      -- the process that has it under way; NULL for none
  beat INTEGER NOT NULL,           -- counts on while that process lives
  journal BLOB,                    -- sealed: what was sent, and how it ended
  access_token BLOB                -- sealed: what the last one brought
) STRICT, WITHOUT ROWID;
