DROP TABLE idempotency_keys;
DROP TABLE enrollments;
ALTER TABLE subjects DROP COLUMN description;
ALTER TABLE documents DROP COLUMN instructions;
ALTER TABLE documents DROP COLUMN official_minutes;
