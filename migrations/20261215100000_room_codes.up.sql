-- A code that is told in the room, without which work that is set cannot be started.
ALTER TABLE assignments ADD COLUMN room_code text CHECK (room_code ~ '^[A-Z0-9]{5}$');
COMMENT ON COLUMN assignments.room_code IS 'For staff to see; NULL: it can be started without one.';
