ALTER TABLE quizzes DROP COLUMN assignment_id;
DROP TABLE assignments;
