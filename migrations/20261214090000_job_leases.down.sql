COMMENT ON TABLE jobs IS
    'Work to do. A worker holds its row locked (FOR UPDATE SKIP LOCKED) and deletes it when done: '
    'when a worker dies, so does its lock, and another takes the row.';
ALTER TABLE jobs DROP COLUMN leased_until;
