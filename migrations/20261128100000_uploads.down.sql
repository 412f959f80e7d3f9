ALTER TABLE documents DROP COLUMN read_from;
