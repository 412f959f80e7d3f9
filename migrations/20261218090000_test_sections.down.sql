SET LOCAL lock_timeout = '10s';
ALTER TABLE class_tests DROP COLUMN sections;
