-- What counts where a candidate answers more questions of a section than are asked for.

ALTER TABLE documents ADD COLUMN counting text CHECK (counting IN ('first', 'best'));
COMMENT ON COLUMN documents.counting IS 'Of a section that asks for some of its questions: the first or the best; NULL: as the paper says.';
