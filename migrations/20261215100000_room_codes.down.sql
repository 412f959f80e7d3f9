ALTER TABLE assignments DROP COLUMN room_code;
