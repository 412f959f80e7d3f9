WITH attempt AS (
    SELECT a.id, a.quiz_id, a.deadline_at, a.paused_at, a.ending_at, a.submitted_at, a.holder, s.writer,
           a.submitted_at IS NULL AND (a.paused_at IS NOT NULL OR a.deadline_at > now()) AS running,
           coalesce(a.submitted_at, a.deadline_at) AS ended_at,
           a.closed_by IS DISTINCT FROM 'pupil'
               AND now() <= coalesce(a.submitted_at, a.deadline_at) + make_interval(secs => $5) AS grace
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS s (id, pupil, writer)
      JOIN attempts a ON a.id = s.id AND a.user_id = s.pupil
     WHERE NOT (a.submitted_at IS NULL AND quiz_is_withheld(a.quiz_id))
     ORDER BY a.id FOR SHARE OF a
), sent AS (
    SELECT * FROM jsonb_to_recordset($4)
        AS e (attempt_id uuid, writer uuid, seq bigint, item_id uuid, is_choice boolean, value jsonb,
              written_at timestamptz)
), entry AS (
    SELECT a.id AS attempt_id, a.running, e.writer, e.seq, e.item_id, e.is_choice, e.written_at, w.epoch,
           ARRAY(SELECT jsonb_array_elements_text(e.value)) AS value,
           a.running OR a.grace AND w.opened_at < a.ended_at AND e.written_at < a.ended_at
               AND e.written_at > coalesce(
                       (SELECT max(j.received_at) FROM attempt_journal j
                         WHERE j.attempt_id = w.attempt_id AND j.writer = w.writer
                           AND j.received_at <= a.ended_at),
                       w.opened_at) - interval '1 minute' AS counts
      FROM sent e
      JOIN attempt a ON a.id = e.attempt_id
      JOIN attempt_writers w ON w.attempt_id = e.attempt_id AND w.writer = e.writer
     WHERE CASE WHEN e.is_choice
           THEN EXISTS (SELECT FROM quiz_questions q
                         WHERE q.quiz_id = a.quiz_id AND q.question ->> 'id' = e.item_id::text)
           ELSE EXISTS (SELECT FROM attempt_answers t
                         WHERE t.attempt_id = e.attempt_id AND t.question_id = e.item_id) END
), noted AS (
    INSERT INTO attempt_journal AS j
           (attempt_id, writer, seq, item_id, is_choice, value, written_at, late, in_grace)
    SELECT attempt_id, writer, seq, item_id, is_choice, value, written_at, NOT counts, counts AND NOT running
      FROM entry
        ON CONFLICT (attempt_id, writer, seq) DO UPDATE
       SET late = false, in_grace = excluded.in_grace WHERE j.late AND NOT excluded.late
), newest AS (
    SELECT DISTINCT ON (attempt_id, is_choice, item_id) * FROM entry WHERE counts
     ORDER BY attempt_id, is_choice, item_id, epoch DESC, seq DESC
), answered AS (
    UPDATE attempt_answers t
       SET answer = n.value, epoch = n.epoch, seq = n.seq, saved_at = now()
      FROM newest n
     WHERE NOT n.is_choice AND t.attempt_id = n.attempt_id AND t.question_id = n.item_id AND t.checked_at IS NULL
       AND (t.epoch, t.seq) < (n.epoch, n.seq)
    RETURNING t.attempt_id
), chosen AS (
    INSERT INTO attempt_choices AS t (attempt_id, question_id, chosen, epoch, seq)
    SELECT attempt_id, item_id, EXISTS (SELECT FROM unnest(value) AS piece WHERE piece <> ''), epoch, seq
      FROM newest WHERE is_choice
        ON CONFLICT (attempt_id, question_id) DO UPDATE
       SET chosen = excluded.chosen, epoch = excluded.epoch, seq = excluded.seq
     WHERE (t.epoch, t.seq) < (excluded.epoch, excluded.seq)
    RETURNING t.attempt_id
), to_mark AS (
    INSERT INTO attempts_to_mark
    SELECT id FROM attempt WHERE submitted_at IS NOT NULL
       AND id IN (SELECT attempt_id FROM answered UNION SELECT attempt_id FROM chosen)
        ON CONFLICT DO NOTHING
)
SELECT a.id, running AS "running!", now() AS "now!", deadline_at, paused_at IS NOT NULL AS "paused!", ending_at, holder,
       coalesce(extract(epoch FROM deadline_at - coalesce(paused_at, now())), 0)::float8 AS "seconds_left!",
       coalesce((SELECT device FROM attempt_writers w WHERE w.attempt_id = a.id AND w.writer = holder), '')
           AS "device!",
       EXISTS (SELECT FROM entry WHERE attempt_id = a.id AND NOT counts) AS "late!",
       EXISTS (SELECT FROM (SELECT writer FROM sent WHERE attempt_id = a.id UNION SELECT a.writer) AS named
                WHERE NOT EXISTS (SELECT FROM attempt_writers w
                                   WHERE w.attempt_id = a.id AND w.writer = named.writer)) AS "unknown!"
  FROM attempt a
