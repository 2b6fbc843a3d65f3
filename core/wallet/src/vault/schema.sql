-- The vault's schema as it stands after all migrations. Read this; a test holds it against them.

CREATE TABLE header (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    vault_id    BLOB    NOT NULL,
    wrapped_key BLOB    NOT NULL
) STRICT;

CREATE TABLE sealed_row (
    row     INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    sealed  BLOB    NOT NULL
) STRICT;

CREATE TABLE activity (
    sequence INTEGER PRIMARY KEY,
    sealed   BLOB NOT NULL
) STRICT;
