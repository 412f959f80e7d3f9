-- The earlier program would show each school the others' pupils.
DO $$ BEGIN
    IF (SELECT count(*) FROM schools) > 1 THEN
        RAISE EXCEPTION 'There are several schools, which the earlier program does not keep apart. Nothing was changed.';
    END IF;
END $$;

-- Adds attempts that the same transaction has closed. From here to its end such transactions come one after the other: the
-- estimates that all of them share are read next.
CREATE OR REPLACE FUNCTION add_to_statistics(closed uuid[]) RETURNS void LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE FUNCTION rebuild_statistics() RETURNS void LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION same_level(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM users a JOIN users b ON b.education_level = a.education_level
                    WHERE a.id = one AND b.id = other AND a.id <> b.id AND a.role = 'student' AND b.role = 'student'
                      AND a.is_active AND b.is_active)
$$;

CREATE OR REPLACE FUNCTION visible_class_test_ids(viewer uuid) RETURNS TABLE (id uuid) LANGUAGE sql STABLE AS $$
    SELECT t.id
      FROM users u, class_tests t
     WHERE u.id = viewer AND u.is_active
       AND (u.role = 'admin'
            OR (u.role = 'teacher'
                AND t.level IN (SELECT c.level FROM class_teachers k JOIN classes c ON c.id = k.class_id
                                 WHERE k.user_id = viewer)))
$$;

CREATE OR REPLACE FUNCTION visible_document_ids(viewer uuid, is_admin boolean, viewer_level text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE AS $$
    SELECT d.id
      FROM documents d
     WHERE (SELECT u.is_active FROM users u WHERE u.id = viewer)
       AND (is_admin
            -- A paper that a teacher added for the school is seen by its level, as others' are.
            OR (d.uploaded_by = viewer
                AND (d.is_personal OR NOT EXISTS (SELECT FROM users u WHERE u.id = viewer AND u.role = 'teacher')))
            OR (NOT d.is_archived
                AND d.id = ANY (ARRAY(SELECT s.document_id FROM document_shares s WHERE s.shared_with_user_id = viewer)))
            OR (NOT d.is_archived
                AND NOT d.is_personal
                AND d.level = viewer_level
                AND d.published_at IS NOT NULL
                AND d.kind <> 'marking_scheme')
            OR (NOT d.is_personal
                AND d.level = ANY (ARRAY(SELECT c.level FROM class_teachers t JOIN classes c ON c.id = t.class_id
                                          WHERE t.user_id = viewer))))
$$;

DROP FUNCTION visible_user_ids(uuid, uuid[]);
ALTER TABLE day_statistics
    DROP CONSTRAINT day_statistics_pkey, DROP COLUMN school_id, ADD CONSTRAINT day_totals_pkey PRIMARY KEY (day, slot);
ALTER TABLE audit_events DROP COLUMN school_id;
ALTER TABLE class_tests DROP COLUMN school_id;
ALTER TABLE documents DROP COLUMN school_id;
DROP INDEX uq_class;
CREATE UNIQUE INDEX uq_class ON classes (lower(name), year);
ALTER TABLE classes DROP COLUMN school_id;
ALTER TABLE users
    DROP CONSTRAINT users_id_number_key,
    DROP COLUMN is_owner,
    DROP COLUMN school_id,
    ADD CONSTRAINT users_id_number_key UNIQUE (id_number);
DROP TABLE schools;
