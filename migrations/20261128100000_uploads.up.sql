-- The same file again is not read again.
ALTER TABLE documents ADD COLUMN read_from bytea;
COMMENT ON COLUMN documents.read_from IS 'What its reading was made from, hashed: the same gives the same.';
CREATE INDEX ix_documents_read_from ON documents (read_from) WHERE read_from IS NOT NULL;
