SET LOCAL lock_timeout = '10s';
ALTER TABLE quizzes DROP COLUMN calculator;
ALTER TABLE documents DROP COLUMN calculator;
