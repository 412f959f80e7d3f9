-- How often somebody may try, for all processes together; and one-time codes for who forgot the password.

CREATE UNLOGGED TABLE limits (
    name text NOT NULL,
    key text NOT NULL,
    spent_until timestamptz NOT NULL,
    PRIMARY KEY (name, key)
);
COMMENT ON TABLE limits IS
    'Each try moves spent_until by a pause, from now on at the earliest; who is too far ahead of now must wait '
    '(the generic cell rate algorithm of ITU-T I.371). May be lost with the server.';
CREATE INDEX ix_limits_spent_until ON limits (spent_until);

CREATE TABLE password_resets (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    expires_at timestamptz NOT NULL,
    given_by uuid REFERENCES users (id) ON DELETE SET NULL
);
COMMENT ON TABLE password_resets IS 'A code that an admin hands over: good once, for a day, to set a new password.';
