-- Full-text search over titles and questions, and a shelf that is quick with 100,000 documents.

-- Trusted: whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Words as they stand, whatever the language, without capitals and accents.
CREATE TEXT SEARCH CONFIGURATION words (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION words
    ALTER MAPPING FOR asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart
    WITH unaccent, simple;
-- English stems, only to ask with: as beginnings of words they find other forms than the one that was written.
CREATE TEXT SEARCH CONFIGURATION stems (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION stems
    ALTER MAPPING FOR asciiword, word, asciihword, hword, hword_asciipart, hword_part WITH unaccent, english_stem;

-- What a person looks for, each word of three letters or more as the beginning of one; NULL without any word. A stem that
-- ends with i may be of a word with y: studies, study.
CREATE FUNCTION search_query(asked text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT nullif(regexp_replace(regexp_replace((CASE WHEN stems = words THEN words ELSE words || stems END)::text,
                                                '(?<=[[:alpha:]]{3})''(?= |$)', ''':*', 'g'),
                                 '''([[:alpha:]]+)i'':[*]', '( ''\1i'':* | ''\1y'':* )', 'g'), '')::tsquery
      FROM (SELECT websearch_to_tsquery('words', asked), websearch_to_tsquery('stems', asked)) AS q (words, stems)
);

-- What a candidate reads of a question, never its key. A tsvector has room for 1 MB: of 100,000 letters it takes less,
-- whatever they are. A sign before a letter would begin a tag, whose words count for nothing.
CREATE FUNCTION question_words(asked text, options jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT replace(left(concat_ws(' ', asked, string_agg(option ->> 'text', ' ')), 100000), '<', '< ')
          FROM jsonb_array_elements(options) AS option);

-- Before the function: PostgreSQL 15.20 and later change no table in this way whose rows are an argument of one.
ALTER TABLE documents ADD COLUMN words tsvector NOT NULL DEFAULT '';
COMMENT ON COLUMN documents.words IS 'Title, level, year and questions for the search; the database keeps it up.';

CREATE FUNCTION document_words(document documents) RETURNS tsvector LANGUAGE sql STABLE
RETURN to_tsvector('words', left(concat_ws(' ', replace(document.title, '<', '< '), document.level, document.year,
    (SELECT string_agg(question_words(q.text, q.options), ' ' ORDER BY q.position)
       FROM questions q WHERE q.document_id = document.id)), 100000));

CREATE FUNCTION documents_set_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := document_words(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER documents_words BEFORE INSERT OR UPDATE OF title, level, year ON documents
    FOR EACH ROW EXECUTE FUNCTION documents_set_words();

CREATE FUNCTION questions_set_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents d SET words = n.words
      FROM (SELECT o.id, document_words(o) AS words FROM documents o WHERE o.id IN (SELECT document_id FROM changed)) n
     WHERE n.id = d.id AND n.words <> d.words;
    RETURN NULL;
END $$;
CREATE TRIGGER questions_words_added AFTER INSERT ON questions REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION questions_set_words();
CREATE TRIGGER questions_words_changed AFTER UPDATE ON questions REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION questions_set_words();
CREATE TRIGGER questions_words_gone AFTER DELETE ON questions REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION questions_set_words();

UPDATE documents d SET words = document_words(d);
CREATE INDEX ix_documents_words ON documents USING gin (words);

-- The order of the shelf: the newest first, without a year last.
CREATE INDEX ix_documents_shelf ON documents ((-coalesce(year, 0)), title, id);

-- THE rule, as it was, for a viewer whose role and level are known: then the planner sees which parts of it apply.
CREATE FUNCTION visible_document_ids(viewer uuid, is_admin boolean, viewer_level text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE AS $$
    SELECT d.id
      FROM documents d
     WHERE (SELECT u.is_active FROM users u WHERE u.id = viewer)
       AND (is_admin
            OR d.uploaded_by = viewer
            OR (NOT d.is_archived
                AND d.id = ANY (ARRAY(SELECT s.document_id FROM document_shares s WHERE s.shared_with_user_id = viewer)))
            OR (NOT d.is_archived
                AND NOT d.is_personal
                AND d.level = viewer_level
                AND d.published_at IS NOT NULL
                AND d.kind <> 'marking_scheme'))
$$;
CREATE OR REPLACE FUNCTION visible_document_ids(viewer uuid) RETURNS TABLE (id uuid) LANGUAGE sql STABLE AS $$
    SELECT v.id
      FROM users u, LATERAL visible_document_ids(viewer, u.role = 'admin', u.education_level) v
     WHERE u.id = viewer
$$;
