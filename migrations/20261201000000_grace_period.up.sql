-- Answers that were written in time and come after the end, for want of a network, count for a while.

ALTER TABLE attempt_journal
    ADD COLUMN in_grace boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT attempt_journal_late_or_in_grace CHECK (NOT (late AND in_grace));
COMMENT ON COLUMN attempt_journal.written_at IS
    'By the server''s clock as the page knew it from its last contact. Decides whether what comes after the end was '
    'written before it.';
COMMENT ON COLUMN attempt_journal.late IS 'Came when the attempt was over, and does not count: kept, not marked.';
COMMENT ON COLUMN attempt_journal.in_grace IS 'Came when the attempt was over, but was written before that: counts.';

CREATE TABLE attempts_to_mark (
    attempt_id uuid PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE
);
COMMENT ON TABLE attempts_to_mark IS 'Closed attempts whose answers have changed since they were marked.';
