-- How sure each mark is, and marks that a person gives where the program is not sure or marks nothing.
ALTER TABLE attempt_answers
    ADD COLUMN certainty text CHECK (certainty IN ('exact', 'equal', 'slip', 'near'));
COMMENT ON COLUMN attempt_answers.certainty IS
    'How sure the verdict is; a person decides on what is near. Null for what was marked before this was kept: final.';
CREATE INDEX ix_attempt_answers_unsure ON attempt_answers (question_id) WHERE certainty = 'near';

CREATE TABLE mark_overrides (
    attempt_id uuid NOT NULL,
    question_id uuid NOT NULL,
    answer text[] NOT NULL,
    marks double precision NOT NULL CHECK (marks >= 0),
    note text NOT NULL,
    by_user uuid REFERENCES users (id) ON DELETE SET NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (attempt_id, question_id),
    FOREIGN KEY (attempt_id, question_id) REFERENCES attempt_answers (attempt_id, question_id) ON DELETE CASCADE
);
COMMENT ON TABLE mark_overrides IS
    'Marks that a person gave an answer. They stay when an attempt is marked again, unless the answer is another by then.';
CREATE INDEX ix_mark_overrides_question_id ON mark_overrides (question_id);
CREATE INDEX ix_mark_overrides_by_user ON mark_overrides (by_user);

-- A variant has the id of its question, but other numbers and another key.
CREATE FUNCTION is_variant(quiz uuid, question uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM quiz_questions q
                    WHERE q.quiz_id = quiz
                      AND jsonb_path_exists(q.question, '$.** ? (@.id == $id).made_from ? (@.what == "question")',
                                            jsonb_build_object('id', question)))
$$;
