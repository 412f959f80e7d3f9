-- What the REST API knows of documents and subjects besides what pages show, and requests that came before.

ALTER TABLE documents ADD COLUMN official_minutes integer CHECK (official_minutes BETWEEN 1 AND 600);
COMMENT ON COLUMN documents.official_minutes IS 'The time for the paper as the uploader states it; NULL: as its cover says.';
ALTER TABLE documents ADD COLUMN instructions text NOT NULL DEFAULT '' CHECK (length(instructions) <= 4000);
COMMENT ON COLUMN documents.instructions IS 'For the candidates, by the uploader, besides those on the cover.';

ALTER TABLE subjects ADD COLUMN description text NOT NULL DEFAULT '' CHECK (length(description) <= 2000);

CREATE TABLE enrollments (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    subject_id uuid NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, subject_id)
);
COMMENT ON TABLE enrollments IS 'The subjects that a pupil takes.';
CREATE INDEX ix_enrollments_subject_id ON enrollments (subject_id);

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request bytea NOT NULL CHECK (octet_length(request) = 32),
    status integer,
    answer bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key),
    CHECK ((status IS NULL) = (answer IS NULL))
);
COMMENT ON TABLE idempotency_keys IS
    'Requests that named a key, with what was answered, for a day: sent again they are answered the same and done once. '
    'request is the SHA-256 of method, path and body; without a status it is still being done.';
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
