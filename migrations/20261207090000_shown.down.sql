ALTER TABLE questions DROP COLUMN shown;
