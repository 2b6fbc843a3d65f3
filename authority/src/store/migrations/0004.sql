-- Sign-in by the authorization code flow: pushed requests, codes, keys that tokens are bound to, and
-- licenses that wait for a clerk. Times are Unix seconds; secrets stand here only as digests.

-- Apps in which a driver may sign in. `vidimus-cli` is always one, and has no row.
CREATE TABLE clients (
    id    TEXT PRIMARY KEY,
    added INTEGER NOT NULL
) STRICT;
CREATE TABLE client_redirects (
    client TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    uri    TEXT NOT NULL,          -- as it is compared; on loopback without its port
    PRIMARY KEY (client, uri)
) STRICT, WITHOUT ROWID;
CREATE TABLE client_links (       -- apps that open this authority's https addresses
    client   TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    platform TEXT NOT NULL CHECK (platform IN ('android', 'apple')),
    app      TEXT NOT NULL,        -- the package, or TEAM.BUNDLE
    digest   TEXT NOT NULL,        -- SHA-256 of the package's certificate, with colons; '' for apple
    PRIMARY KEY (client, platform, app, digest)
) STRICT, WITHOUT ROWID;

-- A pushed authorization request (RFC 9126), and how it ended. Goes two days after it was made.
CREATE TABLE requests (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    uri          BLOB NOT NULL UNIQUE,  -- digest of the request_uri
    client       TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,         -- with the port that was asked for
    state        TEXT,                  -- the client's own
    challenge    BLOB NOT NULL,         -- SHA-256 of the verifier (RFC 7636)
    jkt          BLOB NOT NULL,         -- thumbprint of the key that its code is bound to (RFC 9449)
    locales      TEXT,
    details      INTEGER NOT NULL,      -- asked by authorization_details
    made         INTEGER NOT NULL,
    expires      INTEGER NOT NULL,      -- until when it can be opened
    opened       INTEGER,               -- when a browser opened it
    ended        INTEGER,               -- when the driver agreed or refused
    error        TEXT                   -- refused: the error that the client was told
) STRICT;
CREATE INDEX requests_unopened ON requests (expires) WHERE opened IS NULL;
CREATE INDEX requests_by_age ON requests (made);

-- The code of a request to which a driver agreed. It is derived from the request, so that it can be
-- told again; without the key and the verifier of the request it is good for nothing.
CREATE TABLE codes (
    code     BLOB PRIMARY KEY,
    request  INTEGER NOT NULL UNIQUE REFERENCES requests (id) ON DELETE CASCADE,
    license  TEXT NOT NULL REFERENCES licenses (id),
    mode     TEXT NOT NULL CHECK (mode IN ('first', 'replace', 'beside')),
    replaces INTEGER,
    made     INTEGER NOT NULL,
    expires  INTEGER NOT NULL,     -- until when it can be redeemed first
    redeemed INTEGER,              -- when it was redeemed first
    grant_id INTEGER,              -- what it was redeemed for
    void     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX codes_of_license ON codes (license);

-- The key to which all tokens of a grant are bound (RFC 9449), fixed by the first redemption; NULL: they are
-- bearer tokens.
ALTER TABLE grants ADD COLUMN jkt BLOB;
-- Asked by authorization_details: token answers name the credential (OpenID4VCI 1.0, section 6.2).
ALTER TABLE grants ADD COLUMN details INTEGER NOT NULL DEFAULT 0;

-- Proofs of possession that were shown, by key and `jti`, while their nonce is good.
CREATE TABLE used_jti (
    id      BLOB PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_jti_by_end ON used_jti (expires);

-- A clerk looks at a license's photo or papers. While the last one of either kind waits or was refused, no
-- phone gets the license that does not have it. `closed`: another one took its place, or the license ended.
CREATE TABLE reviews (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    license   TEXT NOT NULL REFERENCES licenses (id),
    kind      TEXT NOT NULL CHECK (kind IN ('photo', 'papers')),
    made      INTEGER NOT NULL,
    roadside  BLOB,                -- digests of the picture, while it waits or was refused
    submitted BLOB,
    state     TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'accepted', 'refused', 'closed')),
    reason    TEXT,                -- refused: a code, and the clerk's words
    words     TEXT,
    by        TEXT,
    decided   INTEGER
) STRICT;
CREATE UNIQUE INDEX one_waiting_review_a_license ON reviews (license) WHERE state = 'waiting';
CREATE INDEX reviews_of_license ON reviews (license, kind, id);
CREATE INDEX reviews_waiting ON reviews (id) WHERE state = 'waiting';
CREATE INDEX reviews_by_roadside ON reviews (roadside) WHERE roadside IS NOT NULL;
CREATE INDEX reviews_by_submitted ON reviews (submitted) WHERE submitted IS NOT NULL;

-- A credential that was asked for while a review waits (OpenID4VCI 1.0, section 9). The transaction id is
-- derived from `salt`, so that it can be told again.
CREATE TABLE deferrals (
    grant_id   INTEGER PRIMARY KEY REFERENCES grants (id) ON DELETE CASCADE,
    id         BLOB NOT NULL UNIQUE,  -- digest of the transaction id
    salt       BLOB NOT NULL,
    holder_key BLOB NOT NULL,         -- COSE_Key
    made       INTEGER NOT NULL
) STRICT;
