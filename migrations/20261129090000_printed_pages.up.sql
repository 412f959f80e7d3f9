-- What is printed where, so that the text of a page can be selected, and read out.
CREATE TABLE printed_pages (
    content_hash bytea NOT NULL REFERENCES document_files (content_hash) ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    width real NOT NULL,
    height real NOT NULL,
    print jsonb NOT NULL CHECK (jsonb_typeof(print) = 'array'),
    PRIMARY KEY (content_hash, number)
);
COMMENT ON TABLE printed_pages IS 'The pages of a file as they were last read: points, and stretches of text with their places.';
-- Of what was read before the sizes are known; its text comes with the next reading.
INSERT INTO printed_pages (content_hash, number, width, height, print)
SELECT DISTINCT ON (d.content_hash, p.number) d.content_hash, p.number, (p.size ->> 'width')::real, (p.size ->> 'height')::real, '[]'
  FROM documents d, jsonb_array_elements(d.paper -> 'pages') WITH ORDINALITY AS p (size, number)
 WHERE d.content_hash IS NOT NULL;
