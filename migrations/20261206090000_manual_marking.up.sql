-- How sure each mark is, and marks that a person gives where the program is not sure or marks nothing.
ALTER TABLE attempt_answers
    ADD COLUMN certainty text CHECK (certainty IN ('exact', 'equal', 'slip', 'near'));
COMMENT ON COLUMN attempt_answers.certainty IS
    'How sure the verdict is; a person decides on what is near. Null for what was marked before this was kept: final.';
CREATE INDEX ix_attempt_answers_unsure ON attempt_answers (question_id) WHERE certainty = 'near';

CREATE TABLE mark_overrides (
    attempt_id uuid NOT NULL,
    question_id uuid NOT NULL,
    marks double precision NOT NULL CHECK (marks >= 0),
    note text NOT NULL,
    by_user uuid REFERENCES users (id) ON DELETE SET NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (attempt_id, question_id),
    FOREIGN KEY (attempt_id, question_id) REFERENCES attempt_answers (attempt_id, question_id) ON DELETE CASCADE
);
COMMENT ON TABLE mark_overrides IS 'Marks that a person gave an answer. They stay when an attempt is marked again.';
CREATE INDEX ix_mark_overrides_by_user ON mark_overrides (by_user);
