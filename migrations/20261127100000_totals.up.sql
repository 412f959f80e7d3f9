-- What pages and routes read of many attempts is kept: added to in the transaction that marks, so that reading costs the same
-- after a million answers as after ten thousand. rebuild_totals() makes all of it again.
DROP VIEW progress;

-- What an answer of that time weighs in a sum that is kept, with this many days until it weighs half: more the later, so
-- that the older fade beside it and nothing has to be written again. A sum divided by growing(now()) is as of now. With a
-- half-life of seven days or more such weights can be written down from the year 2017 to 2054.
CREATE FUNCTION growing(at timestamptz, days double precision DEFAULT 30) RETURNS double precision
    LANGUAGE sql IMMUTABLE AS $$
    SELECT power(2::double precision,
                 extract(epoch FROM at - timestamptz '2036-01-01 00:00:00Z')::double precision / (days * 86400))
$$;

-- Answers that say how a pupil stands. A question left blank counts as wrong, so skipping hides nothing; but an attempt in
-- which nothing at all was answered was only looked at.
CREATE VIEW telling_answers AS
    SELECT a.id AS attempt_id, a.user_id, r.topic_id, r.earned, r.possible, a.submitted_at AS at,
           growing(a.submitted_at) AS weight, growing(a.submitted_at, 7) AS lately
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE r.counts AND r.topic_id IS NOT NULL AND a.submitted_at IS NOT NULL
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank');

CREATE TABLE pupil_totals (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    attempts bigint NOT NULL,
    earned double precision NOT NULL,
    possible double precision NOT NULL,
    last_at timestamptz NOT NULL
);
COMMENT ON TABLE pupil_totals IS 'Of all that a pupil has handed in. Whoever changes a pupil''s totals holds this row first.';

CREATE TABLE topic_totals (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    topic_id uuid NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    answers bigint NOT NULL,
    weight double precision NOT NULL,
    earned double precision NOT NULL,
    possible double precision NOT NULL,
    lately_earned double precision NOT NULL,
    lately_possible double precision NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, topic_id)
);
COMMENT ON TABLE topic_totals IS
    'Per pupil and topic: answers are counted, all else is weighed as telling_answers says.';
CREATE INDEX ix_topic_totals_topic_id ON topic_totals (topic_id);

-- A whole class hands in at once. So that they do not wait for each other's row, a document and a day have sixteen.
CREATE FUNCTION slot_of(pupil uuid) RETURNS smallint LANGUAGE sql IMMUTABLE AS $$
    SELECT (get_byte(uuid_send(pupil), 15) & 15)::smallint
$$;
CREATE TABLE document_totals (
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    slot smallint NOT NULL,
    attempts bigint NOT NULL,
    earned double precision NOT NULL,
    possible double precision NOT NULL,
    PRIMARY KEY (document_id, slot)
);
CREATE TABLE day_totals (
    day date NOT NULL,
    slot smallint NOT NULL,
    attempts bigint NOT NULL,
    pupils bigint NOT NULL,
    PRIMARY KEY (day, slot)
);
COMMENT ON TABLE day_totals IS 'Handed in on a day (UTC), and by how many.';
CREATE INDEX ix_attempts_submitted ON attempts (user_id, submitted_at) WHERE submitted_at IS NOT NULL;

-- How a pupil stands in a topic, as of now. `lately` is the share of the marks when the last week or so weighs most.
CREATE VIEW progress AS
    SELECT t.user_id, t.topic_id, t.answers, t.weight / today AS weight, t.earned / today AS earned,
           t.possible / today AS possible, t.lately_earned / nullif(t.lately_possible, 0) AS lately, t.last_at
      FROM topic_totals t, growing(now()) AS today;
DROP FUNCTION fading;

-- Makes the topics of pupils again from their answers; of all for NULL. Who calls it holds their pupil_totals.
CREATE FUNCTION recount_topics(pupils uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM topic_totals WHERE pupils IS NULL OR user_id = ANY (pupils);
    INSERT INTO topic_totals
    SELECT user_id, topic_id, count(*), sum(weight), sum(weight * earned), sum(weight * possible), sum(lately * earned),
           sum(lately * possible), max(at)
      FROM telling_answers WHERE pupils IS NULL OR user_id = ANY (pupils)
     GROUP BY user_id, topic_id;
END $$;

-- Adds an attempt that the same transaction has closed.
CREATE FUNCTION add_to_totals(attempt uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    a attempts := (SELECT x FROM attempts x WHERE x.id = attempt);
    closed_on date := (a.submitted_at AT TIME ZONE 'UTC')::date;
BEGIN
    INSERT INTO pupil_totals AS t VALUES (a.user_id, 1, a.earned, a.possible, a.submitted_at)
        ON CONFLICT (user_id) DO UPDATE
       SET attempts = t.attempts + 1, earned = t.earned + a.earned, possible = t.possible + a.possible,
           last_at = greatest(t.last_at, a.submitted_at);
    INSERT INTO topic_totals AS t
    SELECT user_id, topic_id, count(*), sum(weight), sum(weight * earned), sum(weight * possible), sum(lately * earned),
           sum(lately * possible), max(at)
      FROM telling_answers WHERE attempt_id = attempt
     GROUP BY user_id, topic_id
        ON CONFLICT (user_id, topic_id) DO UPDATE
       SET answers = t.answers + excluded.answers, weight = t.weight + excluded.weight, earned = t.earned + excluded.earned,
           possible = t.possible + excluded.possible, lately_earned = t.lately_earned + excluded.lately_earned,
           lately_possible = t.lately_possible + excluded.lately_possible, last_at = greatest(t.last_at, excluded.last_at);
    INSERT INTO day_totals AS t
    SELECT closed_on, slot_of(a.user_id), 1,
           CASE WHEN EXISTS (SELECT FROM attempts o
                              WHERE o.user_id = a.user_id AND o.id <> a.id
                                AND o.submitted_at >= closed_on::timestamp AT TIME ZONE 'UTC'
                                AND o.submitted_at < (closed_on + 1)::timestamp AT TIME ZONE 'UTC') THEN 0 ELSE 1 END
        ON CONFLICT (day, slot) DO UPDATE
       SET attempts = t.attempts + excluded.attempts, pupils = t.pupils + excluded.pupils;
    INSERT INTO document_totals AS t
    SELECT a.document_id, slot_of(a.user_id), 1, a.earned, a.possible WHERE a.document_id IS NOT NULL
        ON CONFLICT (document_id, slot) DO UPDATE
       SET attempts = t.attempts + 1, earned = t.earned + a.earned, possible = t.possible + a.possible;
END $$;

-- Makes everything that is kept again; what is closed meanwhile waits.
CREATE FUNCTION rebuild_totals() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE attempts IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM pupil_totals;
    INSERT INTO pupil_totals
    SELECT user_id, count(*), sum(earned), sum(possible), max(submitted_at)
      FROM attempts WHERE submitted_at IS NOT NULL GROUP BY user_id;
    PERFORM recount_topics(NULL);
    DELETE FROM day_totals;
    INSERT INTO day_totals
    SELECT (submitted_at AT TIME ZONE 'UTC')::date, slot_of(user_id), count(*), count(DISTINCT user_id)
      FROM attempts WHERE submitted_at IS NOT NULL GROUP BY 1, 2;
    DELETE FROM document_totals;
    INSERT INTO document_totals
    SELECT document_id, slot_of(user_id), count(*), sum(earned), sum(possible)
      FROM attempts WHERE submitted_at IS NOT NULL AND document_id IS NOT NULL GROUP BY 1, 2;
END $$;
SELECT rebuild_totals();
