-- Classes with their pupils, accounts without an e-mail address, lists of classes, and who changed what.

ALTER TABLE users
    ALTER COLUMN email DROP NOT NULL,
    ADD COLUMN login_name text CONSTRAINT users_login_name_key UNIQUE
        CHECK (login_name ~ '^[a-z0-9]+([.][a-z0-9]+)*$' AND length(login_name) <= 60),
    ADD COLUMN id_number text CONSTRAINT users_id_number_key UNIQUE CHECK (length(id_number) BETWEEN 1 AND 50),
    ADD CONSTRAINT users_can_be_named CHECK (email IS NOT NULL OR login_name IS NOT NULL);
COMMENT ON COLUMN users.login_name IS 'What a pupil signs in with who has no e-mail address. It has no @, so it is never an address.';
COMMENT ON COLUMN users.id_number IS 'The number by which the school''s lists know the pupil.';
COMMENT ON COLUMN users.hashed_password IS 'Empty until a password is chosen with the code of a card.';
COMMENT ON TABLE password_resets IS
    'A code that an admin hands over, as such for a day or on a card for longer: good once, to set a new password.';

CREATE TABLE classes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 50),
    level varchar(16) NOT NULL REFERENCES levels (code),
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX uq_class ON classes (lower(name), year);

CREATE TABLE memberships (
    class_id uuid NOT NULL REFERENCES classes (id),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (class_id, user_id)
);
COMMENT ON TABLE memberships IS 'The pupils of each class. A class with pupils cannot be deleted.';
CREATE UNIQUE INDEX uq_membership ON memberships (user_id);

CREATE TABLE class_lists (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    cells jsonb NOT NULL,
    class text NOT NULL DEFAULT '',
    year integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    uploaded_by uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE class_lists IS 'Lists that wait to be imported, for a day: the cells of each row as they were sent.';
COMMENT ON COLUMN class_lists.class IS 'The class of every pupil, if the list has no column for it.';
CREATE INDEX ix_class_lists_uploaded_by ON class_lists (uploaded_by);

CREATE TABLE audit_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    by_user uuid NOT NULL,
    act text NOT NULL CHECK (length(act) BETWEEN 1 AND 40),
    user_id uuid,
    detail text NOT NULL DEFAULT ''
);
COMMENT ON TABLE audit_events IS
    'Who changed which pupil or class, and how. Rows are never changed, and deleted only after two years.';
COMMENT ON COLUMN audit_events.user_id IS 'Whose account was changed; NULL: a class. As by_user no foreign key: rows outlive accounts.';
CREATE INDEX ix_audit_events_user_id ON audit_events (user_id, id);
CREATE INDEX ix_audit_events_by_user ON audit_events (by_user, id);

CREATE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '2 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit_events are only added';
END $$;
CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_stay();
