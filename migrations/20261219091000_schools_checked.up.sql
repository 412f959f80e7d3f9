-- What reads whole tables after schools were added; nobody waits for it but writers of the audit.
ALTER TABLE users VALIDATE CONSTRAINT users_school_id_fkey;
ALTER TABLE classes VALIDATE CONSTRAINT classes_school_id_fkey;
ALTER TABLE documents VALIDATE CONSTRAINT documents_school_id_fkey;
ALTER TABLE class_tests VALIDATE CONSTRAINT class_tests_school_id_fkey;
CREATE INDEX ix_audit_events_school_id ON audit_events (school_id, id);
