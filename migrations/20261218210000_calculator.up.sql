-- Whether a paper allows calculators, as its quizzes then do.
-- Rather than let people wait behind a backup, this fails and is run again.
SET LOCAL lock_timeout = '10s';
ALTER TABLE documents ADD COLUMN calculator boolean;
COMMENT ON COLUMN documents.calculator IS 'The school''s decision; NULL: as the cover says.';
ALTER TABLE quizzes ADD COLUMN calculator boolean NOT NULL DEFAULT false;
