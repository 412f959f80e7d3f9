SET LOCAL lock_timeout = '10s';
DROP TABLE backups;
