DROP TABLE audit_events, class_lists, memberships, classes;
DROP FUNCTION audit_events_stay;
COMMENT ON TABLE password_resets IS 'A code that an admin hands over: good once, for a day, to set a new password.';
COMMENT ON COLUMN users.hashed_password IS NULL;
-- Every account has an address there; no message reaches these.
UPDATE users SET email = login_name || '@no-address.invalid' WHERE email IS NULL;
ALTER TABLE users
    DROP CONSTRAINT users_can_be_named,
    DROP COLUMN id_number,
    DROP COLUMN login_name,
    ALTER COLUMN email SET NOT NULL;
