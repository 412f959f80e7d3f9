-- Schools: every person, class, paper and test is of one. What was there before is the first school's.
-- Rather than let exams wait behind a backup, this fails and is run again.
SET LOCAL lock_timeout = '10s';

CREATE TABLE schools (
    id uuid PRIMARY KEY DEFAULT uuid_v7(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    open_registration boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN schools.open_registration IS 'Pupils may make accounts in it themselves.';
CREATE UNIQUE INDEX uq_school ON schools (lower(name));

-- Its id is known, so that a column's default can be it: old rows need not be written, and an earlier program still adds rows.
INSERT INTO schools (id, name, open_registration) VALUES ('00000000-0000-7000-8000-000000000001', 'School', true);

ALTER TABLE users
    ADD COLUMN school_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
    ADD COLUMN is_owner boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT users_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (id) NOT VALID,
    ADD CONSTRAINT users_owners_are_admins CHECK (NOT is_owner OR role = 'admin'),
    DROP CONSTRAINT users_id_number_key,
    ADD CONSTRAINT users_id_number_key UNIQUE (school_id, id_number);
COMMENT ON COLUMN users.is_owner IS 'An admin who also makes schools and their admins, and looks after what all have in common.';
UPDATE users SET is_owner = true WHERE role = 'admin';

ALTER TABLE classes
    ADD COLUMN school_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
    ADD CONSTRAINT classes_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (id) NOT VALID;
DROP INDEX uq_class;
CREATE UNIQUE INDEX uq_class ON classes (school_id, lower(name), year);

ALTER TABLE documents
    ADD COLUMN school_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
    ADD CONSTRAINT documents_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (id) NOT VALID;
-- The order of lists.
CREATE INDEX ix_documents_school_id ON documents (school_id, (-coalesce(year, 0)), title, id);

ALTER TABLE class_tests
    ADD COLUMN school_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001',
    ADD CONSTRAINT class_tests_school_id_fkey FOREIGN KEY (school_id) REFERENCES schools (id) NOT VALID;
CREATE INDEX ix_class_tests_school_id ON class_tests (school_id);

ALTER TABLE audit_events ADD COLUMN school_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001';
COMMENT ON COLUMN audit_events.school_id IS 'Whose admins see it. No foreign key: rows outlive what they tell of.';

ALTER TABLE day_statistics
    ADD COLUMN school_id uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000001' REFERENCES schools (id),
    DROP CONSTRAINT day_totals_pkey,
    ADD CONSTRAINT day_statistics_pkey PRIMARY KEY (school_id, day, slot);

-- THE rule: everybody in a school, or the pupils of some of its classes.
CREATE FUNCTION visible_user_ids(school uuid, classes uuid[]) RETURNS TABLE (id uuid) LANGUAGE sql STABLE AS $$
    SELECT u.id FROM users u WHERE u.school_id = school AND classes IS NULL
     UNION ALL
    SELECT u.id
      FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.class_id = ANY (classes) AND u.school_id = school
$$;

-- THE rule, within the viewer's school.
CREATE OR REPLACE FUNCTION visible_document_ids(viewer uuid, is_admin boolean, viewer_level text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE AS $$
    SELECT d.id
      FROM documents d
     WHERE d.school_id = (SELECT u.school_id FROM users u WHERE u.id = viewer AND u.is_active)
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

-- THE rule: a test is the school's, like a paper, and seen by staff of its level. Pupils see their quizzes made from it.
CREATE OR REPLACE FUNCTION visible_class_test_ids(viewer uuid) RETURNS TABLE (id uuid) LANGUAGE sql STABLE AS $$
    SELECT t.id
      FROM users u JOIN class_tests t ON t.school_id = u.school_id
     WHERE u.id = viewer AND u.is_active
       AND (u.role = 'admin'
            OR (u.role = 'teacher'
                AND t.level IN (SELECT c.level FROM class_teachers k JOIN classes c ON c.id = k.class_id
                                 WHERE k.user_id = viewer)))
$$;

-- Who may be given another's document: pupils of the same level of the same school.
CREATE OR REPLACE FUNCTION same_level(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM users a
                     JOIN users b ON b.education_level = a.education_level AND b.school_id = a.school_id
                    WHERE a.id = one AND b.id = other AND a.id <> b.id AND a.role = 'student' AND b.role = 'student'
                      AND a.is_active AND b.is_active)
$$;

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
                                    AND o.submitted_at < (closed_on + 1)::timestamp AT TIME ZONE 'UTC') THEN 0 ELSE 1 END,
               u.school_id
          FROM users u WHERE u.id = a.user_id
            ON CONFLICT (school_id, day, slot) DO UPDATE
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
    SELECT (a.submitted_at AT TIME ZONE 'UTC')::date, slot_of(a.user_id), count(*), count(DISTINCT a.user_id), u.school_id
      FROM attempts a JOIN users u ON u.id = a.user_id WHERE a.submitted_at IS NOT NULL GROUP BY 1, 2, 5;
    DELETE FROM document_statistics;
    INSERT INTO document_statistics
    SELECT document_id, slot_of(user_id), count(*), sum(earned), sum(possible)
      FROM attempts WHERE submitted_at IS NOT NULL AND document_id IS NOT NULL GROUP BY 1, 2;
END $$;
