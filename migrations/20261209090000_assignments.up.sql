-- Papers and quizzes that the school sets to a class.
CREATE TABLE assignments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    class_id uuid NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
    document_id uuid REFERENCES documents (id) ON DELETE CASCADE,
    topic_id uuid REFERENCES topics (id) ON DELETE CASCADE,
    questions integer CHECK (questions BETWEEN 1 AND 50),
    opens_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    minutes integer CHECK (minutes BETWEEN 1 AND 600),
    attempts integer NOT NULL CHECK (attempts BETWEEN 1 AND 10),
    set_by uuid REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT assignments_of_one_thing CHECK (num_nonnulls(document_id, topic_id) = 1),
    CONSTRAINT assignments_count_questions CHECK ((topic_id IS NULL) = (questions IS NULL)),
    CONSTRAINT assignments_open_before_due CHECK (opens_at < due_at)
);
COMMENT ON TABLE assignments IS 'A whole paper, or so many questions of a topic, for a class to sit between two times.';
COMMENT ON COLUMN assignments.minutes IS 'NULL: the time that the paper or its marks give.';
CREATE INDEX ix_assignments_class_id ON assignments (class_id, due_at);
CREATE INDEX ix_assignments_document_id ON assignments (document_id);
CREATE INDEX ix_assignments_topic_id ON assignments (topic_id);
CREATE INDEX ix_assignments_set_by ON assignments (set_by);

ALTER TABLE quizzes ADD COLUMN assignment_id uuid REFERENCES assignments (id) ON DELETE SET NULL;
COMMENT ON COLUMN quizzes.assignment_id IS 'What the school set, if the quiz was made for that.';
CREATE INDEX ix_quizzes_assignment_id ON quizzes (assignment_id) WHERE assignment_id IS NOT NULL;
