-- When a pupil is told whether answers are right: at the end, or question by question. The words are Moodle's.
ALTER TABLE quizzes ADD COLUMN feedback text NOT NULL DEFAULT 'deferred' CHECK (feedback IN ('deferred', 'immediate'));
-- With immediate feedback: when the pupil was told. The answer stays as it was then.
ALTER TABLE attempt_answers ADD COLUMN checked_at timestamptz;

-- Who asks for the answer to a question has said that they do not know it, even if that is all they did.
CREATE OR REPLACE VIEW scored_answers AS
    SELECT r.attempt_id, a.user_id, r.question_id, r.topic_id, r.earned, r.possible, r.verdict = 'blank' AS is_blank,
           a.submitted_at AS at, coalesce(a.learnt_at, a.submitted_at) AS learnt_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE a.submitted_at IS NOT NULL AND r.verdict <> 'unmarked' AND r.possible > 0
       AND (r.counts AND a.closed_by IS DISTINCT FROM 'school' OR r.verdict <> 'blank')
       AND EXISTS (SELECT FROM attempt_answers o
                    WHERE o.attempt_id = a.id AND (o.verdict <> 'blank' OR o.checked_at IS NOT NULL));
