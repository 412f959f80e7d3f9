-- A worker leases a job and renews the lease while it works, in place of a transaction that stays open for minutes.
-- A program of before holds its rows locked while it reads; rather than let uploads wait behind that, this fails and is run again.
SET LOCAL lock_timeout = '10s';
ALTER TABLE jobs ADD COLUMN leased_until timestamptz;
COMMENT ON TABLE jobs IS
    'Work to do. A worker leases a row, renews the lease while it works, and deletes the row when it is done: when a worker '
    'dies, its lease runs out, and another takes the row.';
