-- Retention: personal data of a license that ended is deleted after a while.

-- Days after the end of a license; NULL: its data is kept for good. A home of before keeps everything until a
-- clerk has set it.
ALTER TABLE authority ADD COLUMN retention INTEGER;
-- A shorter retention deletes nothing before this time: an hour in which a slip can be taken back.
ALTER TABLE authority ADD COLUMN retention_from INTEGER NOT NULL DEFAULT 0;
-- Keys the form in which numbers are compared, so that it can outlive the number. Made when the home is opened.
ALTER TABLE authority ADD COLUMN number_secret BLOB;
-- By when the database file is to be written anew, for copies of what was deleted may be left between the rows;
-- NULL: nothing was deleted since.
ALTER TABLE authority ADD COLUMN rewrite_at INTEGER;

-- Of a license whose data was deleted: when to look whether anything still counts against its number.
ALTER TABLE licenses ADD COLUMN look_again INTEGER;
CREATE INDEX licenses_to_forget ON licenses (ended) WHERE ended IS NOT NULL AND driver IS NOT NULL;
CREATE INDEX licenses_to_look_at ON licenses (look_again) WHERE look_again IS NOT NULL;
