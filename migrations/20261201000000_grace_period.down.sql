DROP TABLE attempts_to_mark;
ALTER TABLE attempt_journal DROP COLUMN in_grace;
COMMENT ON COLUMN attempt_journal.written_at IS 'By the device''s clock: for people to read, nothing is decided by it.';
COMMENT ON COLUMN attempt_journal.late IS 'Came when the attempt was over: kept, not marked.';
