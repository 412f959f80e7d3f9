DROP FUNCTION results_held_until(timestamptz, uuid);
DROP INDEX ix_attempt_answers_question_id;
ALTER TABLE quizzes DROP COLUMN results_at, DROP COLUMN test_id;
DELETE FROM assignments WHERE test_id IS NOT NULL;
ALTER TABLE assignments
    DROP CONSTRAINT assignments_set_once,
    DROP CONSTRAINT assignments_of_one_thing,
    DROP CONSTRAINT assignments_shuffle_no_papers,
    DROP COLUMN results_when_due,
    DROP COLUMN shuffled,
    DROP COLUMN test_id,
    ADD CONSTRAINT assignments_of_one_thing CHECK (num_nonnulls(document_id, topic_id) = 1),
    ADD CONSTRAINT assignments_set_once
        EXCLUDE USING gist (class_id WITH =, (coalesce(document_id, topic_id)) WITH =, tstzrange(opens_at, due_at) WITH &&)
        WHERE (withdrawn_at IS NULL);
DROP FUNCTION visible_class_test_ids;
DROP TABLE class_tests;
