-- One noun has one name: as the code and the pages call these things.
ALTER TABLE attempt_remarks RENAME TO attempt_regrades;
ALTER TABLE attempt_moves RENAME TO attempt_handovers;
ALTER TABLE printed_pages RENAME TO page_text;
