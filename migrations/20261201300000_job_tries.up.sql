ALTER TABLE jobs
    ADD COLUMN tries integer NOT NULL DEFAULT 0 CHECK (tries >= 0),
    ADD COLUMN last_error text;
COMMENT ON COLUMN jobs.tries IS
    'How often it was begun. Written before the work begins, so that a try that kills its worker counts, too.';
COMMENT ON COLUMN jobs.last_error IS 'What the last try that came to an end failed of; for who runs the program.';
