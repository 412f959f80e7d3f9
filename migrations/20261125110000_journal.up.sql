-- Attempts that survive everything: a journal of every change, several devices, time that the school grants.

ALTER TABLE users ADD COLUMN extra_time_percent smallint NOT NULL DEFAULT 0 CHECK (extra_time_percent BETWEEN 0 AND 200);
COMMENT ON COLUMN users.extra_time_percent IS 'Granted for every quiz of this pupil, in percent of its minutes.';

ALTER TABLE attempts
    ADD COLUMN paused_at timestamptz,
    ADD COLUMN epoch integer NOT NULL DEFAULT 0,
    ADD COLUMN holder uuid,
    DROP CONSTRAINT attempts_closed_by_check,
    ADD CONSTRAINT attempts_closed_by_check CHECK (closed_by IN ('pupil', 'clock', 'school')),
    ADD CONSTRAINT attempts_paused_is_open CHECK (paused_at IS NULL OR submitted_at IS NULL);
COMMENT ON COLUMN attempts.paused_at IS 'The clock stands still since then; deadline_at moves on when it goes again.';
COMMENT ON COLUMN attempts.epoch IS 'Pages that have opened the attempt to write in it; the latest one is the holder.';
DROP INDEX ix_attempts_due;
CREATE INDEX ix_attempts_due ON attempts (deadline_at) WHERE submitted_at IS NULL AND paused_at IS NULL;

CREATE TABLE attempt_writers (
    attempt_id uuid NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    writer uuid NOT NULL,
    epoch integer NOT NULL CHECK (epoch > 0),
    device text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (attempt_id, writer),
    UNIQUE (attempt_id, epoch)
);
COMMENT ON TABLE attempt_writers IS 'Each page, on whichever device, that has opened an attempt to write in it.';

CREATE TABLE attempt_journal (
    attempt_id uuid NOT NULL,
    writer uuid NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    item_id uuid NOT NULL,
    is_choice boolean NOT NULL,
    value text[] NOT NULL,
    written_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    late boolean NOT NULL,
    PRIMARY KEY (attempt_id, writer, seq),
    FOREIGN KEY (attempt_id, writer) REFERENCES attempt_writers ON DELETE CASCADE
);
COMMENT ON TABLE attempt_journal IS
    'Every change that arrived, once, in whatever order. What counts of an item is the entry with the greatest '
    '(epoch of its writer, seq): the same however often and in whichever order entries come.';
COMMENT ON COLUMN attempt_journal.written_at IS 'By the device''s clock: for people to read, nothing is decided by it.';
COMMENT ON COLUMN attempt_journal.late IS 'Came when the attempt was over: kept, not marked.';

ALTER TABLE attempt_answers
    ADD COLUMN epoch integer NOT NULL DEFAULT 0,
    ADD COLUMN seq bigint NOT NULL DEFAULT 0;
-- From now on an attempt has a row for each of its items from the start.
INSERT INTO attempt_answers (attempt_id, question_id)
    SELECT a.id, (leaf ->> 'id')::uuid
      FROM attempts a
      JOIN quiz_questions q ON q.quiz_id = a.quiz_id,
           jsonb_path_query(q.question, 'strict $.** ? (exists (@.path) && exists (@.id) && !exists (@.parts))') AS leaf
     WHERE a.submitted_at IS NULL
    ON CONFLICT DO NOTHING;

CREATE TABLE attempt_choices (
    attempt_id uuid NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    question_id uuid NOT NULL,
    chosen boolean NOT NULL,
    epoch integer NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (attempt_id, question_id)
);
COMMENT ON TABLE attempt_choices IS 'Questions of a "choose 3 of 5" section that the pupil wants to count, as last said.';

CREATE TABLE attempt_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    attempt_id uuid NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL CHECK (kind IN ('connected', 'disconnected', 'moved', 'time_added', 'paused', 'resumed', 'closed')),
    detail text NOT NULL DEFAULT '',
    by_user uuid REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX ix_attempt_events_attempt_id ON attempt_events (attempt_id, at);

CREATE TABLE attempt_moves (
    attempt_id uuid PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE,
    code text NOT NULL UNIQUE CHECK (code ~ '^[0-9]{6}$'),
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE attempt_moves IS 'Six digits that open an attempt on another device, once, for some minutes.';

-- Whoever watches an attempt hears of a change at once, whoever made it.
CREATE FUNCTION attempts_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('attempt', NEW.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER attempts_tell AFTER UPDATE OF deadline_at, paused_at, submitted_at, holder ON attempts
    FOR EACH ROW EXECUTE FUNCTION attempts_tell();
