-- A worker leases a job and renews the lease while it works, in place of a transaction that stays open for minutes.
ALTER TABLE jobs ADD COLUMN leased_until timestamptz;
COMMENT ON TABLE jobs IS
    'Work to do. A worker leases a row, renews the lease while it works, and deletes the row when it is done: when a worker '
    'dies, its lease runs out, and another takes the row.';
