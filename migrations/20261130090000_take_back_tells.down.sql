DROP TRIGGER documents_tell ON documents;
DROP FUNCTION documents_tell();
DROP TRIGGER document_shares_tell ON document_shares;
DROP FUNCTION document_shares_tell();
DROP FUNCTION tell_open_attempts(uuid, uuid);
