-- Quizzes over several documents, questions made from notes, and progress that lets older answers fade.

ALTER TABLE levels ADD COLUMN exam_on date;
COMMENT ON COLUMN levels.exam_on IS 'The first day of the next exam, as set; without it the usual one is expected.';

ALTER TABLE quizzes ADD COLUMN note text NOT NULL DEFAULT '';
COMMENT ON COLUMN quizzes.note IS 'What the pupil should know of how it was made.';

ALTER TABLE questions ADD COLUMN made_from jsonb;
COMMENT ON COLUMN questions.made_from IS 'The sentence of notes that it was made from, where no paper asks it.';

CREATE FUNCTION fading(at timestamptz) RETURNS double precision LANGUAGE sql STABLE AS $$
    SELECT power(0.5::double precision, greatest(extract(epoch FROM now() - at)::double precision, 0) / (30 * 86400))
$$;
COMMENT ON FUNCTION fading IS 'What an answer of that time weighs now: half after 30 days.';

DROP VIEW progress;
-- Per pupil and topic. A question left blank counts as wrong, so skipping hides nothing; but an attempt in which nothing
-- at all was answered was only looked at. Marks and weight fade, the number of answers does not.
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
