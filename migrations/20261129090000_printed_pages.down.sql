DROP TABLE printed_pages;
