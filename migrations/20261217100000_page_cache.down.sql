TRUNCATE page_images;
ALTER TABLE page_images SET LOGGED;
