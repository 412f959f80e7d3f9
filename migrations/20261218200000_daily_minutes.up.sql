-- How long a pupil means to practise each day.
-- Rather than let people wait behind a backup, this fails and is run again.
SET LOCAL lock_timeout = '10s';
ALTER TABLE users ADD COLUMN daily_minutes smallint CHECK (daily_minutes IN (10, 20, 30, 45));
COMMENT ON COLUMN users.daily_minutes IS 'Chosen by the pupil; NULL: no plan.';
