CREATE FUNCTION document_words(document documents) RETURNS tsvector LANGUAGE sql STABLE
RETURN to_tsvector('words', left(concat_ws(' ', replace(document.title, '<', '< '), document.level, document.year,
    (SELECT string_agg(question_words(q.text, q.options), ' ' ORDER BY q.position)
       FROM questions q WHERE q.document_id = document.id)), 100000));

CREATE OR REPLACE FUNCTION documents_set_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := document_words(NEW);
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION questions_set_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents d SET words = n.words
      FROM (SELECT o.id, document_words(o) AS words FROM documents o WHERE o.id IN (SELECT document_id FROM changed)) n
     WHERE n.id = d.id AND n.words <> d.words;
    RETURN NULL;
END $$;

DROP FUNCTION document_words (uuid, text, text, integer);
