DROP FUNCTION holds_results_from(uuid, uuid, timestamptz, uuid);
