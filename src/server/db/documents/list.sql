WITH part AS (
    SELECT d.id
      FROM (SELECT d.id, d.words, d.year, d.title
              FROM documents d
              JOIN visible_document_ids($1, $2, $3) v ON v.id = d.id
             WHERE ($4::uuid IS NULL OR d.id = $4)
               AND ($5::text IS NULL OR d.level = $5)
               AND ($6::text IS NULL
                    OR d.subject_id = ANY (ARRAY(SELECT s.id FROM subjects s WHERE s.name = $6)))
               AND ($7::uuid IS NULL OR d.subject_id = $7)
               AND ($8::bigint IS NULL OR -coalesce(d.year, 0) = -$8::bigint)
               AND ($9::text IS NULL OR d.kind = $9)
               AND ($10::boolean IS NULL OR d.is_personal = $10)
               AND ($11 OR d.kind <> 'marking_scheme')
               AND CASE $12 WHEN 'mine' THEN d.uploaded_by = $1
                            WHEN 'shared' THEN d.id = ANY (ARRAY(SELECT s.document_id FROM document_shares s
                                                                  WHERE s.shared_with_user_id = $1))
                            WHEN 'archived' THEN d.is_archived
                            ELSE $13 OR NOT d.is_archived END
               AND ($14::text IS NULL OR $20 OR d.words @@ search_query($14))
               AND ($15::integer IS NULL OR (-coalesce(d.year, 0), d.title, d.id) > ($15, $16, $17))
             ORDER BY -coalesce(d.year, 0), d.title, d.id
             LIMIT $21) d
     WHERE $14::text IS NULL OR NOT $20 OR d.words @@ search_query($14)
     ORDER BY -coalesce(d.year, 0), d.title, d.id
    OFFSET $18 LIMIT $19
)
SELECT d.id, d.title, d.filename, d.kind, d.level, s.name AS "subject?", d.subject_id, d.year,
       d.is_personal, d.is_shared, d.uploaded_by, owner.full_name AS owner,
       share.created_at AS "shared_at?", d.published_at IS NOT NULL AS "published!", d.status, d.page_count,
       d.pages_read, d.failure,
       coalesce(d.official_minutes, (d.paper -> 'cover' ->> 'duration')::integer) AS minutes,
       d.instructions, d.is_archived, d.archived_at, d.archive_reason, d.created_at,
       asked.questions AS "questions!", asked.parts AS "parts!", asked.keyed AS "keyed!",
       CASE WHEN d.uploaded_by = $1 OR $22 THEN
           (SELECT count(*) FROM questions q
             WHERE q.document_id = d.id
               AND (q.needs_look
                    OR EXISTS (SELECT FROM reports r WHERE r.document_id = d.id AND r.path = q.path
                                                       AND r.resolved_at IS NULL)))
       ELSE 0 END AS "to_look_at!",
       CASE WHEN $2 THEN (SELECT count(*) FROM document_comments c WHERE c.document_id = d.id)
            ELSE 0 END AS "comments!"
  FROM part
  JOIN documents d ON d.id = part.id
  JOIN users owner ON owner.id = d.uploaded_by
  LEFT JOIN document_shares share ON share.document_id = d.id AND share.shared_with_user_id = $1
  LEFT JOIN subjects s ON s.id = d.subject_id
 CROSS JOIN LATERAL question_count(d.id) AS asked
 ORDER BY -coalesce(d.year, 0), d.title, d.id
