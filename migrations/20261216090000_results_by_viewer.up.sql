-- Whether the results of a pupil's attempt are held back from a viewer: staff see them at once.
CREATE FUNCTION holds_results_from(viewer uuid, pupil uuid, results_at timestamptz, assignment uuid)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT viewer = pupil AND results_held_until(results_at, assignment) IS NOT NULL
$$;
