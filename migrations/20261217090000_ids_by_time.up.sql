-- New ids of what every exam makes grow with time, so that they and the keys that begin with them (answers, journal) are added at
-- the end of their indexes. Earlier ids stay.
-- Rather than let exams wait behind a backup, this fails and is run again.
SET LOCAL lock_timeout = '10s';

-- PostgreSQL has its own from version 18 on. RFC 9562: 48 bits of milliseconds, 12 of their fraction, the rest random.
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT overlay(replace(gen_random_uuid()::text, '-', '') PLACING overlay(
        lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000 * 4096)::bigint), 15, '0')
        PLACING '7' FROM 13 FOR 0) FROM 1)::uuid
$$;
COMMENT ON FUNCTION uuid_v7 IS 'It tells when it was made, so it is an id and never a secret.';
ALTER TABLE quizzes ALTER COLUMN id SET DEFAULT uuid_v7();
ALTER TABLE attempts ALTER COLUMN id SET DEFAULT uuid_v7();
