-- Times are Unix seconds. Secrets stand here only as SHA-256 digests.

CREATE TABLE authority (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    issuer   TEXT,               -- NULL until the first `serve` fixes it
    country  TEXT NOT NULL,
    name     TEXT NOT NULL,
    root     BLOB NOT NULL       -- kid of the root key
) STRICT;

CREATE TABLE signing_keys (
    kid        BLOB PRIMARY KEY,
    purpose    INTEGER NOT NULL, -- the trust list's number: 1 credential, 2 status
    public     BLOB NOT NULL,    -- COSE_Key
    not_before INTEGER NOT NULL,
    retired    INTEGER           -- NULL for the one that signs
) STRICT;
CREATE UNIQUE INDEX one_current_key ON signing_keys (purpose) WHERE retired IS NULL;

-- `issued` is the `iat` that the content has, `written` the one of the published file. Where they
-- differ, the file is to be signed and written again; a content never shares an `iat` with another.
CREATE TABLE documents (
    name    TEXT PRIMARY KEY,    -- 'trust' or 'bundle'
    issued  INTEGER NOT NULL,
    written INTEGER NOT NULL
) STRICT;
CREATE TABLE lists (
    number  INTEGER PRIMARY KEY,
    states  BLOB NOT NULL CHECK (length(states) = 256),
    taken   INTEGER NOT NULL CHECK (taken BETWEEN 0 AND 256),
    issued  INTEGER NOT NULL,
    written INTEGER NOT NULL
) STRICT;
CREATE INDEX lists_by_age ON lists (issued);
CREATE INDEX lists_to_write ON lists (number) WHERE issued <> written;
CREATE INDEX lists_with_room ON lists (number) WHERE taken < 256;

CREATE TABLE licenses (
    id       TEXT PRIMARY KEY,
    added    INTEGER NOT NULL,
    list     INTEGER NOT NULL REFERENCES lists (number),
    idx      INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 255),
    driver   TEXT NOT NULL,      -- personal data: driver.json
    portrait BLOB NOT NULL,      -- personal data: a JPEG
    UNIQUE (list, idx)
) STRICT;

CREATE TABLE offers (
    code      BLOB PRIMARY KEY,
    reference BLOB NOT NULL UNIQUE,
    license   TEXT NOT NULL REFERENCES licenses (id),
    tx_code   BLOB NOT NULL,
    expires   INTEGER NOT NULL,
    wrong     INTEGER NOT NULL DEFAULT 0,
    spent     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A grant is what one redeemed offer allows: a family of token pairs, each made from its parent.
CREATE TABLE grants (
    id      INTEGER PRIMARY KEY,
    license TEXT NOT NULL REFERENCES licenses (id),
    void    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE pairs (
    id              INTEGER PRIMARY KEY,
    grant_id        INTEGER NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    parent          INTEGER,
    used            INTEGER NOT NULL DEFAULT 0,
    access          BLOB NOT NULL UNIQUE,
    access_expires  INTEGER NOT NULL,
    refresh         BLOB NOT NULL UNIQUE,
    refresh_expires INTEGER NOT NULL
) STRICT;
CREATE INDEX pairs_by_parent ON pairs (parent);
CREATE INDEX pairs_by_grant ON pairs (grant_id);
CREATE INDEX pairs_by_age ON pairs (refresh_expires);

CREATE TABLE notifications (
    id       BLOB PRIMARY KEY,
    grant_id INTEGER NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    event    TEXT                -- NULL until the wallet told
) STRICT;
CREATE INDEX notifications_by_grant ON notifications (grant_id);
