DROP TABLE document_comments;
ALTER TABLE documents DROP COLUMN archive_reason, DROP COLUMN archived_at;
UPDATE attempts SET closed_by = 'clock' WHERE closed_by = 'deletion';
ALTER TABLE attempts
    DROP CONSTRAINT attempts_closed_by_check,
    ADD CONSTRAINT attempts_closed_by_check CHECK (closed_by IN ('pupil', 'clock', 'school'));
DROP FUNCTION quiz_is_withheld (uuid);
ALTER TABLE quizzes DROP COLUMN sources;
CREATE OR REPLACE FUNCTION document_shares_set_is_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents d
       SET is_shared = EXISTS (SELECT FROM document_shares s WHERE s.document_id = d.id)
     WHERE d.id = coalesce(NEW.document_id, OLD.document_id);
    RETURN NULL;
END $$;
DROP TABLE document_codes;
DROP TRIGGER users_settle_invitations ON users;
DROP FUNCTION users_settle_invitations ();
DROP FUNCTION settle_invitations (uuid, uuid);
DROP TABLE document_invitations;
ALTER TABLE document_shares DROP COLUMN invited_as;
DROP FUNCTION are_classmates (uuid, uuid);
