DROP TRIGGER attempts_tell ON attempts;
DROP FUNCTION attempts_tell();
DROP TABLE attempt_moves;
DROP TABLE attempt_events;
DROP TABLE attempt_choices;
-- Before, a row stood only for what was saved or marked.
DELETE FROM attempt_answers WHERE verdict IS NULL AND answer = '{}';
ALTER TABLE attempt_answers DROP COLUMN epoch, DROP COLUMN seq;
DROP TABLE attempt_journal;
DROP TABLE attempt_writers;
DROP INDEX ix_attempts_due;
UPDATE attempts SET closed_by = 'clock' WHERE closed_by = 'school';
ALTER TABLE attempts
    DROP CONSTRAINT attempts_paused_is_open,
    DROP CONSTRAINT attempts_closed_by_check,
    ADD CONSTRAINT attempts_closed_by_check CHECK (closed_by IN ('pupil', 'clock')),
    DROP COLUMN paused_at, DROP COLUMN epoch, DROP COLUMN holder;
CREATE INDEX ix_attempts_due ON attempts (deadline_at) WHERE submitted_at IS NULL;
ALTER TABLE users DROP COLUMN extra_time_percent;
