-- Accounts are deleted some weeks after the school has said so.
ALTER TABLE users ADD COLUMN deleted_at timestamptz, ADD COLUMN was_active boolean;
ALTER TABLE users ADD CONSTRAINT users_deleted_are_off CHECK (deleted_at IS NULL OR NOT is_active);
COMMENT ON COLUMN users.deleted_at IS 'The school has deleted the account. It goes after 30 days, unless that is undone.';
COMMENT ON COLUMN users.was_active IS 'Whether a deleted account was switched on before.';
CREATE INDEX ix_users_deleted_at ON users (deleted_at) WHERE deleted_at IS NOT NULL;
