DROP INDEX ix_attempts_submitted_at;
