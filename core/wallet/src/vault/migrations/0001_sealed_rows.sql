-- One row: what every sealed value of this vault is bound to, and its data key as the device wrapped it.
CREATE TABLE header (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    vault_id    BLOB    NOT NULL,
    wrapped_key BLOB    NOT NULL
) STRICT;

-- Row 0 is the sealed manifest: it names every other row, with its version and its seal's tag, and the
-- activity log's head. Which table of the wallet a row belongs to, and its name there, stand in the
-- manifest alone, so the file tells nobody whose licenses it holds.
CREATE TABLE sealed_row (
    row     INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    sealed  BLOB    NOT NULL
) STRICT;

-- Sealed entries, each of which carries the hash of the one before it.
CREATE TABLE activity (
    sequence INTEGER PRIMARY KEY,
    sealed   BLOB NOT NULL
) STRICT;
