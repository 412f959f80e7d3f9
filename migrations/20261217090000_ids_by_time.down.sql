SET LOCAL lock_timeout = '10s';
ALTER TABLE attempts ALTER COLUMN id SET DEFAULT gen_random_uuid();
ALTER TABLE quizzes ALTER COLUMN id SET DEFAULT gen_random_uuid();
DROP FUNCTION uuid_v7;
