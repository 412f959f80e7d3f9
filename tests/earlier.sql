-- A database of the earlier system, as its models made it: names of types, tables and columns are that system's, all the
-- rest is made up. The passwords were hashed by Python's bcrypt.

CREATE TYPE role_enum AS ENUM ('STUDENT', 'ADMIN');
CREATE TYPE education_level_enum AS ENUM ('P6', 'S3', 'S6', 'TTC', 'DRIVING');
CREATE TYPE account_type_enum AS ENUM ('academic', 'practice');
CREATE TYPE ingestion_status_enum AS ENUM ('PENDING', 'INGESTING', 'COMPLETED', 'FAILED');
CREATE TYPE document_category_enum AS ENUM
    ('EXAM_PAPER', 'MARKING_SCHEME', 'SYLLABUS', 'TEXTBOOK', 'NOTES', 'OTHER', 'DRIVING_MANUAL');
CREATE TYPE question_type_enum AS ENUM ('MCQ', 'SHORT_ANSWER', 'ESSAY');
CREATE TYPE quiz_mode_enum AS ENUM ('ADAPTIVE', 'TOPIC_FOCUSED', 'REAL_EXAM');

CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('c3d4e5f6g7h8');

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email varchar(255) NOT NULL UNIQUE,
    hashed_password varchar(255) NOT NULL,
    full_name varchar(255) NOT NULL,
    role role_enum NOT NULL,
    account_type account_type_enum NOT NULL DEFAULT 'academic',
    is_active boolean NOT NULL,
    education_level education_level_enum,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
INSERT INTO users (id, email, hashed_password, full_name, role, is_active, education_level, created_at, updated_at)
SELECT ('00000000-0000-4000-8000-0000000000' || id)::uuid, email, hash, name, role::role_enum, active,
       level::education_level_enum, '2026-01-10 07:00+02', '2026-02-01 07:00+02'
  FROM (VALUES
    -- “umunsi mwiza”
    ('01', 'head@school.rw', '$2b$12$BCDHPZ0tO7Ckz1oNM0.C6OjVTDP2BWWQAYz.OhiYW4MRUx2jTICWK', 'Head Teacher', 'ADMIN', true, NULL),
    -- “123456”
    ('02', 'amina@school.rw', '$2b$12$fUXEcXjxzhVfBJwLhSGd5.Klb6QWBg2J6IRcuWE.DXyGxwea87ubq', 'Amina  Uwase', 'STUDENT', true, 'P6'),
    -- “igitondo”
    ('03', 'eric@school.rw', '$2b$04$c/UQvPKkbt3IAAF5Mu732es2EthFVIDDJ9YN6//bFgHCCLMWyKBCa', 'Eric Mugisha', 'STUDENT', true, 'P6'),
    ('04', 'diane@school.rw', 'fake_hash', 'Diane Mutesi', 'STUDENT', true, 'S3'),
    ('05', 'taken@school.rw', '$2b$04$c/UQvPKkbt3IAAF5Mu732es2EthFVIDDJ9YN6//bFgHCCLMWyKBCa', 'Somebody Taken', 'STUDENT', true, 'P6'),
    ('06', 'driver@school.rw', '$2b$04$c/UQvPKkbt3IAAF5Mu732es2EthFVIDDJ9YN6//bFgHCCLMWyKBCa', ' ', 'STUDENT', true, 'DRIVING'),
    ('07', 'no address', '$2b$04$c/UQvPKkbt3IAAF5Mu732es2EthFVIDDJ9YN6//bFgHCCLMWyKBCa', 'Nobody', 'STUDENT', true, 'P6'),
    ('08', 'Eric@School.RW', '$2b$04$c/UQvPKkbt3IAAF5Mu732es2EthFVIDDJ9YN6//bFgHCCLMWyKBCa', 'Eric Again', 'STUDENT', true, 'P6'),
    ('09', 'away@school.rw', '$2b$04$c/UQvPKkbt3IAAF5Mu732es2EthFVIDDJ9YN6//bFgHCCLMWyKBCa', 'Gone Away', 'STUDENT', false, 'P6')
  ) AS person (id, email, hash, name, role, active, level);

CREATE TABLE subjects (
    id uuid PRIMARY KEY,
    name varchar(200) NOT NULL,
    level education_level_enum NOT NULL,
    description text,
    icon varchar(10),
    created_at timestamptz NOT NULL,
    CONSTRAINT uq_subject_name_level UNIQUE (name, level)
);
INSERT INTO subjects VALUES
    ('00000000-0000-4000-8000-000000000101', 'mathematics', 'P6', 'Primary 6 Mathematics', NULL, '2026-01-10'),
    ('00000000-0000-4000-8000-000000000102', 'Poetry', 'P6', 'Poems and how to read them', '📚', '2026-01-10'),
    ('00000000-0000-4000-8000-000000000103', 'Highway code', 'DRIVING', NULL, NULL, '2026-01-10'),
    ('00000000-0000-4000-8000-000000000104', 'Physics', 'S3', NULL, NULL, '2026-01-10');

CREATE TABLE student_subjects (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    student_id uuid NOT NULL REFERENCES users (id),
    subject_id uuid NOT NULL REFERENCES subjects (id),
    created_at timestamptz NOT NULL DEFAULT '2026-01-11',
    CONSTRAINT uq_student_subject UNIQUE (student_id, subject_id)
);
INSERT INTO student_subjects (student_id, subject_id) VALUES
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000101'),
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000102'),
    ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000104'),
    ('00000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-000000000101'),
    ('00000000-0000-4000-8000-000000000006', '00000000-0000-4000-8000-000000000103');

CREATE TABLE topics (
    id uuid PRIMARY KEY,
    subject varchar(100) NOT NULL,
    name varchar(200) NOT NULL,
    parent_id uuid REFERENCES topics (id)
);
INSERT INTO topics VALUES
    ('00000000-0000-4000-8000-000000000201', 'Mathematics', 'operations on Fractions', NULL),
    ('00000000-0000-4000-8000-000000000202', 'General', 'General', NULL);

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    filename varchar(500) NOT NULL,
    subject varchar(100) NOT NULL,
    level education_level_enum NOT NULL,
    year varchar(10) NOT NULL,
    official_duration_minutes integer,
    instructions text,
    marking_scheme text,
    is_personal boolean NOT NULL,
    is_shared boolean NOT NULL DEFAULT false,
    ingestion_status ingestion_status_enum NOT NULL DEFAULT 'COMPLETED',
    collection_name varchar(200) DEFAULT 'P6_Mathematics',
    document_category document_category_enum NOT NULL,
    subject_id uuid REFERENCES subjects (id),
    page_count integer DEFAULT 4,
    file_path varchar(1000) NOT NULL,
    uploaded_by uuid NOT NULL REFERENCES users (id),
    is_archived boolean NOT NULL DEFAULT false,
    archived_at timestamptz,
    archived_by uuid REFERENCES users (id),
    archive_reason text,
    created_at timestamptz NOT NULL DEFAULT '2026-01-12 09:30+02'
);
INSERT INTO documents (id, filename, subject, level, year, is_personal, document_category, subject_id, file_path, uploaded_by)
SELECT ('00000000-0000-4000-8000-0000000003' || id)::uuid, filename, subject, level::education_level_enum, year, personal,
       category::document_category_enum, ('00000000-0000-4000-8000-000000000' || subject_id)::uuid, path,
       ('00000000-0000-4000-8000-0000000000' || owner)::uuid
  FROM (VALUES
    ('01', 'P6 Mathematics 2025.pdf', 'mathematics', 'P6', '2025', false, 'EXAM_PAPER', '101', 'uploads/6f1e_P6 Mathematics 2025.pdf', '01'),
    ('02', 'P6 Mathematics 2025 scheme.pdf', 'mathematics', 'P6', '2025', false, 'MARKING_SCHEME', NULL, 'uploads/7a2f_scheme.pdf', '01'),
    ('03', 'My notes.pdf', 'Cooking', 'P6', '2025-26', true, 'NOTES', NULL, 'uploads/8b30_My notes.pdf', '02'),
    ('04', 'Old paper.pdf', 'mathematics', 'P6', '2011', false, 'EXAM_PAPER', '101', 'uploads/old.pdf', '01'),
    ('05', 'Lost.pdf', 'mathematics', 'P6', '2024', false, 'EXAM_PAPER', '101', 'uploads/lost.pdf', '01'),
    ('06', 'Picture.pdf', 'mathematics', 'P6', '2024', false, 'EXAM_PAPER', '101', 'uploads/picture.pdf', '01'),
    ('07', 'Signs.pdf', 'Highway code', 'DRIVING', '2024', false, 'DRIVING_MANUAL', '103', 'uploads/old.pdf', '01'),
    ('08', 'For all of us.pdf', 'mathematics', 'P6', '2024', false, 'EXAM_PAPER', '101', 'uploads/old.pdf', '03'),
    ('09', 'Of nobody.pdf', 'mathematics', 'P6', '2024', true, 'EXAM_PAPER', '101', 'uploads/old.pdf', '05'),
    ('10', 'Outside.pdf', 'mathematics', 'P6', '2024', false, 'EXAM_PAPER', '101', '../outside.pdf', '01'),
    ('12', 'Linked.pdf', 'mathematics', 'P6', '2024', false, 'EXAM_PAPER', '101', 'uploads/linked.pdf', '01'),
    ('11', 'Lone scheme.pdf', 'Poetry', 'P6', '2020', false, 'MARKING_SCHEME', '102', 'uploads/7a2f_scheme.pdf', '01')
  ) AS document (id, filename, subject, level, year, personal, category, subject_id, path, owner);
UPDATE documents SET official_duration_minutes = 90, instructions = 'Answer all questions.', marking_scheme = '1. B'
 WHERE filename = 'P6 Mathematics 2025.pdf';
UPDATE documents SET is_archived = true, archived_at = '2026-02-02 08:00+00', archive_reason = 'Another syllabus',
       archived_by = '00000000-0000-4000-8000-000000000001' WHERE filename = 'Old paper.pdf';

CREATE TABLE document_shares (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL REFERENCES documents (id),
    shared_with_user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT '2026-01-13',
    CONSTRAINT uq_document_share UNIQUE (document_id, shared_with_user_id)
);
INSERT INTO document_shares (document_id, shared_with_user_id)
SELECT ('00000000-0000-4000-8000-0000000003' || document)::uuid, ('00000000-0000-4000-8000-0000000000' || person)::uuid
  FROM (VALUES ('03', '03'), ('03', '02'), ('03', '04'), ('03', '05'), ('01', '02'), ('09', '02'), ('08', '02'))
       AS share (document, person);
UPDATE documents d SET is_shared = EXISTS (SELECT FROM document_shares s WHERE s.document_id = d.id);

CREATE TABLE questions (
    id uuid PRIMARY KEY,
    text text NOT NULL,
    question_type question_type_enum NOT NULL,
    options text,
    correct_answer text,
    difficulty varchar(20),
    source_page integer,
    topic_id uuid REFERENCES topics (id),
    document_id uuid NOT NULL REFERENCES documents (id),
    created_at timestamptz NOT NULL DEFAULT '2026-01-14'
);
INSERT INTO questions (id, text, question_type, options, correct_answer, difficulty, topic_id, document_id)
SELECT ('00000000-0000-4000-8000-0000000004' || id)::uuid, question, kind::question_type_enum, options, answer, 'medium',
       ('00000000-0000-4000-8000-000000000' || topic)::uuid, ('00000000-0000-4000-8000-0000000003' || document)::uuid
  FROM (VALUES
    ('01', 'What is a half of a half?', 'MCQ', '1/2|1/4|1/8|1', 'B', '201', '01'),
    ('02', 'A car drives 120 km in 2 hours. What is its average speed in km/h?', 'SHORT_ANSWER', NULL, '60 km/h', '202', '01'),
    ('03', 'Say why a triangle has three corners.', 'ESSAY', NULL, 'Three sides meet', NULL, '01'),
    ('04', 'Who wrote it?', 'SHORT_ANSWER', NULL, NULL, '202', '05'),
    ('05', 'Never asked of anybody.', 'SHORT_ANSWER', NULL, 'x', NULL, '01')
  ) AS question (id, question, kind, options, answer, topic, document);

CREATE TABLE quizzes (
    id uuid PRIMARY KEY,
    mode quiz_mode_enum NOT NULL,
    duration_minutes integer,
    instructions text,
    question_count integer NOT NULL DEFAULT 3,
    level education_level_enum,
    created_by uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT '2026-01-15'
);
INSERT INTO quizzes (id, mode, duration_minutes, created_by) VALUES
    ('00000000-0000-4000-8000-000000000501', 'REAL_EXAM', 6, '00000000-0000-4000-8000-000000000002'),
    ('00000000-0000-4000-8000-000000000502', 'ADAPTIVE', NULL, '00000000-0000-4000-8000-000000000003'),
    ('00000000-0000-4000-8000-000000000503', 'TOPIC_FOCUSED', 20, '00000000-0000-4000-8000-000000000003');

CREATE TABLE quiz_questions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    quiz_id uuid NOT NULL REFERENCES quizzes (id),
    question_id uuid NOT NULL REFERENCES questions (id),
    position integer NOT NULL
);
INSERT INTO quiz_questions (quiz_id, question_id, position)
SELECT ('00000000-0000-4000-8000-0000000005' || quiz)::uuid, ('00000000-0000-4000-8000-0000000004' || question)::uuid, place
  FROM (VALUES ('01', '03', 2), ('01', '02', 1), ('01', '01', 0), ('02', '04', 0), ('02', '01', 1), ('03', '01', 0))
       AS place (quiz, question, place);

CREATE TABLE attempts (
    id uuid PRIMARY KEY,
    quiz_id uuid NOT NULL REFERENCES quizzes (id),
    student_id uuid NOT NULL REFERENCES users (id),
    document_id uuid REFERENCES documents (id),
    score integer NOT NULL,
    total integer NOT NULL,
    percentage double precision NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL,
    submitted_at timestamptz
);
INSERT INTO attempts (id, quiz_id, student_id, document_id, score, total, started_at, submitted_at)
SELECT ('00000000-0000-4000-8000-0000000006' || id)::uuid, ('00000000-0000-4000-8000-0000000005' || quiz)::uuid,
       ('00000000-0000-4000-8000-0000000000' || student)::uuid, ('00000000-0000-4000-8000-0000000003' || document)::uuid,
       score, total, started::timestamptz, submitted::timestamptz
  FROM (VALUES
    ('01', '01', '02', '01', 1, 3, '2026-02-10 10:00:00.5+02', '2026-02-10 10:00+02'),
    ('02', '01', '02', '01', 2, 3, '2026-02-11 10:00+02', '2026-02-11 10:30+02'),
    ('03', '02', '03', '05', 2, 2, '2026-02-12 10:00+02', '2026-02-12 10:30+02'),
    ('04', '01', '05', '01', 0, 3, '2026-02-12 11:00+02', '2026-02-12 11:30+02'),
    ('05', '02', '03', '05', 0, 2, '2026-02-13 10:00+02', NULL),
    ('06', '03', '03', '05', 0, 1, '1970-01-01 00:00+00', '1970-01-01 00:00+00'),
    ('07', '03', '03', '05', 0, 1, '2026-02-13 10:00+02', '2062-02-13 10:00+02')
  ) AS attempt (id, quiz, student, document, score, total, started, submitted);

CREATE TABLE attempt_answers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    attempt_id uuid NOT NULL REFERENCES attempts (id),
    question_id uuid NOT NULL REFERENCES questions (id),
    answer text NOT NULL,
    is_correct boolean
);
INSERT INTO attempt_answers (attempt_id, question_id, answer, is_correct)
SELECT ('00000000-0000-4000-8000-0000000006' || attempt)::uuid, ('00000000-0000-4000-8000-0000000004' || question)::uuid,
       answer, correct
  FROM (VALUES
    ('01', '01', 'B', true), ('01', '02', '50', false),
    ('02', '01', 'B', true), ('02', '02', '60', true), ('02', '03', 'I do not know', false),
    ('03', '04', 'Homer', NULL), ('03', '01', 'B', true),
    ('04', '01', 'A', false)
  ) AS given (attempt, question, answer, correct);

CREATE TABLE progress (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    student_id uuid NOT NULL REFERENCES users (id),
    topic_id uuid NOT NULL REFERENCES topics (id),
    total_correct integer NOT NULL,
    total_questions integer NOT NULL,
    accuracy double precision NOT NULL,
    attempt_count integer NOT NULL,
    last_attempted_at timestamptz
);
INSERT INTO progress (student_id, topic_id, total_correct, total_questions, accuracy, attempt_count) VALUES
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000201', 2, 2, 1, 2),
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000202', 1, 2, 0.5, 2);

CREATE TABLE chat_sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id), title varchar(500) NOT NULL);
INSERT INTO chat_sessions VALUES (gen_random_uuid(), '00000000-0000-4000-8000-000000000002', 'Fractions');
CREATE TABLE chat_messages (id uuid PRIMARY KEY, session_id uuid NOT NULL REFERENCES chat_sessions (id));
