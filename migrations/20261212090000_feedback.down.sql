-- The answers stay; a practice that is still open gets marked at its end, as an exam.
CREATE OR REPLACE VIEW scored_answers AS
    SELECT r.attempt_id, a.user_id, r.question_id, r.topic_id, r.earned, r.possible, r.verdict = 'blank' AS is_blank,
           a.submitted_at AS at, coalesce(a.learnt_at, a.submitted_at) AS learnt_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE a.submitted_at IS NOT NULL AND r.verdict <> 'unmarked' AND r.possible > 0
       AND (r.counts AND a.closed_by IS DISTINCT FROM 'school' OR r.verdict <> 'blank')
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank');
ALTER TABLE attempt_answers DROP COLUMN checked_at;
ALTER TABLE quizzes DROP COLUMN feedback;
