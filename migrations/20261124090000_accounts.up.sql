-- Levels, people and the devices they are signed in on.

CREATE TABLE levels (
    code varchar(16) PRIMARY KEY,
    name text NOT NULL,
    position integer NOT NULL UNIQUE
);
COMMENT ON TABLE levels IS 'The exam a pupil sits; a row, so that a country can add its own.';

INSERT INTO levels (code, name, position) VALUES
    ('P6', 'Primary 6', 1),
    ('S3', 'Senior 3', 2),
    ('S6', 'Senior 6', 3),
    ('TTC', 'Teacher training college', 4);

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL CHECK (email LIKE '%_@_%' AND length(email) <= 254),
    hashed_password text NOT NULL,
    full_name text NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    role text NOT NULL DEFAULT 'student' CHECK (role IN ('student', 'admin')),
    education_level varchar(16) REFERENCES levels (code),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE INDEX ix_users_education_level ON users (education_level);

CREATE TABLE sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    device text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
COMMENT ON COLUMN sessions.token_hash IS 'SHA-256 of the token; the token itself is only on the device.';
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
