SET LOCAL lock_timeout = '10s';
ALTER TABLE users DROP COLUMN daily_minutes;
