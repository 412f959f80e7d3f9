ALTER TABLE jobs DROP COLUMN tries, DROP COLUMN last_error;
