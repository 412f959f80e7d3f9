CREATE OR REPLACE VIEW scored_answers AS
    SELECT r.attempt_id, a.user_id, r.question_id, r.topic_id, r.earned, r.possible, r.verdict = 'blank' AS is_blank,
           a.submitted_at AS at, coalesce(a.learnt_at, a.submitted_at) AS learnt_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE a.submitted_at IS NOT NULL AND r.verdict <> 'unmarked' AND r.possible > 0
       AND (r.counts OR r.verdict <> 'blank')
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank');

UPDATE attempt_events SET kind = 'closed' WHERE kind = 'ended';
ALTER TABLE attempt_events DROP CONSTRAINT attempt_events_kind_check;
ALTER TABLE attempt_events ADD CONSTRAINT attempt_events_kind_check CHECK
    (kind IN ('connected', 'disconnected', 'moved', 'time_added', 'paused', 'resumed', 'closed'));

-- What is ending stays paused.
DROP TRIGGER attempts_tell ON attempts;
CREATE TRIGGER attempts_tell AFTER UPDATE OF deadline_at, paused_at, submitted_at, holder ON attempts
    FOR EACH ROW EXECUTE FUNCTION attempts_tell();
DROP INDEX ix_attempts_ending;
DROP INDEX ix_attempts_open;
ALTER TABLE attempts DROP CONSTRAINT attempts_ending_is_paused, DROP COLUMN ending_at;
