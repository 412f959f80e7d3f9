-- What came closest before: pairs, and blanks; a section of which the best count was one to choose from.

CREATE FUNCTION pg_temp.as_before(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(replace(replace(value::text, '"kind": "classify"', '"kind": "match"'),
                           '"kind": "label"', '"kind": "cloze"'),
                   '"best":', '"choose":')::jsonb
$$;
UPDATE documents SET reading = pg_temp.as_before(reading), paper = pg_temp.as_before(paper);
UPDATE corrections SET correction = pg_temp.as_before(correction);
UPDATE quiz_questions SET question = pg_temp.as_before(question);
UPDATE quizzes SET sections = pg_temp.as_before(sections);
UPDATE questions SET kind = CASE kind WHEN 'classify' THEN 'match' WHEN 'label' THEN 'cloze' END
 WHERE kind IN ('classify', 'label');
ALTER TABLE questions DROP CONSTRAINT questions_kind_check;
ALTER TABLE questions ADD CONSTRAINT questions_kind_check
    CHECK (kind IN ('group', 'single', 'multiple', 'true_false', 'numeric', 'short', 'list', 'cloze', 'match', 'order',
                    'long'));

ALTER TABLE questions DROP CONSTRAINT questions_document_id_position_key;
ALTER TABLE questions ADD CONSTRAINT questions_document_id_position_key UNIQUE (document_id, position);
