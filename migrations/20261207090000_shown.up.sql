ALTER TABLE questions ADD COLUMN shown jsonb NOT NULL DEFAULT '{}';
COMMENT ON COLUMN questions.shown IS 'How its text is shown, if not as characters alone; that of an option is among the options.';
