ALTER TABLE page_text RENAME TO printed_pages;
ALTER TABLE attempt_handovers RENAME TO attempt_moves;
ALTER TABLE attempt_regrades RENAME TO attempt_remarks;
