-- What the school tells those who sit an exam: an event of each of their attempts, of which open pages hear at once.
ALTER TABLE attempt_events DROP CONSTRAINT attempt_events_kind_check;
ALTER TABLE attempt_events ADD CONSTRAINT attempt_events_kind_check CHECK
    (kind IN ('connected', 'disconnected', 'moved', 'time_added', 'paused', 'resumed', 'ended', 'closed', 'message'));

CREATE FUNCTION attempt_events_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('attempt', NEW.attempt_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER attempt_events_tell AFTER INSERT ON attempt_events
    FOR EACH ROW WHEN (NEW.kind = 'message') EXECUTE FUNCTION attempt_events_tell();
