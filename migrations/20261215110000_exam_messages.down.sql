DROP TRIGGER attempt_events_tell ON attempt_events;
DROP FUNCTION attempt_events_tell;
DELETE FROM attempt_events WHERE kind = 'message';
ALTER TABLE attempt_events DROP CONSTRAINT attempt_events_kind_check;
ALTER TABLE attempt_events ADD CONSTRAINT attempt_events_kind_check CHECK
    (kind IN ('connected', 'disconnected', 'moved', 'time_added', 'paused', 'resumed', 'ended', 'closed'));
