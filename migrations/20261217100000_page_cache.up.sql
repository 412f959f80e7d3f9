-- Pictures of pages are made again when they are missing: they need no log, and no place in a backup.
TRUNCATE page_images;
ALTER TABLE page_images SET UNLOGGED;
