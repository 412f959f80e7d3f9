DROP VIEW progress;
CREATE VIEW progress AS
    SELECT a.user_id,
           r.topic_id,
           count(*) AS answers,
           sum(r.earned) AS earned,
           sum(r.possible) AS possible,
           max(a.submitted_at) AS last_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE r.counts AND r.topic_id IS NOT NULL
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank')
     GROUP BY a.user_id, r.topic_id;
DROP FUNCTION fading;
ALTER TABLE questions DROP COLUMN made_from;
ALTER TABLE quizzes DROP COLUMN note;
ALTER TABLE levels DROP COLUMN exam_on;
