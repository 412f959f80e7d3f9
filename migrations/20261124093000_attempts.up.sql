-- Quizzes, sittings of them, and what they show of a pupil.

CREATE TABLE quizzes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    document_id uuid REFERENCES documents (id) ON DELETE SET NULL,
    mode text NOT NULL CHECK (mode IN ('adaptive', 'topic-focused', 'real-exam')),
    title text NOT NULL,
    minutes integer NOT NULL CHECK (minutes BETWEEN 1 AND 600),
    sections jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(sections) = 'array'),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_quizzes_user_id ON quizzes (user_id);
CREATE INDEX ix_quizzes_document_id ON quizzes (document_id);

CREATE TABLE quiz_questions (
    quiz_id uuid NOT NULL REFERENCES quizzes (id) ON DELETE CASCADE,
    position integer NOT NULL,
    question jsonb NOT NULL,
    PRIMARY KEY (quiz_id, position)
);
COMMENT ON COLUMN quiz_questions.question IS 'The question with its parts as it was when the quiz was made.';

CREATE TABLE attempts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    quiz_id uuid NOT NULL REFERENCES quizzes (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    document_id uuid REFERENCES documents (id) ON DELETE SET NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    deadline_at timestamptz NOT NULL CHECK (deadline_at > started_at),
    submitted_at timestamptz,
    closed_by text CHECK (closed_by IN ('pupil', 'clock')),
    earned double precision,
    possible double precision,
    CHECK ((submitted_at IS NULL) = (closed_by IS NULL)),
    CHECK ((submitted_at IS NULL) = (earned IS NULL)),
    CHECK ((submitted_at IS NULL) = (possible IS NULL)),
    CHECK (earned BETWEEN 0 AND possible)
);
CREATE UNIQUE INDEX attempts_one_open_per_quiz ON attempts (quiz_id) WHERE submitted_at IS NULL;
CREATE INDEX ix_attempts_user_id ON attempts (user_id, started_at DESC);
CREATE INDEX ix_attempts_document_id ON attempts (document_id);
CREATE INDEX ix_attempts_due ON attempts (deadline_at) WHERE submitted_at IS NULL;

CREATE TABLE attempt_answers (
    attempt_id uuid NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    question_id uuid NOT NULL,
    answer text[] NOT NULL DEFAULT '{}',
    saved_at timestamptz NOT NULL DEFAULT now(),
    topic_id uuid REFERENCES topics (id) ON DELETE SET NULL,
    counts boolean NOT NULL DEFAULT false,
    earned double precision,
    possible double precision,
    verdict text CHECK (verdict IN ('right', 'partly', 'wrong', 'blank', 'unmarked')),
    reason text,
    PRIMARY KEY (attempt_id, question_id),
    CHECK ((verdict IS NULL) = (earned IS NULL)),
    CHECK ((verdict IS NULL) = (possible IS NULL)),
    CHECK (earned BETWEEN 0 AND possible)
);
COMMENT ON TABLE attempt_answers IS
    'One row an item: the answer as last saved, and from the closing of the attempt on what it earned. '
    'question_id is the id in the quiz''s own copy, which may outlive the question.';
COMMENT ON COLUMN attempt_answers.counts IS
    'Part of the total: false for what could not be marked, and for a question not chosen in a "choose 3 of 5" section.';
CREATE INDEX ix_attempt_answers_topic_id ON attempt_answers (topic_id) WHERE counts;

-- Per pupil and topic. A question left blank counts as wrong, so skipping hides nothing; but an attempt in which nothing
-- at all was answered was only looked at.
CREATE VIEW progress AS
    SELECT a.user_id,
           r.topic_id,
           count(*) AS answers,
           sum(r.earned) AS earned,
           sum(r.possible) AS possible,
           max(a.submitted_at) AS last_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE r.counts AND r.topic_id IS NOT NULL
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank')
     GROUP BY a.user_id, r.topic_id;
