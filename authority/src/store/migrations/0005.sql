-- Accounts of drivers, and how far each sign-in has come. Everything here goes with the license.

-- Keys the hashes of letters, cookies and what is slowed, and what forms carry against forgery.
CREATE TABLE account_secret (
    only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
    secret   BLOB NOT NULL
) STRICT;

-- A letter's code, once for each license: a newer letter takes the place of the older one.
CREATE TABLE letters (
    license TEXT PRIMARY KEY REFERENCES licenses (id),
    code    TEXT NOT NULL,         -- keyed hash
    made    INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    wrong   INTEGER NOT NULL DEFAULT 0 -- wrong codes that were tried against it
) STRICT;

CREATE TABLE accounts (
    license    TEXT PRIMARY KEY REFERENCES licenses (id),
    made       INTEGER NOT NULL,
    passphrase TEXT NOT NULL,      -- argon2id, as a PHC string
    totp       BLOB NOT NULL,      -- the shared secret of RFC 6238
    step       INTEGER NOT NULL    -- the last time step whose code was taken
) STRICT;

CREATE TABLE sign_ins (
    id         INTEGER PRIMARY KEY,
    session    BLOB NOT NULL UNIQUE, -- digest of the cookie's secret, another one after each proof
    request    INTEGER NOT NULL,   -- the pushed request
    step       TEXT NOT NULL,
    fault      TEXT,               -- what the next page says of the last form
    language   TEXT,               -- chosen by the driver
    locales    TEXT,               -- wanted by the app
    number     TEXT,               -- personal data: as the driver typed it
    license    TEXT,               -- NULL: there is none of this number, which no page tells
    letter     TEXT,               -- the keyed hash of the letter's code that was right
    passphrase TEXT,               -- a new one, until the first code is right
    totp       BLOB,               -- a new secret, until then
    mode       TEXT,               -- what the driver agreed to
    replaces   INTEGER,
    notice     INTEGER NOT NULL DEFAULT 0, -- 1: another person was linked to the license since the last time
    made       INTEGER NOT NULL,
    expires    INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ins_by_end ON sign_ins (expires);
CREATE INDEX sign_ins_of_license ON sign_ins (license);

-- Browsers in which a driver has signed in before. Others' tries do not slow them.
CREATE TABLE known_browsers (
    browser BLOB PRIMARY KEY,      -- digest of the cookie's secret
    license TEXT NOT NULL REFERENCES licenses (id),
    made    INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX known_browsers_of_license ON known_browsers (license);
CREATE INDEX known_browsers_by_end ON known_browsers (expires);

-- Tries, counted by a keyed hash of what is slowed: a number, a known browser or an address.
CREATE TABLE tries (
    who  TEXT PRIMARY KEY,
    next INTEGER NOT NULL          -- when it is even again
) STRICT;
CREATE INDEX tries_by_end ON tries (next);

-- Who signs in at an OpenID provider. `second` links need a clerk, who allows one at a time.
CREATE TABLE oidc_links (
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    license TEXT NOT NULL REFERENCES licenses (id),
    made    INTEGER NOT NULL,
    told    INTEGER NOT NULL DEFAULT 1, -- 0: another link was made since, which its next sign-in is told
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX oidc_links_of_license ON oidc_links (license);
CREATE TABLE oidc_allowed (        -- one more link, allowed by a clerk
    license TEXT PRIMARY KEY REFERENCES licenses (id),
    by      TEXT NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE TABLE oidc_logins (         -- under way at the provider
    state    BLOB PRIMARY KEY,     -- digest
    sign_in  INTEGER NOT NULL REFERENCES sign_ins (id) ON DELETE CASCADE,
    nonce    TEXT NOT NULL,
    verifier TEXT NOT NULL,        -- PKCE
    made     INTEGER NOT NULL
) STRICT;
CREATE INDEX oidc_logins_of_sign_in ON oidc_logins (sign_in);
