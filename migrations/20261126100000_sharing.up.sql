-- Sharing by address and by code, what becomes of quizzes then, archiving with a reason, and the school's notes on pages.

-- Who may be given another's document: pupils of the same level.
CREATE FUNCTION are_classmates(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM users a JOIN users b ON b.education_level = a.education_level
                    WHERE a.id = one AND b.id = other AND a.id <> b.id AND a.role = 'student' AND b.role = 'student'
                      AND a.is_active AND b.is_active)
$$;

ALTER TABLE document_shares ADD COLUMN invited_as text;
COMMENT ON COLUMN document_shares.invited_as IS
    'The address that the owner wrote, shown to them in the place of the name; NULL: joined by a code.';

CREATE TABLE document_invitations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    email text NOT NULL CHECK (length(email) <= 254),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE document_invitations IS
    'Addresses that no classmate has. To the owner they look like shares, so that sharing tells nobody which addresses '
    'are known; when a classmate comes to have one it becomes a share, with the same id.';
CREATE UNIQUE INDEX uq_document_invitation ON document_invitations (document_id, lower(email));
CREATE INDEX ix_document_invitations_email ON document_invitations (lower(email));

-- Makes shares of a person's invitations, or of the one to a document. The documents are locked first, in order, as
-- whoever changes the shares of a document does, so that nobody waits for each other.
CREATE FUNCTION settle_invitations(who uuid, only_document uuid DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    address text := (SELECT lower(email) FROM users WHERE id = who);
BEGIN
    PERFORM FROM documents d
      WHERE d.id IN (SELECT i.document_id FROM document_invitations i WHERE lower(i.email) = address)
        AND (only_document IS NULL OR d.id = only_document)
      ORDER BY d.id FOR NO KEY UPDATE;
    WITH settled AS (
        DELETE FROM document_invitations i USING documents d
         WHERE d.id = i.document_id AND lower(i.email) = address AND are_classmates(d.uploaded_by, who)
           AND (only_document IS NULL OR d.id = only_document)
           AND NOT EXISTS (SELECT FROM document_shares s WHERE s.document_id = d.id AND s.shared_with_user_id = who)
        RETURNING i.*
    )
    INSERT INTO document_shares (id, document_id, shared_with_user_id, invited_as, created_at)
    SELECT id, document_id, who, email, created_at FROM settled;
END $$;

CREATE FUNCTION users_settle_invitations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM settle_invitations(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER users_settle_invitations AFTER INSERT OR UPDATE OF email, education_level, is_active ON users
    FOR EACH ROW EXECUTE FUNCTION users_settle_invitations();

CREATE TABLE document_codes (
    document_id uuid PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    code text NOT NULL CONSTRAINT uq_document_code UNIQUE CHECK (code ~ '^[2-9A-HJKMNP-Z]{8}$'),
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE document_codes IS 'Whoever of the level has the code may join the document, until it expires or is turned off.';

-- The row is locked before one looks: a share that another transaction has just made or taken back would not be seen.
CREATE OR REPLACE FUNCTION document_shares_set_is_shared() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document uuid := coalesce(NEW.document_id, OLD.document_id);
    truth boolean;
BEGIN
    PERFORM FROM documents WHERE id = document FOR NO KEY UPDATE;
    truth := EXISTS (SELECT FROM document_shares WHERE document_id = document);
    UPDATE documents SET is_shared = truth WHERE id = document AND is_shared <> truth;
    RETURN NULL;
END $$;

ALTER TABLE quizzes ADD COLUMN sources uuid[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN quizzes.sources IS 'Every document that its questions are from, those that are gone since, too.';
UPDATE quizzes q
   SET sources = ARRAY(SELECT q.document_id WHERE q.document_id IS NOT NULL
                       UNION
                       SELECT (t.question -> 'drawn' ->> 'document')::uuid FROM quiz_questions t
                        WHERE t.quiz_id = q.id AND t.question -> 'drawn' ->> 'document' IS NOT NULL);
CREATE INDEX ix_quizzes_sources ON quizzes USING gin (sources);

-- A quiz from what another pupil has taken back can be neither seen nor answered while it is open. The school's papers are
-- no matter of sharing: an exam that runs goes on.
CREATE FUNCTION quiz_is_withheld(quiz uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM quizzes q JOIN documents d ON d.id = ANY (q.sources)
                    WHERE q.id = quiz AND d.is_personal AND d.uploaded_by <> q.user_id
                      AND NOT EXISTS (SELECT FROM visible_document_ids(q.user_id) v WHERE v.id = d.id))
$$;

ALTER TABLE attempts
    DROP CONSTRAINT attempts_closed_by_check,
    ADD CONSTRAINT attempts_closed_by_check CHECK (closed_by IN ('pupil', 'clock', 'school', 'deletion'));

ALTER TABLE documents
    ADD COLUMN archived_at timestamptz,
    ADD COLUMN archive_reason text CHECK (length(archive_reason) <= 500);

CREATE TABLE document_comments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    author_id uuid REFERENCES users (id) ON DELETE SET NULL,
    content text NOT NULL CHECK (length(content) BETWEEN 1 AND 4000),
    comment_type text NOT NULL CHECK (comment_type IN ('comment', 'highlight', 'issue')),
    page_number integer CHECK (page_number > 0),
    highlight_text text CHECK (length(highlight_text) <= 1000),
    resolved boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE document_comments IS 'What admins note on a document or on a page of it.';
CREATE INDEX ix_document_comments_document_id ON document_comments (document_id, created_at);
CREATE INDEX ix_document_comments_author_id ON document_comments (author_id);
