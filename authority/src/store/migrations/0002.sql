-- Times are Unix seconds. Secrets of wallets stand here only as SHA-256 digests.
-- Revision 2. Nothing was deployed with revision 1; a home of it is refused, unharmed.

CREATE TABLE authority (
    only_one   INTEGER PRIMARY KEY CHECK (only_one = 1),
    issuer     TEXT,               -- NULL until the first `serve` fixes it
    country    TEXT NOT NULL,
    name       TEXT NOT NULL,
    root       BLOB NOT NULL,      -- kid of the root key
    utc_offset INTEGER NOT NULL DEFAULT 0, -- minutes east of UTC of the seat
    devices    INTEGER NOT NULL DEFAULT 2, -- live devices a license may have (`--beside`)
    epoch      INTEGER NOT NULL DEFAULT 0, -- only rises; also beside the keys and in every published head
    lists_from INTEGER NOT NULL DEFAULT 0  -- new indexes come from lists of this number and later (raised by `reconcile`)
) STRICT;

-- keys, clock, publication ---------------------------------------------------------------------
CREATE TABLE signing_keys (
    kid          BLOB PRIMARY KEY,
    purpose      INTEGER NOT NULL,  -- the trust list's number: 1 credential, 2 status
    public       BLOB NOT NULL,     -- COSE_Key
    role         TEXT NOT NULL CHECK (role IN ('next', 'current', 'retired', 'dropped')),
    not_before   INTEGER NOT NULL DEFAULT 0, -- the `iat` of the first trust list that names it
    announced    INTEGER NOT NULL DEFAULT 0, -- wall clock when that list was made; 0: none was yet
    last_iat     INTEGER NOT NULL DEFAULT 0, -- the greatest `iat` that it has signed
    signed_until INTEGER,           -- set when retired
    expires      INTEGER            -- set when retired: end of the last honest object it signed
) STRICT;
CREATE UNIQUE INDEX one_key_a_role ON signing_keys (purpose, role) WHERE role IN ('next', 'current');

CREATE TABLE reader_keys (
    kid        BLOB PRIMARY KEY,
    public     BLOB NOT NULL,
    name       TEXT NOT NULL,
    added      INTEGER NOT NULL,
    not_before INTEGER NOT NULL DEFAULT 0, -- the `iat` of the first trust list that names it; 0: none yet
    expires    INTEGER NOT NULL,
    revoked    INTEGER
) STRICT;

CREATE TABLE clock (             -- of the last signature
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    iat      INTEGER NOT NULL,   -- the greatest ever signed
    wall     INTEGER NOT NULL,
    boot_ms  INTEGER,            -- NULL where the machine has no such clock
    boot_id  TEXT,
    steady_from INTEGER NOT NULL DEFAULT 0 -- what time brings waits until then: the clock has jumped
) STRICT;

CREATE TABLE trust_list (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    serial   INTEGER NOT NULL,   -- claim -70022; 0 is absent
    iat      INTEGER NOT NULL DEFAULT 0, -- of the list that is published
    signed   INTEGER NOT NULL DEFAULT 0, -- wall clock of its signing
    dirty    INTEGER NOT NULL DEFAULT 1
) STRICT;

-- The bundle of one pack. `reserved` is the `iat` of the last one begun: its content is read with it, and
-- whatever list of the pack is signed afterwards is dated later. Where it is not `iat`, nobody finished.
CREATE TABLE bundles (
    pack     INTEGER PRIMARY KEY,
    iat      INTEGER NOT NULL DEFAULT 0,
    reserved INTEGER NOT NULL DEFAULT 0,
    signed   INTEGER NOT NULL DEFAULT 0,
    dirty    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX bundles_by_age ON bundles (signed);
CREATE INDEX bundles_to_sign ON bundles (pack) WHERE dirty = 1 OR reserved <> iat;

-- One micro-list. Number n is pack n / 4096, list n % 4096. `dirty`: the states differ from the published ones.
CREATE TABLE lists (
    number     INTEGER PRIMARY KEY,
    states     BLOB NOT NULL CHECK (length(states) = 256),
    taken      INTEGER NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND 256), -- live and resting slots
    iat        INTEGER NOT NULL DEFAULT 0,   -- of the published signature; 0: never signed
    signed     INTEGER NOT NULL DEFAULT 0,   -- wall clock of that signing
    kid        BLOB,                         -- which key signed it
    dirty      INTEGER NOT NULL DEFAULT 1,
    floor      INTEGER NOT NULL DEFAULT 0,   -- the next `iat` is later than this
    sign_after INTEGER NOT NULL DEFAULT 0    -- a change that need not be signed before this moment (1 to 60 s apart)
) STRICT;
CREATE INDEX lists_by_age ON lists (signed);
CREATE INDEX lists_to_sign ON lists (sign_after) WHERE dirty = 1;
CREATE INDEX lists_with_room ON lists (number) WHERE taken < 256;

-- A slot that is not free. `free_from` NULL while its credential can live or its list is not signed since.
CREATE TABLE slots (
    list      INTEGER NOT NULL REFERENCES lists (number),
    idx       INTEGER NOT NULL CHECK (idx BETWEEN 0 AND 255),
    issuance  INTEGER,             -- NULL once it was released
    released  INTEGER,             -- wall clock when its state went back to 0
    free_from INTEGER,             -- once its list is signed after `released`: that moment + 7 days and 5 minutes
    PRIMARY KEY (list, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX slots_resting ON slots (free_from) WHERE issuance IS NULL;

-- the register ---------------------------------------------------------------------------------
CREATE TABLE blobs (
    digest BLOB PRIMARY KEY,     -- SHA-256
    bytes  BLOB NOT NULL
) STRICT;

CREATE TABLE licenses (
    id         TEXT PRIMARY KEY,
    number     TEXT,               -- personal data; NULL once deleted after retention
    number_key TEXT,               -- how it is compared (`rules/number.rs`), after the name of the form
    added      INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 1,  -- rises with each change of what the credential says
    driver     TEXT,               -- personal data: driver.json
    portrait   BLOB,               -- digest of the roadside portrait
    submitted  BLOB,               -- digest of the portrait as submitted
    ended      INTEGER,            -- `license end`: the number is free
    end_reason TEXT
) STRICT;
CREATE UNIQUE INDEX one_live_license_a_number ON licenses (number_key) WHERE ended IS NULL;
CREATE INDEX licenses_by_number ON licenses (number_key, added);
CREATE INDEX licenses_in_order ON licenses (added, id);
CREATE INDEX licenses_by_portrait ON licenses (portrait);
CREATE INDEX licenses_by_submitted ON licenses (submitted);

CREATE TABLE decisions (
    id      INTEGER PRIMARY KEY,
    event   TEXT NOT NULL UNIQUE,  -- the caller's idempotency key
    license TEXT NOT NULL REFERENCES licenses (id),
    state   INTEGER NOT NULL,      -- wire value
    reason  TEXT,
    begins  INTEGER NOT NULL,
    ends    INTEGER,               -- `until`; NULL: without end
    by      TEXT NOT NULL,
    made    INTEGER NOT NULL,
    lifted  INTEGER,               -- when another decision ended it
    next    INTEGER                -- when it begins or ends by itself next
) STRICT;
CREATE INDEX decisions_of_license ON decisions (license);
CREATE INDEX decisions_that_change ON decisions (next) WHERE next IS NOT NULL;

CREATE TABLE events (             -- append-only; ids and codes, no names
    id      INTEGER PRIMARY KEY,
    key     TEXT UNIQUE,           -- the caller's idempotency key, where it brings one
    at      INTEGER NOT NULL,
    license TEXT,
    device  INTEGER,
    kind    TEXT NOT NULL,
    detail  TEXT
) STRICT;
CREATE INDEX events_of_license ON events (license);

CREATE TABLE offers (
    code      BLOB PRIMARY KEY,
    reference BLOB NOT NULL UNIQUE,
    license   TEXT NOT NULL REFERENCES licenses (id),
    mode      TEXT NOT NULL CHECK (mode IN ('first', 'replace', 'beside')),
    replaces  INTEGER,             -- the device that ends at the new one's first issuance, where one was named
    tx_code   BLOB NOT NULL,
    expires   INTEGER NOT NULL,
    wrong     INTEGER NOT NULL DEFAULT 0,
    redeemed  INTEGER,             -- when it was redeemed first
    grant_id  INTEGER,             -- what it was redeemed for
    void      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX offers_of_license ON offers (license);
CREATE INDEX offers_by_end ON offers (expires);

-- A grant is what one redeemed offer allows: a family of token pairs.
CREATE TABLE grants (
    id         INTEGER PRIMARY KEY,
    license    TEXT NOT NULL REFERENCES licenses (id),
    mode       TEXT NOT NULL,
    replaces   INTEGER,
    made       INTEGER NOT NULL,
    device     INTEGER,            -- set by the first issuance
    void       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX grants_of_license ON grants (license);
-- A pair's tokens are derived from `token_secret` and the code or refresh token that they were given for:
-- an answer that was lost can be given again, and whoever reads the database can derive none.
CREATE TABLE pairs (
    id              INTEGER PRIMARY KEY,
    grant_id        INTEGER NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    parent          INTEGER,                    -- NULL: it came from the code
    ordinal         INTEGER NOT NULL,           -- which child of its parent, from 0
    used            INTEGER NOT NULL DEFAULT 0, -- a credential was issued on it
    spent           INTEGER NOT NULL DEFAULT 0, -- a credential was issued on what came from it
    access          BLOB NOT NULL UNIQUE,
    access_expires  INTEGER NOT NULL,
    turn            INTEGER NOT NULL DEFAULT 0, -- how often its access token was replaced
    refresh         BLOB NOT NULL UNIQUE,
    refresh_expires INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pairs_by_grant ON pairs (grant_id, coalesce(parent, 0), ordinal);
CREATE INDEX pairs_by_age ON pairs (refresh_expires);
CREATE TABLE token_secret (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    secret   BLOB NOT NULL
) STRICT;

CREATE TABLE devices (            -- a holder key and its grant
    id         INTEGER PRIMARY KEY,
    license    TEXT NOT NULL REFERENCES licenses (id),
    holder_key BLOB NOT NULL,      -- COSE_Key
    grant_id   INTEGER NOT NULL,
    added      INTEGER NOT NULL,
    replaceable_until INTEGER NOT NULL, -- until when another key may take its place, unacknowledged
    ended      INTEGER,
    end_state  INTEGER,            -- wire value written into its indexes: Superseded or Revoked
    end_reason TEXT                -- lost, stolen, replaced, retried, idle
) STRICT;
CREATE INDEX devices_of_license ON devices (license);

CREATE TABLE issuances (          -- one credential given to one device
    id           INTEGER PRIMARY KEY,
    license      TEXT NOT NULL REFERENCES licenses (id),
    device       INTEGER NOT NULL REFERENCES devices (id),
    grant_id     INTEGER NOT NULL,
    pair         INTEGER NOT NULL, -- on whose access token it was asked for last
    version      INTEGER NOT NULL, -- of the license's content
    list         INTEGER NOT NULL,
    idx          INTEGER NOT NULL,
    kid          BLOB,             -- NULL until the credential was signed
    iat          INTEGER NOT NULL DEFAULT 0, -- 0 until then
    exp          INTEGER NOT NULL,
    made         INTEGER NOT NULL,
    asked        INTEGER NOT NULL, -- when the nonce of its last request was handed out
    notification BLOB,             -- digest of the notification id
    event        TEXT,             -- what the wallet told last
    acknowledged INTEGER,          -- when it said `credential_accepted`
    supersede_at INTEGER,          -- when its index becomes Superseded, or became so
    own_state    INTEGER,          -- Superseded or Revoked for this index alone
    released     INTEGER NOT NULL DEFAULT 0 -- since when its place is not its own any more; 0: it is
) STRICT;
CREATE INDEX issuances_of_license ON issuances (license);
CREATE INDEX issuances_of_device ON issuances (device);
CREATE INDEX issuances_of_grant ON issuances (grant_id, made);
CREATE INDEX issuances_by_end ON issuances (released, exp);
CREATE INDEX issuances_to_supersede ON issuances (supersede_at) WHERE supersede_at IS NOT NULL AND own_state IS NULL;
CREATE UNIQUE INDEX issuances_by_notification ON issuances (notification);

CREATE TABLE nonce_secrets (
    id     INTEGER PRIMARY KEY,
    secret BLOB NOT NULL,
    made   INTEGER NOT NULL
) STRICT;
CREATE TABLE used_nonces (
    nonce   BLOB PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX used_nonces_by_end ON used_nonces (expires);

-- Places that `reconcile` found taken and that no issuance of this register explains: they are published
-- so until then. `license` where issued.log names one that the register does not know.
CREATE TABLE held (
    list    INTEGER NOT NULL,
    idx     INTEGER NOT NULL,
    license TEXT,
    until   INTEGER NOT NULL,
    PRIMARY KEY (list, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_by_end ON held (until);
