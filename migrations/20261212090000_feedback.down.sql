-- The answers stay; a practice that is still open gets marked at its end, as an exam.
ALTER TABLE attempt_answers DROP COLUMN checked_at;
ALTER TABLE quizzes DROP COLUMN feedback;
