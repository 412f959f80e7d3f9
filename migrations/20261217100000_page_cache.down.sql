SET LOCAL lock_timeout = '10s';
TRUNCATE page_images;
ALTER TABLE page_images SET LOGGED;
