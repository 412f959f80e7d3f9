-- What a document asks: one row an item, parts under their question.

CREATE TABLE questions (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    parent_id uuid REFERENCES questions (id) ON DELETE CASCADE,
    position integer NOT NULL,
    path text NOT NULL,
    label text NOT NULL,
    section text,
    kind text NOT NULL CHECK (kind IN ('group', 'single', 'multiple', 'true_false', 'numeric', 'short', 'list',
                                       'cloze', 'match', 'order', 'long')),
    text text NOT NULL,
    options jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(options) = 'array'),
    choose integer CHECK (choose > 0),
    marks double precision CHECK (marks >= 0),
    key jsonb,
    topic_id uuid REFERENCES topics (id) ON DELETE SET NULL,
    regions jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(regions) = 'array'),
    figure boolean NOT NULL DEFAULT false,
    confidence real NOT NULL DEFAULT 1 CHECK (confidence BETWEEN 0 AND 1),
    doubts text[] NOT NULL DEFAULT '{}',
    edited_at timestamptz,
    UNIQUE (document_id, position),
    UNIQUE (document_id, path)
);
COMMENT ON COLUMN questions.position IS 'Order in the document, parts after their question.';
CREATE INDEX ix_questions_topic_id ON questions (topic_id);
CREATE INDEX ix_questions_parent_id ON questions (parent_id);
