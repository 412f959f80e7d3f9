-- Marks that changed after the end of an attempt, because an answer key was corrected: the old ones stay to be seen.

CREATE TABLE attempt_remarks (
    attempt_id uuid NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    question_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    by_user uuid REFERENCES users (id) ON DELETE SET NULL,
    old_key jsonb,
    new_key jsonb,
    old_earned double precision NOT NULL,
    old_possible double precision NOT NULL,
    old_reason text NOT NULL,
    PRIMARY KEY (attempt_id, question_id, at)
);
COMMENT ON TABLE attempt_remarks IS 'What an item had earned, and by which key, before it was marked again.';
