-- Whoever sits an exam from a paper that is taken back or put away hears of it at once, whoever did it.
CREATE FUNCTION tell_open_attempts(document uuid, pupil uuid) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('attempt', a.id::text)
      FROM attempts a JOIN quizzes q ON q.id = a.quiz_id
     WHERE a.submitted_at IS NULL AND document = ANY (q.sources) AND (pupil IS NULL OR a.user_id = pupil)
$$;

CREATE FUNCTION document_shares_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_open_attempts(OLD.document_id, OLD.shared_with_user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER document_shares_tell AFTER DELETE ON document_shares
    FOR EACH ROW EXECUTE FUNCTION document_shares_tell();

CREATE FUNCTION documents_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_open_attempts(NEW.id, NULL);
    RETURN NULL;
END $$;
CREATE TRIGGER documents_tell AFTER UPDATE OF is_archived ON documents
    FOR EACH ROW WHEN (NEW.is_archived AND NOT OLD.is_archived) EXECUTE FUNCTION documents_tell();
