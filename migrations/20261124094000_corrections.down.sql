DROP TABLE reports;
DROP TABLE corrections;
ALTER TABLE questions DROP COLUMN needs_look;
ALTER TABLE questions DROP COLUMN approved;
ALTER TABLE questions ADD COLUMN edited_at timestamptz;
ALTER TABLE documents DROP COLUMN reading;
