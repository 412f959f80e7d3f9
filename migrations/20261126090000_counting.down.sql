ALTER TABLE documents DROP COLUMN counting;
