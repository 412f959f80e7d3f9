SET LOCAL lock_timeout = '10s';
-- Messages of the last day are found among all events.
CREATE INDEX ix_attempt_events_messages ON attempt_events (at) WHERE kind = 'message';
