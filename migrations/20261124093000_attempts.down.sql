DROP VIEW progress;
DROP TABLE attempt_answers;
DROP TABLE attempts;
DROP TABLE quiz_questions;
DROP TABLE quizzes;
