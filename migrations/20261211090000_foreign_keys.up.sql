-- Rows are found by each foreign key without reading the whole table, when what it refers to is listed, merged or deleted.
CREATE INDEX ix_attempt_events_by_user ON attempt_events (by_user) WHERE by_user IS NOT NULL;
CREATE INDEX ix_attempt_regrades_by_user ON attempt_regrades (by_user) WHERE by_user IS NOT NULL;
CREATE INDEX ix_attempts_quiz_id ON attempts (quiz_id);
CREATE INDEX ix_corrections_made_by ON corrections (made_by) WHERE made_by IS NOT NULL;
CREATE INDEX ix_documents_subject_id ON documents (subject_id);
CREATE INDEX ix_jobs_document_id ON jobs (document_id);
CREATE INDEX ix_password_resets_given_by ON password_resets (given_by) WHERE given_by IS NOT NULL;
CREATE INDEX ix_reports_document_id ON reports (document_id);
CREATE INDEX ix_reports_reported_by ON reports (reported_by);
