-- Papers and other PDFs, who may see them, and the work of reading them.

CREATE TABLE subjects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    level varchar(16) NOT NULL REFERENCES levels (code),
    name text NOT NULL CHECK (name <> ''),
    UNIQUE (level, name)
);

CREATE TABLE topics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subject_id uuid NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    position integer NOT NULL,
    keywords text[] NOT NULL DEFAULT '{}',
    source text NOT NULL DEFAULT '',
    confidence text NOT NULL DEFAULT 'medium' CHECK (confidence IN ('low', 'medium', 'high')),
    UNIQUE (subject_id, name)
);

CREATE TABLE document_files (
    content_hash bytea PRIMARY KEY CHECK (octet_length(content_hash) = 32),
    bytes bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE document_files IS 'The uploaded bytes, once for each content (SHA-256), so that one backup is a whole backup.';
-- A PDF is compressed already.
ALTER TABLE document_files ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE page_images (
    content_hash bytea NOT NULL REFERENCES document_files (content_hash) ON DELETE CASCADE,
    name text NOT NULL,
    image bytea NOT NULL,
    PRIMARY KEY (content_hash, name)
);
COMMENT ON TABLE page_images IS 'Cache of rendered pages and crops; may be emptied at any time.';
ALTER TABLE page_images ALTER COLUMN image SET STORAGE EXTERNAL;

CREATE TABLE documents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    filename text NOT NULL CHECK (length(filename) BETWEEN 1 AND 255),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    kind text NOT NULL DEFAULT 'exam_paper'
        CHECK (kind IN ('exam_paper', 'marking_scheme', 'syllabus', 'textbook', 'notes', 'other')),
    uploaded_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    level varchar(16) REFERENCES levels (code),
    subject_id uuid REFERENCES subjects (id),
    year integer CHECK (year BETWEEN 1950 AND 2100),
    is_personal boolean NOT NULL DEFAULT false,
    is_shared boolean NOT NULL DEFAULT false,
    is_archived boolean NOT NULL DEFAULT false,
    scheme_of uuid REFERENCES documents (id) ON DELETE CASCADE,
    content_hash bytea REFERENCES document_files (content_hash),
    size_bytes bigint NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'reading', 'ready', 'failed')),
    pages_read integer NOT NULL DEFAULT 0,
    page_count integer NOT NULL DEFAULT 0,
    failure text,
    paper jsonb,
    published_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (is_personal OR level IS NOT NULL),
    CHECK ((kind = 'marking_scheme') OR scheme_of IS NULL),
    CHECK ((status = 'failed') = (failure IS NOT NULL))
);
COMMENT ON COLUMN documents.paper IS 'Cover, sections, page sizes and warnings as read; the questions are rows of their own.';
COMMENT ON COLUMN documents.published_at IS 'Pupils see a designated document from then on.';
CREATE INDEX ix_documents_is_personal ON documents (is_personal);
CREATE INDEX ix_documents_is_shared ON documents (is_shared);
CREATE INDEX ix_documents_is_archived ON documents (is_archived);
CREATE INDEX ix_documents_uploaded_by ON documents (uploaded_by, created_at DESC);
CREATE INDEX ix_documents_level ON documents (level, subject_id, year DESC) WHERE NOT is_personal AND NOT is_archived;
CREATE INDEX ix_documents_scheme_of ON documents (scheme_of);
CREATE INDEX ix_documents_content_hash ON documents (content_hash);

CREATE TABLE document_shares (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    shared_with_user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_document_share UNIQUE (document_id, shared_with_user_id)
);
CREATE INDEX ix_document_shares_shared_with ON document_shares (shared_with_user_id);

-- documents.is_shared is the database's own business: it follows document_shares.
CREATE FUNCTION document_shares_set_is_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents d
       SET is_shared = EXISTS (SELECT FROM document_shares s WHERE s.document_id = d.id)
     WHERE d.id = coalesce(NEW.document_id, OLD.document_id);
    RETURN NULL;
END $$;
CREATE TRIGGER document_shares_is_shared AFTER INSERT OR DELETE ON document_shares
    FOR EACH ROW EXECUTE FUNCTION document_shares_set_is_shared();

-- THE rule. No other statement decides who may see a document:
-- an admin sees all; a pupil what is theirs, what is shared with them, and what is published for their level.
-- A level's marking schemes are the school's. Nothing archived, but to its owner and to admins.
CREATE FUNCTION visible_document_ids(viewer uuid) RETURNS TABLE (id uuid) LANGUAGE sql STABLE AS $$
    SELECT d.id
      FROM documents d
      JOIN users u ON u.id = viewer AND u.is_active
     WHERE u.role = 'admin'
        OR d.uploaded_by = viewer
        OR (NOT d.is_archived
            AND (EXISTS (SELECT FROM document_shares s
                          WHERE s.document_id = d.id AND s.shared_with_user_id = viewer)
                 OR (NOT d.is_personal
                     AND d.level = u.education_level
                     AND d.published_at IS NOT NULL
                     AND d.kind <> 'marking_scheme')))
$$;

CREATE TABLE jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('read_document')),
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    run_after timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE jobs IS
    'Work to do. A worker holds its row locked (FOR UPDATE SKIP LOCKED) and deletes it when done: '
    'when a worker dies, so does its lock, and another takes the row.';
CREATE INDEX ix_jobs_run_after ON jobs (run_after);
