-- What a pupil knows is estimated by one model (docs/knowledge.md) whose estimates are kept, in the place of weighed sums of
-- marks. Other names become those that the rest of the world uses.

ALTER FUNCTION are_classmates(uuid, uuid) RENAME TO same_level;
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
         WHERE d.id = i.document_id AND lower(i.email) = address AND same_level(d.uploaded_by, who)
           AND (only_document IS NULL OR d.id = only_document)
           AND NOT EXISTS (SELECT FROM document_shares s WHERE s.document_id = d.id AND s.shared_with_user_id = who)
        RETURNING i.*
    )
    INSERT INTO document_shares (id, document_id, shared_with_user_id, invited_as, created_at)
    SELECT id, document_id, who, email, created_at FROM settled;
END $$;

DROP FUNCTION rebuild_totals, add_to_totals, recount_topics;
DROP VIEW progress;
DROP TABLE topic_totals;
DROP VIEW telling_answers;
DROP FUNCTION growing;
ALTER TABLE pupil_totals RENAME TO pupil_statistics;
ALTER TABLE document_totals RENAME TO document_statistics;
ALTER TABLE day_totals RENAME TO day_statistics;
COMMENT ON TABLE pupil_statistics IS
    'Of all that a pupil has handed in. Whoever changes a pupil''s statistics holds this row first.';

ALTER TABLE attempts ADD COLUMN learnt_at timestamptz;
COMMENT ON COLUMN attempts.learnt_at IS
    'When the estimates learnt from its answers, which gives their order; NULL: as if when it was handed in.';

-- Answers that say what a pupil knows: all that were marked. A question left blank counts as wrong, so skipping hides nothing,
-- unless enough others of its section were answered; but an attempt in which nothing at all was answered was only looked at.
CREATE VIEW scored_answers AS
    SELECT r.attempt_id, a.user_id, r.question_id, r.topic_id, r.earned, r.possible, r.verdict = 'blank' AS is_blank,
           a.submitted_at AS at, coalesce(a.learnt_at, a.submitted_at) AS learnt_at
      FROM attempt_answers r
      JOIN attempts a ON a.id = r.attempt_id
     WHERE a.submitted_at IS NOT NULL AND r.verdict <> 'unmarked' AND r.possible > 0
       AND (r.counts OR r.verdict <> 'blank')
       AND EXISTS (SELECT FROM attempt_answers o WHERE o.attempt_id = a.id AND o.verdict <> 'blank');

-- The model's estimates, in log-odds, as domain::knowledge keeps them.
CREATE TABLE knowledge_weights (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    means double precision[] NOT NULL DEFAULT '{}',
    variances double precision[] NOT NULL DEFAULT '{}',
    squares double precision NOT NULL DEFAULT 0,
    expected double precision NOT NULL DEFAULT 0,
    is_stale boolean NOT NULL
);
COMMENT ON TABLE knowledge_weights IS
    'What all answers share; empty before the first. Whoever changes any estimate holds this row first.';
COMMENT ON COLUMN knowledge_weights.is_stale IS 'Marks have changed that the estimates had learnt from: learn all again.';
INSERT INTO knowledge_weights (is_stale) SELECT EXISTS (SELECT FROM attempts WHERE submitted_at IS NOT NULL);

CREATE TABLE item_estimates (
    question_id uuid PRIMARY KEY,
    easiness_mean double precision NOT NULL,
    easiness_variance double precision NOT NULL,
    sharpness_mean double precision NOT NULL,
    sharpness_variance double precision NOT NULL
);
COMMENT ON TABLE item_estimates IS 'question_id is the one of attempt_answers, which may outlive the question.';
CREATE TABLE topic_estimates (
    topic_id uuid PRIMARY KEY REFERENCES topics (id) ON DELETE CASCADE,
    easiness_mean double precision NOT NULL,
    easiness_variance double precision NOT NULL,
    sharpness_mean double precision NOT NULL,
    sharpness_variance double precision NOT NULL
);
CREATE TABLE pupil_estimates (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    overall_mean double precision NOT NULL,
    overall_variance double precision NOT NULL,
    lately_mean double precision NOT NULL,
    lately_variance double precision NOT NULL,
    answers integer NOT NULL,
    last_at timestamptz NOT NULL
);
CREATE TABLE pupil_topic_estimates (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    topic_id uuid NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    mean double precision NOT NULL,
    variance double precision NOT NULL,
    answers integer NOT NULL,
    recent_shares double precision[] NOT NULL,
    recent_expected double precision[] NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, topic_id)
);
CREATE INDEX ix_pupil_topic_estimates_topic_id ON pupil_topic_estimates (topic_id);
CREATE TABLE pupil_item_estimates (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    question_id uuid NOT NULL,
    share double precision NOT NULL,
    rights double precision NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, question_id)
);
COMMENT ON TABLE pupil_item_estimates IS 'The share of the last answer, the sum of the shares of all, and when.';
CREATE TABLE attempt_topic_estimates (
    attempt_id uuid NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    topic_id uuid NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    before double precision[] NOT NULL CHECK (cardinality(before) = 4),
    after double precision[] NOT NULL CHECK (cardinality(after) = 4),
    PRIMARY KEY (attempt_id, topic_id)
);
COMMENT ON TABLE attempt_topic_estimates IS
    'What the pupil knew before and after an attempt: the share expected, the interval''s ends, the answers so far.';
CREATE INDEX ix_attempt_topic_estimates_topic_id ON attempt_topic_estimates (topic_id);

-- Adds attempts that the same transaction has closed. From here to its end such transactions come one after the other: the
-- estimates that all of them share are read next.
CREATE FUNCTION add_to_statistics(closed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    a attempts;
    closed_on date;
BEGIN
    FOR a IN SELECT x.* FROM unnest(closed) WITH ORDINALITY AS c (id, place) JOIN attempts x ON x.id = c.id ORDER BY c.place
    LOOP
        closed_on := (a.submitted_at AT TIME ZONE 'UTC')::date;
        INSERT INTO pupil_statistics AS t VALUES (a.user_id, 1, a.earned, a.possible, a.submitted_at)
            ON CONFLICT (user_id) DO UPDATE
           SET attempts = t.attempts + 1, earned = t.earned + a.earned, possible = t.possible + a.possible,
               last_at = greatest(t.last_at, a.submitted_at);
        INSERT INTO day_statistics AS t
        SELECT closed_on, slot_of(a.user_id), 1,
               CASE WHEN EXISTS (SELECT FROM attempts o
                                  WHERE o.user_id = a.user_id AND o.id <> a.id
                                    AND o.submitted_at >= closed_on::timestamp AT TIME ZONE 'UTC'
                                    AND o.submitted_at < (closed_on + 1)::timestamp AT TIME ZONE 'UTC') THEN 0 ELSE 1 END
            ON CONFLICT (day, slot) DO UPDATE
           SET attempts = t.attempts + excluded.attempts, pupils = t.pupils + excluded.pupils;
        INSERT INTO document_statistics AS t
        SELECT a.document_id, slot_of(a.user_id), 1, a.earned, a.possible WHERE a.document_id IS NOT NULL
            ON CONFLICT (document_id, slot) DO UPDATE
           SET attempts = t.attempts + 1, earned = t.earned + a.earned, possible = t.possible + a.possible;
    END LOOP;
    PERFORM FROM knowledge_weights FOR UPDATE;
    FOR n IN 1 .. cardinality(closed) LOOP
        UPDATE attempts SET learnt_at = clock_timestamp() WHERE id = closed[n];
    END LOOP;
END $$;

-- Makes everything that is kept again but for the estimates; what is closed meanwhile waits.
CREATE FUNCTION rebuild_statistics() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE attempts IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM pupil_statistics;
    INSERT INTO pupil_statistics
    SELECT user_id, count(*), sum(earned), sum(possible), max(submitted_at)
      FROM attempts WHERE submitted_at IS NOT NULL GROUP BY user_id;
    DELETE FROM day_statistics;
    INSERT INTO day_statistics
    SELECT (submitted_at AT TIME ZONE 'UTC')::date, slot_of(user_id), count(*), count(DISTINCT user_id)
      FROM attempts WHERE submitted_at IS NOT NULL GROUP BY 1, 2;
    DELETE FROM document_statistics;
    INSERT INTO document_statistics
    SELECT document_id, slot_of(user_id), count(*), sum(earned), sum(possible)
      FROM attempts WHERE submitted_at IS NOT NULL AND document_id IS NOT NULL GROUP BY 1, 2;
END $$;
