SET LOCAL lock_timeout = '10s';
-- The backups that the program has made, so that it can say how old the last one is.
CREATE TABLE backups (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at timestamptz NOT NULL DEFAULT now(),
    place text NOT NULL CHECK (place <> ''),
    bytes bigint NOT NULL CHECK (bytes >= 0),
    verified boolean NOT NULL
);
COMMENT ON COLUMN backups.place IS 'The file, or s3://bucket/path.';
COMMENT ON COLUMN backups.verified IS 'It was restored into a database of its own.';
