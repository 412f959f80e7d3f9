//! The commands of docs/deploy.md, of README.md and of the database migration and deployment guide, run as they stand; and
//! what the command line does with a whole database.
//!
//! Everything runs in a shell of its own within `exam-prep with-database`, on an empty database exam_prep of a private
//! PostgreSQL. Only where PostgreSQL and the site listen is replaced: another PostgreSQL may have the guide's port.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// The tests share one PostgreSQL.
static TURN: Mutex<()> = Mutex::new(());
const PROGRAM: &str = env!("CARGO_BIN_EXE_exam-prep");
const GUIDE: &str = "../shared/seed/database-migration-and-deployment-guide.md";
/// An empty database, a home where curl fails on an answer from 400 on, and nothing that outlives the shell.
const BEFORE: &str = r#"
set -eu -o pipefail
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
SERVER=$DATABASE_URL SOCKETS=${DATABASE_URL#*host=}
anew() {
  psql -qX "${SERVER/exam_prep\?/postgres?}" -c 'DROP DATABASE IF EXISTS exam_prep WITH (FORCE)' -c 'CREATE DATABASE exam_prep'
}
# With "! grep" alone, the script would go on.
lacks() {
  if grep -q "$@"; then return 1; fi
}
anew 2>&1
unset DATABASE_URL
export PGPASSWORD=exam_prep_dev HOME=$PWD
printf 'fail\nsilent\nshow-error\n' > .curlrc
mkdir -p site/pkg
export LEPTOS_SITE_ROOT=$PWD/site
"#;
/// A database of the earlier system, and its folder of uploads.
const EARLIER: &str = r#"
psql -qX "${SERVER/exam_prep\?/postgres?}" -c 'DROP DATABASE IF EXISTS earlier WITH (FORCE)' -c 'CREATE DATABASE earlier' 2>&1
psql -qX -v ON_ERROR_STOP=1 "${SERVER/exam_prep\?/earlier?}" -f "$ROOT/tests/earlier.sql"
mkdir uploads
cp "$ROOT/demo/papers/p6-mathematics.pdf" 'uploads/6f1e_P6 Mathematics 2025.pdf'
cp "$ROOT/demo/papers/p6-mathematics-scheme.pdf" uploads/7a2f_scheme.pdf
cp "$ROOT/demo/papers/s3-physics.pdf" 'uploads/8b30_My notes.pdf'
cp "$ROOT/demo/papers/p6-set.pdf" uploads/old.pdf
"#;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a script; answers all that it says. Panics if a command fails.
fn run(name: &str, script: &str) -> String {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = root().join("target/test-guide");
    let place = folder.join(name);
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let script = script
        .replace("-h localhost", "-h \"$SOCKETS\"")
        .replace("localhost:5432/exam_prep", "localhost:5432/exam_prep?host=$SOCKETS")
        .replace("localhost:5432/earlier", "localhost:5432/earlier?host=$SOCKETS")
        .replace("localhost:8000", &format!("localhost:{port}"));
    let programs = Path::new(PROGRAM).parent().unwrap().display();
    let script = format!("{BEFORE}export PORT={port} PATH={programs}:$PATH\n{script}\n");
    fs::write(place.join("script"), script).unwrap();
    let output = Command::new(PROGRAM)
        .args(["with-database", "--", "bash", "-c", "exec bash script > said 2>&1 < /dev/null"])
        .current_dir(&place)
        .env("DATA_DIR", &folder)
        .env("ROOT", root())
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    let said = fs::read_to_string(place.join("said")).unwrap_or_default();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {}\n{said}\n{errors}", output.status);
    said
}

/// Language and text of each block of a Markdown file, without its indentation.
fn blocks(markdown: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else { continue };
        let indentation = line.len() - line.trim_start().len();
        let text = lines.by_ref().take_while(|line| line.trim_start() != "```");
        let text: Vec<&str> = text.map(|line| line.get(indentation..).unwrap_or_default()).collect();
        blocks.push((language.to_owned(), text.join("\n")));
    }
    blocks
}

/// Runs the `sh` blocks of a file of ours in turn, each told by its number; `left_out` says how many are for people only,
/// `before` makes what they take for granted.
fn follow(name: &str, file: &str, left_out: usize, before: &str) -> String {
    let blocks = blocks(&fs::read_to_string(root().join(file)).unwrap());
    let of = |language: &str| blocks.iter().filter(|block| block.0 == language).count();
    assert_eq!(of("console"), left_out, "{file}: blocks that are not run");
    assert_eq!(of("bash"), 0, "{file}: sh is run, console is not");
    let steps = blocks.iter().enumerate().filter(|(_, (language, _))| language == "sh");
    let steps = steps.map(|(number, (_, text))| format!("echo '== block {number}'\n{text}\n"));
    run(name, &format!("{before}{}", steps.collect::<String>()))
}

#[test]
fn our_guide_works_as_it_stands() {
    let said = follow("deploy", "docs/deploy.md", 14, EARLIER);
    for words in [
        "ok       table document_shares",
        "Undid",
        "Restored:",
        "p6student@test.com",
        "overall_accuracy",
        "The import is complete.",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn the_readme_works_as_it_stands() {
    assert!(follow("readme", "README.md", 1, "").contains("\"status\":\"ok\""));
}

/// The steps of the guide in their order, each block that is not Python's once. Pupils and papers are the demo's.
#[test]
fn the_guides_own_commands_work_to_the_letter() {
    let Ok(guide) = fs::read_to_string(root().join(GUIDE)) else {
        eprintln!("skipped: {GUIDE} is not here");
        return;
    };
    let mut left: Vec<String> = blocks(&guide)
        .into_iter()
        .filter(|(language, _)| language == "bash")
        .map(|(_, text)| match text.split_once("# Terminal 2: Test endpoints\n") {
            Some((_, curl)) => curl.to_owned(),
            None => text,
        })
        .filter(|text| !["uv run", "/.venv/", "cd backend"].iter().any(|python| text.contains(python)))
        .collect();
    let mut take = |part: &str| -> String {
        let found: Vec<usize> = (0..left.len()).filter(|at| left[*at].contains(part)).collect();
        assert_eq!(found.len(), 1, "one block has {part}");
        left.remove(found[0])
    };
    let (dump, restore) = (take("pg_dump"), take("pg_restore"));
    let (restore, restore_by_address) = restore.split_once("\n\n").unwrap();
    let (connect, statements) =
        take("# Connect to database").split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    // A person reads these lines and does not type them: to psql they are no comments.
    let typed = |block: String| -> String {
        block.lines().filter(|line| !line.starts_with("# ")).map(|line| format!("{line}\n")).collect()
    };
    let statements = typed(statements);
    let (environment, explain) = (take("SQLALCHEMY_ECHO"), typed(take("EXPLAIN ANALYZE")));
    let (register, health, log) = (take("users/register"), take("api/health"), take("tail -f"));
    let (documents, generate, performance) =
        (take("api/documents/"), take("quiz/generate"), take("students/{student_id}"));
    assert_eq!(left, [""; 0], "all of the guide's blocks are run");
    // The guide's own gaps, filled by the shell.
    let generate = generate.replace("\"document_id\": \"...\"", "\"document_id\": \"'$DOCUMENT'\"");
    let performance = performance.replace("{student_id}", "$STUDENT");
    let said = run(
        "seed",
        &format!(
            r#"
set -a
{environment}
set +a
exam-prep config | grep 'WEAK_TOPIC_THRESHOLD=0.60  .environment'
exam-prep demo | tee demo
exam-prep serve > backend.log 2>&1 &
SITE=$!
curl --retry 60 --retry-connrefused --retry-delay 1 http://localhost:8000/api/health

echo '== register'
REGISTERED=$({register}
)
echo "$REGISTERED"
token() {{ sed 's/.*"access_token":"\([^"]*\)".*/\1/'; }}
TOKEN=$(echo "$REGISTERED" | token)
PASSWORD=$(sed -n 's/^  admin *admin@demo.school *//p' demo)
ADMIN_TOKEN=$(curl http://localhost:8000/api/users/login \
  -d '{{"email": "admin@demo.school", "password": "'$PASSWORD'"}}' | token)
DOCUMENT=$(psql -XAtq "$DATABASE_URL" -c "SELECT id FROM documents WHERE title = 'P6 Mathematics practice paper'")
STUDENT=$(psql -XAtq "$DATABASE_URL" -c "SELECT id FROM users WHERE email = 'eric.mugisha@demo.school'")
echo '== pg_dump'
{dump}
echo '== psql'
{connect} -v ON_ERROR_STOP=1 <<'STATEMENTS'
{statements}
STATEMENTS
echo '== performance of queries'
psql -X -v ON_ERROR_STOP=1 "$DATABASE_URL" <<'STATEMENTS'
{explain}
STATEMENTS
echo '== validation'
echo 'Migration and error' >> backend.log
(
{log}
) > watched & WATCHER=$!
sleep 1
kill $(pgrep -P $WATCHER tail) || true
wait $WATCHER || true
grep 'Migration and error' watched
{health}
{documents}
{generate}
{performance}
echo '== restore'
kill $SITE
wait $SITE || true
count() {{ psql -XAtq "$DATABASE_URL" -c 'SELECT count(*) FROM users' -c 'SELECT sum(length(bytes)) FROM document_files'; }}
BEFORE=$(count)
mv "$(ls exam_prep_backup_*.dump | tail -n 1)" exam_prep_backup_20260224_103000.dump
anew
{restore}
[ "$(count)" = "$BEFORE" ]
anew
{restore_by_address}
[ "$(count)" = "$BEFORE" ]
exam-prep migrate status
exam-prep migrate verify > verified
"#
        ),
    );
    for words in [
        "\"token_type\":\"bearer\"",
        "\"uq_document_share\" UNIQUE CONSTRAINT, btree (document_id, shared_with_user_id)",
        "p6student@test.com",
        "Execution Time",
        "ix_documents_is_shared",
        "P6 Mathematics practice paper",
        "\"question_count\":10",
        "\"weak_topics\"",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

/// Backup, loss, restore: each table with the same rows, told by a checksum of their text.
#[test]
fn a_backup_brings_all_of_it_back() {
    run(
        "backup",
        r#"
export DATABASE_URL=postgresql://exam_prep:exam_prep_dev@localhost:5432/exam_prep
exam-prep demo
# Caches and counts are unlogged, and not in a backup; that it was made is recorded after it.
tables() {
  psql -XAtq "$DATABASE_URL" -c "SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p' AND relname <> 'backups' ORDER BY 1"
}
pictures() {
  psql -XAtq "$DATABASE_URL" -c "SELECT relpersistence FROM pg_class WHERE relname = 'page_images'" -c 'SELECT count(*) FROM page_images'
}
sums() {
  for table in $(tables); do
    psql -XAtq "$DATABASE_URL" -c "SELECT '$table', count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM $table t"
  done
}
refused() {
  if "$@" > refusal 2>&1 < /dev/null; then echo "not refused: $*"; exit 1; fi
  cat refusal
}
sums > before
grep -q '^document_files|8|' before
psql -qX "$DATABASE_URL" -c "INSERT INTO page_images SELECT content_hash, 'page-1', bytes FROM document_files"
[ "$(pictures | xargs)" = 'u 8' ]
exam-prep backup whole.dump
[ "$(stat -c %a whole.dump)" = 600 ]
refused exam-prep backup whole.dump
grep -q 'already exists' refusal

echo '== a database that is not empty is not replaced unasked'
refused exam-prep restore whole.dump
grep -q -- --yes refusal
grep -q 'table users: 32 rows' refusal
sums | diff before -

echo '== a broken file changes nothing'
head -c $(($(stat -c %s whole.dump) / 2)) whole.dump > broken.dump
refused exam-prep restore --yes broken.dump
grep -q 'as it was' refusal
echo nonsense > nonsense.dump
refused exam-prep restore --yes nonsense.dump
sums | diff before -

echo '== a newer schema and newer rows give way'
psql -qX "$DATABASE_URL" -c 'CREATE TABLE newer (id uuid REFERENCES users (id))' -c "CREATE TYPE mood AS ENUM ('a')" \
  -c 'CREATE VIEW seen AS SELECT * FROM newer' -c 'DELETE FROM documents' -c 'ALTER TABLE users ADD COLUMN mood mood'
exam-prep restore --yes whole.dump
sums | diff before -
[ "$(pictures | xargs)" = 'u 0' ]
exam-prep migrate verify > verified

echo '== backups in a folder: as many as wanted, each tried'
mkdir nightly
touch nightly/exam_prep_20200101_020000.dump nightly/exam_prep_20200102_020000.dump nightly/my_own.dump
exam-prep backup --to nightly --keep 2 --verify > said
grep -q 'table users: 32 rows' said
[ "$(ls nightly | wc -l)" = 3 ]
[ ! -e nightly/exam_prep_20200101_020000.dump ]
[ -e nightly/my_own.dump ]
# One with a later time, of a wrong clock, is older.
touch nightly/exam_prep_20990101_020000.dump
exam-prep backup --to nightly --keep 1 > said
[ -s "$(sed 's/: .*//' said)" ]
[ "$(ls nightly | wc -l)" = 2 ]
sums | diff before -

echo '== into an empty database, without asking'
anew
exam-prep restore whole.dump
sums | diff before -
"#,
    );
}

/// The server, moto, is one of the tools; without them, this is skipped.
#[test]
fn a_backup_goes_to_s3_and_comes_back() {
    run(
        "s3",
        r#"
[ -n "${TOOLS:-}" ] || { echo 'skipped: TOOLS is not set; make check sets it'; exit 0; }
serve_s3() {
  "$TOOLS/python/bin/moto_server" --port "$1" >> moto.log 2>&1 &
  curl --silent --retry 50 --retry-connrefused --retry-delay 1 --output s3.html "http://localhost:$1/moto-api/" 2>> moto.log
}
S3=http://localhost:$((PORT + 1))
# Another program may have the port next to a free one.
while (exec 3<> "/dev/tcp/localhost/${S3##*:}") 2>/dev/null; do S3=http://localhost:$((${S3##*:} + 1)); done
serve_s3 "${S3##*:}"
export AWS_ENDPOINT_URL=$S3 AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret
export DATABASE_URL=postgresql://exam_prep:exam_prep_dev@localhost:5432/exam_prep
there() { curl "$S3/bucket?list-type=2" | grep -o '<Key>[^<]*' | cut -c 6- | sort || true; }
unfinished() { curl "$S3/bucket?uploads" | grep -o '<UploadId>[^<]*' | wc -l; }
sums() {
  psql -XAtq "$DATABASE_URL" -c 'SELECT count(*), md5(string_agg(content_hash::text, chr(10) ORDER BY content_hash)) FROM document_files' \
    -c 'SELECT count(*), md5(string_agg(email, chr(10) ORDER BY email)) FROM users' -c 'SELECT sum(length(words)) FROM ballast'
}
refused() {
  if "$@" > refusal 2>&1 < /dev/null; then echo "not refused: $*"; exit 1; fi
  cat refusal
}
exam-prep demo

echo '== what is wrong is told at once'
refused exam-prep backup --to s3://bucket/nightly
grep -q 'no bucket bucket' refusal
refused env AWS_ENDPOINT_URL=http://localhost:1 exam-prep backup --to s3://bucket/nightly
grep -q 'cannot be reached.*refused' refusal
refused env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY AWS_METADATA_ENDPOINT=http://localhost:1 exam-prep backup --to s3://bucket/nightly
grep -q 'set AWS_ACCESS_KEY_ID' refusal
printf token > token
refused env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY AWS_CONTAINER_CREDENTIALS_FULL_URI=http://localhost:1/role \
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token exam-prep backup --to s3://bucket/nightly
grep -q 'is there a network' refusal
if grep -q AWS_ACCESS_KEY_ID refusal; then echo "keys are named"; exit 1; fi
curl -X PUT "$S3/bucket"
refused exam-prep restore --yes s3://bucket/nightly/none.dump
grep -q 'there is no s3://bucket/nightly/none.dump' refusal

echo '== in one request, and kept as many as wanted'
psql -qX "$DATABASE_URL" -c "CREATE TABLE ballast AS SELECT ''::text AS words"
for name in nightly/exam_prep_20200101_020000.dump nightly/exam_prep_20200102_020000.dump nightly/my_own.dump \
  exam_prep_20200101_020000.dump nightly/old/exam_prep_20200101_020000.dump; do
  curl -X PUT --data '' "$S3/bucket/$name"
done
exam-prep backup --to s3://bucket/nightly --keep 2 --verify > told
grep -q 'table users: 32 rows' told
exam-prep doctor | grep 'ok     last backup: 0 minutes old.*s3://bucket/nightly.*tried by restoring it'
psql -qX "$DATABASE_URL" -c "UPDATE backups SET made_at = now() - interval '3 days'"
exam-prep doctor | grep 'look   last backup: 3 days old.*every night.*exam-prep-backup.timer'
there > kept
[ "$(grep -c '^nightly/exam_prep_' kept)" = 2 ]
lacks '^nightly/exam_prep_20200101' kept
[ "$(wc -l < kept)" = 5 ]
exam-prep backup --to s3://bucket > told
[ "$(there | grep -c '^exam_prep_')" = 2 ]

echo '== in parts'
psql -qX "$DATABASE_URL" -c "INSERT INTO ballast SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 2400000) i GROUP BY i % 100"
sums > before
exam-prep backup s3://bucket/whole.dump
refused exam-prep backup s3://bucket/whole.dump
grep -q 'already exists' refusal
psql -qX "$DATABASE_URL" -c 'DELETE FROM ballast' -c 'DELETE FROM documents' -c 'CREATE TABLE newer ()'
exam-prep restore --yes s3://bucket/whole.dump
sums | diff before -
curl --range 0-800000 --output broken.dump "$S3/bucket/whole.dump"
curl -X PUT -H 'Content-Type: application/octet-stream' --data-binary @broken.dump "$S3/bucket/broken.dump"
refused exam-prep restore --yes s3://bucket/broken.dump
grep -q 'as it was' refusal
sums | diff before -

echo '== one that is interrupted is not there'
there > before_interruptions
begin() {
  exam-prep backup --to s3://bucket/nightly --keep 1 > told 2>&1 &
  BACKUP=$!
  until [ "$(unfinished)" != "$1" ]; do kill -0 $BACKUP; sleep 0.02; done
}
begin 0
kill -KILL $BACKUP
wait $BACKUP || true
[ "$(unfinished)" = 1 ]
begin 1
psql -qX "$DATABASE_URL" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pg_dump'" > ended
if wait $BACKUP; then echo 'the backup did not fail'; exit 1; fi
grep -q 'the backup was not made: pg_dump says' told
[ "$(unfinished)" = 1 ]
there | diff before_interruptions -

echo '== keys that nobody gave'
STRICT=$((${S3##*:} + 1))
while (exec 3<> "/dev/tcp/localhost/$STRICT") 2>/dev/null; do STRICT=$((STRICT + 1)); done
INITIAL_NO_AUTH_ACTION_COUNT=0 serve_s3 $STRICT
refused env AWS_ENDPOINT_URL=http://localhost:$STRICT exam-prep backup --to s3://bucket/nightly
grep -q 'no access to the bucket bucket' refusal
"#,
    );
}

#[test]
fn a_site_is_set_up_once() {
    run(
        "setup",
        r#"
export DATABASE_URL=postgresql://exam_prep:exam_prep_dev@localhost:5432/exam_prep
psql -qX "${SERVER/exam_prep\?/postgres?}" -c 'DROP DATABASE exam_prep WITH (FORCE)'
admins() { psql -XAtq "$DATABASE_URL" -c "SELECT email, full_name FROM users WHERE role = 'admin' ORDER BY 1"; }
# pg_dump writes another random key into each dump.
all() { pg_dump --inserts "$DATABASE_URL" | grep -v '^.\(un\)\?restrict '; }

echo '== nobody to ask: what is missing is named, and no admin is made'
if exam-prep setup --admin-name Head > said 2>&1 < /dev/null; then exit 1; fi
grep -q -- --admin-email said
[ -z "$(admins)" ]
if exam-prep setup --admin-email head --admin-name Head > said 2>&1 < /dev/null; then exit 1; fi
grep -q 'e-mail address like' said
psql -qX "${SERVER/exam_prep\?/postgres?}" -c 'DROP DATABASE exam_prep WITH (FORCE)'

echo '== by flags, with a password that is made'
exam-prep setup --admin-email head@school.rw --admin-name 'Head Teacher' > said < /dev/null
grep -q '^Schema: the database is created' said
grep -q '^Backup: ' said
grep -q '^TLS: .*SECURE_COOKIES' said
lacks 'nothing was changed' said
[ "$(admins)" = 'head@school.rw|Head Teacher' ]
PASSWORD=$(sed -n 's/.*the password \([^,]*\),.*/\1/p' said)

echo '== again: nothing changes, whoever is named'
all > before
exam-prep setup --admin-email other@school.rw --admin-name Other > said < /dev/null
grep -q 'nothing was changed' said
lacks -i password said
all | diff before -
exam-prep migrate verify > verified
exam-prep serve 2> backend.log &
curl --retry 30 --retry-connrefused --retry-delay 1 http://localhost:8000/api/health
curl http://localhost:8000/api/users/login -d '{"email": "head@school.rw", "password": "'$PASSWORD'"}' | grep access_token
kill $!
wait $! || true

echo '== in a dialogue, with a password of one'\''s own'
anew
script -qec 'exam-prep setup' typescript <<< $'head@school.rw\nHead Teacher\numunsi mwiza 2026'
[ "$(admins)" = 'head@school.rw|Head Teacher' ]
grep -q 'can sign in now' typescript

echo '== a server that is away'
if DATABASE_URL=postgresql://exam_prep:secret@localhost:1/none exam-prep setup > said 2>&1 < /dev/null; then exit 1; fi
grep -q 'cannot be reached' said
lacks secret said
"#,
    );
}

#[test]
fn an_earlier_system_moves_over() {
    let said = run(
        "adopt",
        &format!(
            r#"{EARLIER}
export DATABASE_URL=postgresql://exam_prep:exam_prep_dev@localhost:5432/exam_prep
adopt() {{ exam-prep adopt --from "$@"; }}
FROM=postgresql+psycopg://exam_prep:exam_prep_dev@localhost:5432/earlier
refused() {{
  if "$@" > refusal 2>&1 < /dev/null; then echo "not refused: $*"; exit 1; fi
  [ "$(wc -l < refusal)" = 1 ]
  cat refusal
}}
rows() {{ psql -XAtq "$DATABASE_URL" -c 'SELECT count(*) FROM users' -c 'SELECT count(*) FROM attempts'; }}
refused adopt $FROM --files uploads
grep -q 'exam-prep migrate up' refusal
exam-prep migrate up
refused adopt $FROM
refused adopt "$DATABASE_URL" --files uploads
refused adopt postgresql://exam_prep:exam_prep_dev@localhost:1/earlier --files uploads
lacks exam_prep_dev refusal
adopt $FROM --files uploads --dry-run
[ "$(rows | tr '\n' ' ')" = '0 0 ' ]
adopt $FROM --files uploads
[ "$(rows | tr '\n' ' ')" = '7 4 ' ]
adopt $FROM --files uploads | grep '^users  *0  *7  *2$'
exam-prep serve 2> backend.log &
curl --retry 30 --retry-connrefused --retry-delay 1 http://localhost:8000/api/health
TOKEN=$(curl http://localhost:8000/api/users/login -d '{{"email": "amina@school.rw", "password": "123456"}}' |
  sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -H "Authorization: Bearer $TOKEN" http://localhost:8000/api/attempts/
psql -XAtq "$DATABASE_URL" -c "SELECT left(hashed_password, 9) FROM users WHERE email = 'amina@school.rw'"
"#
        ),
    );
    for words in ["nothing was changed.", "with --files", "\"score\":2.0,\"total\":3.0", "$argon2id"] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn what_would_lose_something_is_asked_and_what_cannot_work_stops() {
    run(
        "schema",
        r#"
export DATABASE_URL=postgresql://exam_prep:exam_prep_dev@localhost:5432/exam_prep
refused() {
  if "$@" > refusal 2>&1 < /dev/null; then echo "not refused: $*"; exit 1; fi
  cat refusal
}
echo '== no schema: the command is said'
refused timeout 20 exam-prep serve
grep -q 'exam-prep migrate up' refusal
refused exam-prep doctor
grep -q '^wrong  schema: .*exam-prep migrate up' refusal
refused exam-prep migrate verify
grep -q '^missing  table users' refusal

echo '== two processes at once'
exam-prep migrate up & ONE=$!
exam-prep migrate up & OTHER=$!
wait $ONE
wait $OTHER
exam-prep migrate status > status
lacks pending status
exam-prep doctor

echo '== an old schema'
exam-prep migrate down -1
exam-prep migrate status | tail -1 | grep '^pending'
refused timeout 20 exam-prep serve
grep -q 'older than this program: 1 of its' refusal
exam-prep migrate preview | grep -- '^-- '
exam-prep migrate up

echo '== with data'
exam-prep admin create --email head@school.rw --name Head <<< 'umunsi mwiza 2026'
refused exam-prep migrate down -99
grep -q 'table users: 1 row' refusal
grep -q -- --yes refusal
! exam-prep migrate status | grep -q pending
exam-prep migrate down -99 --yes
! exam-prep migrate status | grep -q applied

echo '== settings'
refused env PORT=0 exam-prep doctor
grep -q '^wrong  settings: .*PORT' refusal
refused env DATABASE_URL=postgresql://exam_prep@localhost:1/none exam-prep doctor
grep -q '^wrong  database: ' refusal
"#,
    );
}
