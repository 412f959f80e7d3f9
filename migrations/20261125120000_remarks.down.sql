DROP TABLE attempt_remarks;
