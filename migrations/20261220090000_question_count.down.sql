DROP FUNCTION question_count(uuid);
