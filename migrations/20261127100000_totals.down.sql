DROP FUNCTION rebuild_totals, add_to_totals, recount_topics;
DROP VIEW progress;
DROP TABLE pupil_totals, topic_totals, document_totals, day_totals;
DROP INDEX ix_attempts_submitted;
DROP VIEW telling_answers;
DROP FUNCTION slot_of, growing;
CREATE FUNCTION fading(at timestamptz) RETURNS double precision LANGUAGE sql STABLE AS $$
    SELECT power(0.5::double precision, greatest(extract(epoch FROM now() - at)::double precision, 0) / (30 * 86400))
$$;
COMMENT ON FUNCTION fading IS 'What an answer of that time weighs now: half after 30 days.';
CREATE VIEW progress AS
    SELECT a.user_id,
           r.topic_id,
           count(*) AS answers,
           sum(fading(a.submitted_at)) AS weight,
           sum(fading(a.submitted_at) * r.earned) AS earned,
           sum(fading(a.submitted_at) * r.possible) AS possible,
           max(a.submitted_at) AS last_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE r.counts AND r.topic_id IS NOT NULL
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank')
     GROUP BY a.user_id, r.topic_id;
