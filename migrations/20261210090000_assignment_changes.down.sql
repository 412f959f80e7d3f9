DROP INDEX ix_assignments_due_at;
ALTER TABLE assignments DROP CONSTRAINT assignments_set_once;
DELETE FROM assignments WHERE withdrawn_at IS NOT NULL;
ALTER TABLE assignments DROP COLUMN withdrawn_at;
-- The extension stays: another may have needed it before.
