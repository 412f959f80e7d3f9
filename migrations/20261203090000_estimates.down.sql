DROP FUNCTION rebuild_statistics, add_to_statistics;
DROP TABLE attempt_topic_estimates, pupil_item_estimates, pupil_topic_estimates, pupil_estimates, topic_estimates, item_estimates,
    knowledge_weights;
DROP VIEW scored_answers;
ALTER TABLE attempts DROP COLUMN learnt_at;
ALTER TABLE day_statistics RENAME TO day_totals;
ALTER TABLE document_statistics RENAME TO document_totals;
ALTER TABLE pupil_statistics RENAME TO pupil_totals;
COMMENT ON TABLE pupil_totals IS 'Of all that a pupil has handed in. Whoever changes a pupil''s totals holds this row first.';
CREATE FUNCTION growing(at timestamptz, days double precision DEFAULT 30) RETURNS double precision
    LANGUAGE sql IMMUTABLE AS $$
    SELECT power(2::double precision,
                 extract(epoch FROM at - timestamptz '2036-01-01 00:00:00Z')::double precision / (days * 86400))
$$;
CREATE VIEW telling_answers AS
    SELECT a.id AS attempt_id, a.user_id, r.topic_id, r.earned, r.possible, a.submitted_at AS at,
           growing(a.submitted_at) AS weight, growing(a.submitted_at, 7) AS lately
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE r.counts AND r.topic_id IS NOT NULL AND a.submitted_at IS NOT NULL
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank');
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
CREATE VIEW progress AS
    SELECT t.user_id, t.topic_id, t.answers, t.weight / today AS weight, t.earned / today AS earned,
           t.possible / today AS possible, t.lately_earned / nullif(t.lately_possible, 0) AS lately, t.last_at
      FROM topic_totals t, growing(now()) AS today;
CREATE FUNCTION recount_topics(pupils uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM topic_totals WHERE pupils IS NULL OR user_id = ANY (pupils);
    INSERT INTO topic_totals
    SELECT user_id, topic_id, count(*), sum(weight), sum(weight * earned), sum(weight * possible), sum(lately * earned),
           sum(lately * possible), max(at)
      FROM telling_answers WHERE pupils IS NULL OR user_id = ANY (pupils)
     GROUP BY user_id, topic_id;
END $$;
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
SELECT recount_topics(NULL);
CREATE OR REPLACE FUNCTION settle_invitations(who uuid, only_document uuid DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    address text := (SELECT lower(email) FROM users WHERE id = who);
BEGIN
    PERFORM FROM documents d
      WHERE d.id IN (SELECT i.document_id FROM document_invitations i WHERE lower(i.email) = address)
        AND (only_document IS NULL OR d.id = only_document)
      ORDER BY d.id FOR NO KEY UPDATE;
    WITH settled AS (
        DELETE FROM document_invitations i USING documents d
         WHERE d.id = i.document_id AND lower(i.email) = address AND are_classmates(d.uploaded_by, who)
           AND (only_document IS NULL OR d.id = only_document)
           AND NOT EXISTS (SELECT FROM document_shares s WHERE s.document_id = d.id AND s.shared_with_user_id = who)
        RETURNING i.*
    )
    INSERT INTO document_shares (id, document_id, shared_with_user_id, invited_as, created_at)
    SELECT id, document_id, who, email, created_at FROM settled;
END $$;
ALTER FUNCTION same_level(uuid, uuid) RENAME TO are_classmates;
