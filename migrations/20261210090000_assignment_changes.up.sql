-- Work that is set can be changed and withdrawn, and is set to a class only once at a time.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE assignments ADD COLUMN withdrawn_at timestamptz;
COMMENT ON COLUMN assignments.withdrawn_at IS 'Pupils see it no more since then. It can be set again for a while.';

-- Of what was set twice, the first stays. One after the other: what overlaps only something that goes stays, too.
DO $$
DECLARE s record;
BEGIN
    FOR s IN SELECT * FROM assignments ORDER BY created_at, id LOOP
        UPDATE assignments SET withdrawn_at = now()
         WHERE id = s.id
           AND EXISTS (SELECT FROM assignments o
                        WHERE o.class_id = s.class_id AND o.withdrawn_at IS NULL
                          AND coalesce(o.document_id, o.topic_id) = coalesce(s.document_id, s.topic_id)
                          AND tstzrange(o.opens_at, o.due_at) && tstzrange(s.opens_at, s.due_at)
                          AND (o.created_at, o.id) < (s.created_at, s.id));
    END LOOP;
END $$;
ALTER TABLE assignments ADD CONSTRAINT assignments_set_once
    EXCLUDE USING gist (class_id WITH =, (coalesce(document_id, topic_id)) WITH =, tstzrange(opens_at, due_at) WITH &&)
    WHERE (withdrawn_at IS NULL);
CREATE INDEX ix_assignments_due_at ON assignments (due_at DESC, id);
