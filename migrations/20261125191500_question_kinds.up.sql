-- Questions whose answer puts things under headings, or names the parts of a picture.

ALTER TABLE questions DROP CONSTRAINT questions_kind_check;
ALTER TABLE questions ADD CONSTRAINT questions_kind_check
    CHECK (kind IN ('group', 'single', 'multiple', 'true_false', 'numeric', 'short', 'list', 'cloze', 'match', 'order',
                    'classify', 'label', 'long'));

-- A correction moves rows in one statement: two may have one place until it ends.
ALTER TABLE questions DROP CONSTRAINT questions_document_id_position_key;
ALTER TABLE questions ADD CONSTRAINT questions_document_id_position_key UNIQUE (document_id, position) DEFERRABLE;
