-- How many questions a document has, as it numbers them; how many parts of them are answered, a question without parts being one;
-- and how many of these have a key.
CREATE FUNCTION question_count(document uuid) RETURNS TABLE (questions bigint, parts bigint, keyed bigint)
    LANGUAGE sql STABLE AS $$
    SELECT count(*) FILTER (WHERE q.parent_id IS NULL
                              AND (q.kind <> 'group' OR EXISTS (SELECT FROM questions p WHERE p.parent_id = q.id))),
           count(*) FILTER (WHERE q.kind <> 'group'),
           count(q.key) FILTER (WHERE q.kind <> 'group')
      FROM questions q
     WHERE q.document_id = document
$$;
