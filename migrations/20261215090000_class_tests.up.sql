-- Tests that teachers make by hand from the questions of published papers, to set to classes.
CREATE TABLE class_tests (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    title text NOT NULL CHECK (title <> ''),
    level text NOT NULL REFERENCES levels (code),
    questions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(questions) = 'array'),
    made_by uuid REFERENCES users (id) ON DELETE SET NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN class_tests.questions IS
    'Copies of questions with their parts, as in quiz_questions, in the order and with the marks of the test.';
CREATE INDEX ix_class_tests_level ON class_tests (level, changed_at DESC);
CREATE INDEX ix_class_tests_made_by ON class_tests (made_by);

-- THE rule: a test is the school's, like a paper, and seen by staff of its level. Pupils see their quizzes made from it.
CREATE FUNCTION visible_class_test_ids(viewer uuid) RETURNS TABLE (id uuid) LANGUAGE sql STABLE AS $$
    SELECT t.id
      FROM users u, class_tests t
     WHERE u.id = viewer AND u.is_active
       AND (u.role = 'admin'
            OR (u.role = 'teacher'
                AND t.level IN (SELECT c.level FROM class_teachers k JOIN classes c ON c.id = k.class_id
                                 WHERE k.user_id = viewer)))
$$;

ALTER TABLE assignments
    ADD COLUMN test_id uuid REFERENCES class_tests (id) ON DELETE CASCADE,
    ADD COLUMN shuffled boolean NOT NULL DEFAULT false,
    ADD COLUMN results_when_due boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT assignments_of_one_thing,
    ADD CONSTRAINT assignments_of_one_thing CHECK (num_nonnulls(document_id, topic_id, test_id) = 1),
    ADD CONSTRAINT assignments_shuffle_no_papers CHECK (NOT shuffled OR document_id IS NULL),
    DROP CONSTRAINT assignments_set_once,
    ADD CONSTRAINT assignments_set_once
        EXCLUDE USING gist (class_id WITH =, (coalesce(document_id, topic_id, test_id)) WITH =,
                            tstzrange(opens_at, due_at) WITH &&)
        WHERE (withdrawn_at IS NULL);
COMMENT ON COLUMN assignments.shuffled IS 'Each pupil gets the questions in an order of their own.';
COMMENT ON COLUMN assignments.results_when_due IS 'Pupils see their marks and the answers when it is due, not when they hand in.';
CREATE INDEX ix_assignments_test_id ON assignments (test_id);

ALTER TABLE quizzes
    ADD COLUMN test_id uuid REFERENCES class_tests (id) ON DELETE SET NULL,
    ADD COLUMN results_at timestamptz;
COMMENT ON COLUMN quizzes.test_id IS 'The test that it is a copy of.';
COMMENT ON COLUMN quizzes.results_at IS 'From when its pupil sees the marks; NULL: when it is handed in.';
CREATE INDEX ix_quizzes_test_id ON quizzes (test_id) WHERE test_id IS NOT NULL;

-- THE rule: until when a quiz holds its marks and keys back from its pupil, NULL if it does not (any more): until its time,
-- and while somebody to whom the same was set still sits it, with extra time or after a pause.
CREATE FUNCTION results_held_until(results_at timestamptz, assignment uuid) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN results_at > now() THEN results_at
                WHEN results_at IS NOT NULL THEN
                    (SELECT greatest(max(a.deadline_at), now())
                       FROM quizzes z JOIN attempts a ON a.quiz_id = z.id
                      WHERE z.assignment_id = assignment AND a.submitted_at IS NULL
                     HAVING count(*) > 0)
           END
$$;

-- How often a question was answered right.
CREATE INDEX ix_attempt_answers_question_id ON attempt_answers (question_id) WHERE verdict IS NOT NULL;
