ALTER TABLE attempt_remarks DROP COLUMN because, DROP COLUMN old_counts;
COMMENT ON TABLE attempt_remarks IS 'What an item had earned, and by which key, before it was marked again.';
