-- The school ends an exam, and can undo that for some minutes: until then its clock stands still.
ALTER TABLE attempts
    ADD COLUMN ending_at timestamptz,
    ADD CONSTRAINT attempts_ending_is_paused CHECK (ending_at IS NULL OR paused_at IS NOT NULL);
COMMENT ON COLUMN attempts.ending_at IS 'The school has ended it at paused_at: it is handed in now, unless it is resumed before.';
-- Every page of a pupil links to an open exam.
CREATE INDEX ix_attempts_open ON attempts (user_id) WHERE submitted_at IS NULL;
CREATE INDEX ix_attempts_ending ON attempts (ending_at) WHERE ending_at IS NOT NULL;

DROP TRIGGER attempts_tell ON attempts;
CREATE TRIGGER attempts_tell AFTER UPDATE OF deadline_at, paused_at, ending_at, submitted_at, holder ON attempts
    FOR EACH ROW EXECUTE FUNCTION attempts_tell();

ALTER TABLE attempt_events DROP CONSTRAINT attempt_events_kind_check;
ALTER TABLE attempt_events ADD CONSTRAINT attempt_events_kind_check CHECK
    (kind IN ('connected', 'disconnected', 'moved', 'time_added', 'paused', 'resumed', 'ended', 'closed'));

-- What a pupil had no time for because the school ended the exam early says nothing of what the pupil knows.
CREATE OR REPLACE VIEW scored_answers AS
    SELECT r.attempt_id, a.user_id, r.question_id, r.topic_id, r.earned, r.possible, r.verdict = 'blank' AS is_blank,
           a.submitted_at AS at, coalesce(a.learnt_at, a.submitted_at) AS learnt_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE a.submitted_at IS NOT NULL AND r.verdict <> 'unmarked' AND r.possible > 0
       AND (r.counts AND a.closed_by IS DISTINCT FROM 'school' OR r.verdict <> 'blank')
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank');
