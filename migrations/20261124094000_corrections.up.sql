-- What persons changed of a reading is kept apart from it, and what pupils report of a question is kept until somebody
-- has looked.

ALTER TABLE documents ADD COLUMN reading jsonb;
COMMENT ON COLUMN documents.reading IS 'The questions as the reader gave them. The rows of questions are these with the corrections applied in turn.';

CREATE TABLE corrections (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    correction jsonb NOT NULL,
    made_by uuid REFERENCES users (id) ON DELETE SET NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    unfit text
);
COMMENT ON COLUMN corrections.unfit IS 'Why it cannot be applied to what is read now.';
CREATE INDEX ix_corrections_document_id ON corrections (document_id, id);

ALTER TABLE questions ADD COLUMN approved boolean NOT NULL DEFAULT false;
ALTER TABLE questions ADD COLUMN needs_look boolean NOT NULL DEFAULT false;
ALTER TABLE questions DROP COLUMN edited_at;
CREATE INDEX ix_questions_needs_look ON questions (document_id) WHERE needs_look;

CREATE TABLE reports (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    path text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('answer', 'text', 'picture', 'other')),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    reported_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    reported_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz
);
CREATE UNIQUE INDEX uq_reports_open ON reports (document_id, path, reported_by) WHERE resolved_at IS NULL;

-- Readings from before are made again: they were not kept.
INSERT INTO jobs (kind, document_id)
SELECT 'read_document', id FROM documents WHERE status = 'ready' AND kind <> 'marking_scheme' AND content_hash IS NOT NULL;
