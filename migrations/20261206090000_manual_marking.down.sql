DROP FUNCTION is_variant;
DROP TABLE mark_overrides;
DROP INDEX ix_attempt_answers_unsure;
ALTER TABLE attempt_answers DROP COLUMN certainty;
