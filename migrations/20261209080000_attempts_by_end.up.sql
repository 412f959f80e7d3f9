-- Papers that were sat lately are found by the time at which they were handed in.
CREATE INDEX ix_attempts_submitted_at ON attempts (submitted_at) WHERE submitted_at IS NOT NULL;
