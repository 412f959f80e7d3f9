DROP INDEX ix_audit_events_school_id;
