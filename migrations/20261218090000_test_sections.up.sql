SET LOCAL lock_timeout = '10s';
-- Sections of tests made by hand, with their rules.
ALTER TABLE class_tests
    ADD COLUMN sections jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(sections) = 'array');
COMMENT ON COLUMN class_tests.sections IS
    'As in quizzes, in the order of the test: labels and rules. Each question says in which it stands.';
