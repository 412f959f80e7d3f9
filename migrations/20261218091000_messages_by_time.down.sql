SET LOCAL lock_timeout = '10s';
DROP INDEX ix_attempt_events_messages;
