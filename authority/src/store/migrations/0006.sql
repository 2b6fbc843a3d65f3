-- The office: its users, what waits for a second one, and the chained audit.

-- Who did it: `machine` for commands on the machine, `server` for what wallets asked and time brought, and
-- `u` and the id of a user of the office.
ALTER TABLE events ADD COLUMN by TEXT NOT NULL DEFAULT 'machine';
CREATE INDEX events_by_editor ON events (license, by) WHERE kind IN ('added', 'edited', 'review_asked');

CREATE TABLE users (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- events name it, so it is not given again
    name        TEXT NOT NULL UNIQUE,  -- personal data of the office's people
    roles       INTEGER NOT NULL,      -- a bit for each role
    made        INTEGER NOT NULL,
    disabled    INTEGER,               -- since when
    passphrase  TEXT,                  -- argon2id, as a PHC string; NULL until it was set up
    totp        BLOB,                  -- the secret of its one-time codes
    totp_step   INTEGER NOT NULL DEFAULT 0, -- the step of the last code that was taken
    set_up      BLOB,                  -- digest of the code with which sign-in is set up, once
    set_up_ends INTEGER,
    certificate BLOB UNIQUE            -- SHA-256 of its client certificate
) STRICT;

CREATE TABLE office_tokens (      -- bearer tokens of users, as digests
    id      INTEGER PRIMARY KEY,
    user    INTEGER NOT NULL REFERENCES users (id),
    digest  BLOB NOT NULL UNIQUE,
    label   TEXT NOT NULL,
    made    INTEGER NOT NULL,
    revoked INTEGER
) STRICT;
CREATE INDEX office_tokens_of_user ON office_tokens (user);

CREATE TABLE office_sessions (    -- signed-in browsers
    digest    BLOB PRIMARY KEY,
    user      INTEGER NOT NULL REFERENCES users (id),
    made      INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    confirmed INTEGER NOT NULL         -- when passphrase and code were given last
) STRICT, WITHOUT ROWID;
CREATE INDEX office_sessions_of_user ON office_sessions (user);
CREATE INDEX office_sessions_by_end ON office_sessions (ends);

CREATE TABLE office_set_ups (     -- a browser that sets up a user's sign-in
    digest BLOB PRIMARY KEY,
    user   INTEGER NOT NULL REFERENCES users (id),
    totp   BLOB NOT NULL,              -- the secret that the page shows
    ends   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE office_tries (       -- wrong sign-ins of the last while
    id   INTEGER PRIMARY KEY,
    who  BLOB NOT NULL,                -- digest of what is counted: a name, or a name and an address
    at   INTEGER NOT NULL
) STRICT;
CREATE INDEX office_tries_of ON office_tries (who, at);

CREATE TABLE proposals (          -- decisions that wait for a second user
    id        INTEGER PRIMARY KEY,
    event     TEXT NOT NULL UNIQUE,    -- of the decision that it becomes
    license   TEXT NOT NULL REFERENCES licenses (id),
    state     INTEGER NOT NULL,        -- wire value
    reason    TEXT,                    -- personal data
    begins    INTEGER,
    ends      INTEGER,
    by        INTEGER NOT NULL REFERENCES users (id),
    made      INTEGER NOT NULL,
    closed    INTEGER,
    outcome   TEXT CHECK (outcome IN ('approved', 'refused', 'withdrawn')),
    closed_by INTEGER REFERENCES users (id)
) STRICT;
CREATE INDEX proposals_open ON proposals (id) WHERE closed IS NULL;
CREATE INDEX proposals_of_license ON proposals (license);

-- One line for each event, in the order of their ids. The line is what the event said when it was sealed.
CREATE TABLE audit (
    event INTEGER PRIMARY KEY,
    line  TEXT NOT NULL,               -- without the chain
    chain BLOB NOT NULL                -- SHA-256 over the chain of the line before and this line
) STRICT;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'append-only'); END;
CREATE TABLE audit_keys (         -- the last one signs what is exported
    id     INTEGER PRIMARY KEY,
    kid    BLOB NOT NULL,
    public BLOB NOT NULL,              -- COSE_Key
    made   INTEGER NOT NULL
) STRICT;
