DROP INDEX ix_users_deleted_at;
ALTER TABLE users DROP CONSTRAINT users_deleted_are_off, DROP COLUMN deleted_at, DROP COLUMN was_active;
