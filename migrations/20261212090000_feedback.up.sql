-- When a pupil is told whether answers are right: at the end, or question by question. The words are Moodle's.
ALTER TABLE quizzes ADD COLUMN feedback text NOT NULL DEFAULT 'deferred' CHECK (feedback IN ('deferred', 'immediate'));
-- With immediate feedback: when the pupil was told. The answer stays as it was then.
ALTER TABLE attempt_answers ADD COLUMN checked_at timestamptz;
