-- Marks change after the end of an attempt for more than a corrected key, and an item may come to count or not to count.
ALTER TABLE attempt_remarks
    ADD COLUMN because text[] NOT NULL DEFAULT '{key}',
    ADD COLUMN old_counts boolean NOT NULL DEFAULT true;
ALTER TABLE attempt_remarks ALTER COLUMN because DROP DEFAULT, ALTER COLUMN old_counts DROP DEFAULT;
COMMENT ON TABLE attempt_remarks IS 'What an item had earned, by which key, and whether it counted, before it was marked again, and why.';
