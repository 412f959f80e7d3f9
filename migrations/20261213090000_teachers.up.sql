-- Teachers, and the classes that each of them teaches.
ALTER TABLE users DROP CONSTRAINT users_role_check;
ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('student', 'teacher', 'admin'));

-- By its level a pupil sees papers; a teacher sees them by the classes.
ALTER TABLE users ADD CONSTRAINT users_teachers_have_no_level CHECK (role <> 'teacher' OR education_level IS NULL);

CREATE TABLE class_teachers (
    class_id uuid NOT NULL REFERENCES classes (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (class_id, user_id)
);
COMMENT ON TABLE class_teachers IS
    'Whose pupils a teacher sees and acts for, and by their levels which papers. Only of accounts with that role.';
CREATE INDEX ix_class_teachers_user_id ON class_teachers (user_id);

-- THE rule, with what a teacher sees: the school's papers of the levels of their classes, and nobody's personal documents.
CREATE OR REPLACE FUNCTION visible_document_ids(viewer uuid, is_admin boolean, viewer_level text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE AS $$
    SELECT d.id
      FROM documents d
     WHERE (SELECT u.is_active FROM users u WHERE u.id = viewer)
       AND (is_admin
            -- A paper that a teacher added for the school is seen by its level, as others' are.
            OR (d.uploaded_by = viewer
                AND (d.is_personal OR NOT EXISTS (SELECT FROM users u WHERE u.id = viewer AND u.role = 'teacher')))
            OR (NOT d.is_archived
                AND d.id = ANY (ARRAY(SELECT s.document_id FROM document_shares s WHERE s.shared_with_user_id = viewer)))
            OR (NOT d.is_archived
                AND NOT d.is_personal
                AND d.level = viewer_level
                AND d.published_at IS NOT NULL
                AND d.kind <> 'marking_scheme')
            OR (NOT d.is_personal
                AND d.level = ANY (ARRAY(SELECT c.level FROM class_teachers t JOIN classes c ON c.id = t.class_id
                                          WHERE t.user_id = viewer))))
$$;
