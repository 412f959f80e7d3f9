DROP TABLE jobs;
DROP FUNCTION visible_document_ids (uuid);
DROP TABLE document_shares;
DROP FUNCTION document_shares_set_is_shared ();
DROP TABLE documents;
DROP TABLE page_images;
DROP TABLE document_files;
DROP TABLE topics;
DROP TABLE subjects;
