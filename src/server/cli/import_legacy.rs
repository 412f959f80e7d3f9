//! Imports a database of the earlier system, which was written in Python and is only read.
//!
//! The import is one transaction: an error or an interruption leaves nothing behind, and a dry run rolls it back. UUIDs
//! are kept, and other ids are derived from their rows, so that a second run recognises what the first one imported and
//! does not overwrite what people have changed since.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use exam_model::format;
use exam_model::question::Question;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use uuid::{Builder, Uuid};

use crate::domain::account::{Email, FullName, Role};
use crate::domain::document::{DocumentKind, Label};
use crate::domain::scoring::{self, ItemResult};
use crate::domain::topic;
use crate::server::auth::password;
use crate::server::config::{database_url, hide_password};
use crate::server::db::import_legacy::earlier::{self, Earlier, Row, Table};
use crate::server::db::import_legacy::{self, Account, Archived, NewAccount, NewAttempt, NewDocument, Subject};
use crate::server::db::{self, documents, topics};
use crate::server::documents::syllabus;
use crate::server::documents::uploads;
use crate::server::estimates;
use past::{Copied, Past, own_score};
use report::{Report, Tally};

mod copies;
mod past;
pub mod report;

/// Why data of an account that was not imported is not imported either.
const GONE: &str = "the account was not imported";

/// An attempt that seems to be from before this year has a wrong date.
const FIRST_YEAR: i32 = 2017;

/// The location of the earlier system.
pub struct Source<'a> {
    /// As in the earlier system (`postgresql+psycopg://…`), or a plain PostgreSQL URL.
    pub url: &'a str,
    /// The folder with the uploaded files.
    pub files: Option<&'a Path>,
    /// The most bytes of a file.
    pub max_upload: usize,
}

/// Imports what is not here yet.
pub async fn adopt(pool: &PgPool, source: &Source<'_>, dry_run: bool) -> Result<Report> {
    let Some(url) = database_url(source.url).map(String::from) else {
        bail!(
            "cannot import {}: it is not an address like postgresql://user:password@host:5432/database",
            hide_password(source.url)
        )
    };
    // Without the chain of causes: this message already includes them.
    let told = |error| anyhow!("cannot import {}: {error}", hide_password(&url));
    let earlier = Earlier::read(&url).await.map_err(told)?;
    let documents = earlier.of(&earlier::DOCUMENTS).len() as i64;
    let folder = match source.files {
        Some(folder) => {
            Some(folder.canonicalize().with_context(|| format!("the folder {} cannot be opened", folder.display()))?)
        }
        None if documents > 0 => {
            bail!(
                "the earlier system has {}: name the folder of their files with --files",
                format::count(documents, "document")
            )
        }
        None => None,
    };
    let (now, ..) = db::clock_and_size(pool).await?;
    let mut tx = db::begin(pool).await?;
    import_legacy::alone(&mut tx).await?;
    syllabus::ensure(&mut tx).await?;
    let mut adoption = Adoption {
        levels: import_legacy::levels(&mut tx).await?,
        conn: &mut tx,
        earlier: &earlier,
        folder,
        max_upload: source.max_upload,
        now,
        people: HashMap::new(),
        subjects: HashMap::new(),
        named: HashMap::new(),
        documents: HashMap::new(),
        tables: Vec::new(),
    };
    adoption.all().await.context("nothing was imported")?;
    let mut tables = adoption.tables;
    tables.push(progress(&earlier));
    if dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    Ok(Report { tables, revision: earlier.revision, oddities: earlier.oddities, dry_run })
}

/// Progress is not a table here; it follows from the answers.
fn progress(earlier: &Earlier) -> Tally {
    let mut tally = Tally::of(earlier::PROGRESS.name());
    tally.left = earlier.of(&earlier::PROGRESS).len() as i64;
    if tally.left > 0 {
        tally.note("all", "not copied: it is calculated from the imported answers, by the rules of this system");
    }
    tally
}

/// A user of the earlier system, as they are here.
struct Person {
    id: Uuid,
    email: String,
    is_admin: bool,
    /// Imported by this run.
    new: bool,
}

/// A document of the earlier system, imported or not.
struct Document {
    /// `None` if it is not here.
    id: Option<Uuid>,
    title: String,
    owner: Option<Uuid>,
    is_personal: bool,
    subject: Option<Uuid>,
    new: bool,
}

/// An import in progress. The keys of the maps are ids of the earlier system, as text.
struct Adoption<'a> {
    conn: &'a mut PgConnection,
    earlier: &'a Earlier,
    folder: Option<PathBuf>,
    max_upload: usize,
    now: DateTime<Utc>,
    levels: Vec<String>,
    people: HashMap<String, Person>,
    subjects: HashMap<String, Uuid>,
    /// The subjects here, by level and lower-case name.
    named: HashMap<(String, String), Uuid>,
    documents: HashMap<String, Document>,
    tables: Vec<Tally>,
}

/// The id here of a row there. If its id is not a UUID, the new id is derived from the table, the id and the time of
/// creation, so that it differs from the same number in another system.
fn id_here(table: &Table, row: &Row) -> Uuid {
    let id = row.text("id").unwrap_or_default();
    let made = row.text("created_at").or_else(|| row.text("started_at")).unwrap_or_default();
    let derived = || {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&Sha256::digest([table.name(), &id, &made].join("\n"))[..16]);
        Builder::from_custom_bytes(bytes).into_uuid()
    };
    id.parse().unwrap_or_else(|_| derived())
}

/// The earlier system did not record which paper a scheme belongs to. If exactly one paper and one scheme have the same
/// subject, level, year and audience, they are taken as a pair, and the report says so.
fn pair_schemes(new: &mut [NewDocument], tally: &mut Tally) {
    let of = |new: &[NewDocument], scheme: usize, kind: DocumentKind| -> Vec<usize> {
        let like = |document: &NewDocument| {
            (
                document.is_personal.then_some(document.uploaded_by),
                document.level.clone(),
                document.subject_id,
                document.label.year,
            )
        };
        (0..new.len()).filter(|&at| new[at].label.kind == kind && like(&new[at]) == like(&new[scheme])).collect()
    };
    for scheme in 0..new.len() {
        if new[scheme].label.kind != DocumentKind::MarkingScheme {
            continue;
        }
        let known = new[scheme].subject_id.is_some() && new[scheme].label.year.is_some();
        let (papers, schemes) =
            (of(new, scheme, DocumentKind::ExamPaper), of(new, scheme, DocumentKind::MarkingScheme));
        let words = match (papers.as_slice(), schemes.as_slice()) {
            (&[paper], &[_]) if known => {
                new[scheme].scheme_of = Some(new[paper].id);
                let title = &new[paper].label.title;
                format!("taken as the scheme of “{title}”, the only paper of its subject, level and year: please check")
            }
            _ => "its paper is unknown: upload it again on the page of its paper".to_owned(),
        };
        tally.note(&new[scheme].filename.clone(), &words);
    }
}

impl<'a> Adoption<'a> {
    async fn all(&mut self) -> Result<()> {
        self.users().await?;
        self.subjects().await?;
        self.enrollments().await?;
        self.documents().await?;
        self.shares().await?;
        self.attempts().await
    }

    async fn users(&mut self) -> Result<()> {
        let mut tally = Tally::of("users");
        let (mut admins, mut teachers, mut bcrypt) = (Vec::new(), Vec::new(), 0);
        for row in self.earlier.of(&earlier::USERS) {
            let key = row.text("id").unwrap_or_default();
            let written = row.text("email").unwrap_or_else(|| format!("the account {key}"));
            let Some((email, role)) = address_and_role(row, &written, &mut tally) else { continue };
            let id = id_here(&earlier::USERS, row);
            if let Some(there) = import_legacy::account(self.conn, id, &email).await? {
                if let Some(person) = person_here(id, role, there, &written, &mut tally) {
                    self.people.insert(key, person);
                }
                continue;
            }
            let level = row.text("education_level").map(|level| level.trim().to_owned());
            let known = level.as_deref().and_then(|level| self.level(level));
            if let (Some(level), None) = (&level, &known) {
                tally.note(
                    &written,
                    &format!("prepares for {level}, which is not a level here: they choose one themselves"),
                );
            }
            let Some(full_name) = full_name(row, &written, &mut tally) else {
                tally.leave(&written, "it has no name");
                continue;
            };
            let mut hash = row.text("hashed_password").unwrap_or_default();
            if password::is_bcrypt(&hash) {
                bcrypt += 1;
            } else {
                hash.clear();
                let way = if role == Role::Admin { "make another admin" } else { "give them a code for a new one" };
                tally.note(&written, &format!("the password cannot be checked: {way}"));
            }
            let new = NewAccount {
                id,
                email: &email,
                hashed_password: &hash,
                full_name: &full_name,
                role,
                level: known.as_deref().filter(|_| role == Role::Student),
                is_active: row.flag("is_active").unwrap_or(true),
                created_at: row.time("created_at"),
            };
            if !import_legacy::add_account(self.conn, &new).await? {
                tally.leave(&written, "an account with this address was created here a moment ago: run this again");
                continue;
            }
            tally.brought += 1;
            let is_admin = role == Role::Admin;
            match role {
                Role::Admin => admins.push(written.clone()),
                Role::Teacher => teachers.push(written.clone()),
                Role::Student => {}
            }
            self.people.insert(key, Person { id, email: email.as_str().to_owned(), is_admin, new: true });
        }
        if !teachers.is_empty() {
            tally.note("new teachers", &format!("{}: give each the classes that they teach", teachers.join(", ")));
        }
        if !admins.is_empty() {
            tally.note("new admins", &format!("{}: check that each should be an admin", admins.join(", ")));
        }
        if bcrypt > 0 {
            let words = format!("{} stay as they are until the next sign-in", format::count(bcrypt, "password"));
            tally.note("passwords", &words);
        }
        self.tables.push(tally);
        Ok(())
    }

    /// A user's address, or the earlier id of a user who was not imported.
    fn who(&self, key: &str) -> String {
        self.people.get(key).map_or_else(|| format!("account {key}"), |person| person.email.clone())
    }

    /// The code of a level here.
    fn level(&self, word: &str) -> Option<String> {
        self.levels.iter().find(|code| code.eq_ignore_ascii_case(word.trim())).cloned()
    }

    async fn subjects(&mut self) -> Result<()> {
        let mut tally = Tally::of("subjects");
        let mut ids = HashSet::new();
        for subject in import_legacy::subjects(self.conn).await? {
            ids.insert(subject.id);
            self.named.insert((subject.level, subject.name.to_lowercase()), subject.id);
        }
        for row in self.earlier.of(&earlier::SUBJECTS) {
            let (key, word) = (row.text("id").unwrap_or_default(), row.text("level").unwrap_or_default());
            let written = format!("{} of {word}", row.text("name").unwrap_or_default());
            let Some(level) = self.level(&word) else {
                tally.leave(&written, "this is not a level here");
                continue;
            };
            let Ok(name) = syllabus::name(&row.text("name").unwrap_or_default()) else {
                tally.leave(&written, "a name has 1 to 100 letters and no “/”");
                continue;
            };
            let id = id_here(&earlier::SUBJECTS, row);
            let known = (level.clone(), name.to_lowercase());
            if let Some(&id) = ids.get(&id).or_else(|| self.named.get(&known)) {
                tally.there += 1;
                self.subjects.insert(key, id);
                continue;
            }
            let description = format::shortened(&row.text("description").unwrap_or_default(), 1999);
            let new = Subject { id, level, name };
            import_legacy::add_subject(self.conn, &new, &description).await?;
            tally.brought += 1;
            self.subjects.insert(key, new.id);
            self.named.insert(known, new.id);
        }
        self.tables.push(tally);
        Ok(())
    }

    async fn enrollments(&mut self) -> Result<()> {
        let mut tally = Tally::of("enrollments");
        for row in self.earlier.of(&earlier::ENROLLMENTS) {
            let student = row.text("student_id").unwrap_or_default();
            let Some(person) = self.people.get(&student) else {
                tally.leave(&self.who(&student), GONE);
                continue;
            };
            let Some(&subject) = self.subjects.get(&row.text("subject_id").unwrap_or_default()) else {
                tally.leave(&person.email, "the subject was not imported");
                continue;
            };
            if import_legacy::is_enrolled(self.conn, person.id, subject).await? {
                tally.there += 1;
            } else if !person.new {
                tally.leave(&person.email, "was already here, and may have left the subject since");
            } else if import_legacy::enroll(self.conn, person.id, subject, row.time("created_at")).await? {
                tally.brought += 1;
            } else {
                tally.leave(&person.email, "the subject is of another level");
            }
        }
        self.tables.push(tally);
        Ok(())
    }

    async fn documents(&mut self) -> Result<()> {
        let mut tally = Tally::of("documents");
        let mut new = Vec::new();
        for row in self.earlier.of(&earlier::DOCUMENTS) {
            let key = row.text("id").unwrap_or_default();
            let id = id_here(&earlier::DOCUMENTS, row);
            let filename = uploads::clean(&row.text("filename").unwrap_or_default());
            let owner = self.people.get(&row.text("uploaded_by").unwrap_or_default());
            let mut document = Document {
                id: None,
                title: filename.clone(),
                owner: owner.map(|owner| owner.id),
                is_personal: row.flag("is_personal").unwrap_or(false),
                subject: None,
                new: false,
            };
            if let Some(there) = import_legacy::document(self.conn, id).await? {
                tally.there += 1;
                document = Document {
                    id: Some(id),
                    title: there.title,
                    is_personal: there.is_personal,
                    subject: there.subject_id,
                    ..document
                };
            } else {
                match self.document(row, id, &filename, &mut tally).await? {
                    Ok(made) => {
                        document = Document {
                            id: Some(id),
                            title: made.label.title.clone(),
                            is_personal: made.is_personal,
                            subject: made.subject_id,
                            new: true,
                            ..document
                        };
                        new.push(made);
                    }
                    Err(why) => {
                        document.subject = self.subject(row);
                        tally.leave(&filename, &why);
                    }
                }
            }
            self.documents.insert(key, document);
        }
        pair_schemes(&mut new, &mut tally);
        // A scheme is imported after its paper.
        new.sort_by_key(|document| document.scheme_of.is_some());
        for document in &new {
            import_legacy::add_document(self.conn, document).await?;
            tally.brought += 1;
        }
        self.tables.push(tally);
        Ok(())
    }

    /// The subject of a document, by its id or by its level and name.
    fn subject(&self, row: &Row) -> Option<Uuid> {
        let by_id = row.text("subject_id").and_then(|key| self.subjects.get(&key).copied());
        let by_name = || {
            let name = syllabus::name(&row.text("subject")?).ok()?;
            self.named.get(&(self.level(&row.text("level")?)?, name.to_lowercase())).copied()
        };
        by_id.or_else(by_name)
    }

    /// A document that is not here yet, with its bytes stored; or why it cannot be imported.
    async fn document(
        &mut self,
        row: &Row,
        id: Uuid,
        filename: &str,
        tally: &mut Tally,
    ) -> Result<Result<NewDocument, String>> {
        let Some(owner) = self.people.get(&row.text("uploaded_by").unwrap_or_default()) else {
            return Ok(Err(GONE.into()));
        };
        let (uploaded_by, by_school) = (owner.id, owner.is_admin);
        let mut is_personal = row.flag("is_personal").unwrap_or(false);
        let word = row.text("level").unwrap_or_default();
        let level = self.level(&word);
        if !is_personal && !by_school {
            is_personal = true;
            tally.note(filename, &format!("{} is not an admin, so it is their own, not the level's", owner.email));
        }
        if level.is_none() {
            if !is_personal {
                return Ok(Err(format!("its level, “{word}”, does not exist here")));
            }
            tally.note(filename, &format!("its level, “{word}”, does not exist here: imported without one"));
        }
        let path = row.text("file_path").unwrap_or_default();
        let Some(file) = self.file(&path) else { return Ok(Err(format!("there is no file {path} in the folder"))) };
        let unread = || format!("{} cannot be read", file.display());
        if file.metadata().with_context(unread)?.len() > self.max_upload as u64 {
            return Ok(Err(format!("the file is larger than {} MB: set MAX_UPLOAD_MB", self.max_upload >> 20)));
        }
        let bytes = tokio::fs::read(&file).await.with_context(unread)?;
        if !exam_formats::is_pdf(&bytes) {
            return Ok(Err("the file is not a PDF".into()));
        }
        let subject_id = self.subject(row);
        if let (None, Some(name)) = (subject_id, row.text("subject")) {
            tally.note(filename, &format!("“{name}” is not a subject of its level here: imported without one"));
        }
        let Some(label) = label(row, filename, tally) else { return Ok(Err("its name cannot be a title".into())) };
        let mut cut = |column: &str, letters: usize| {
            let text = row.text(column).unwrap_or_default();
            let short = format::shortened(&text, letters - 1);
            if short != text {
                tally.note(filename, &format!("its {} was cut to {letters} letters", column.replace('_', " ")));
            }
            short
        };
        let (instructions, reason) = (cut("instructions", 4000), cut("archive_reason", 500));
        let minutes = row.number("official_duration_minutes");
        if let Some(minutes) = minutes.filter(|minutes| !(1.0..=600.0).contains(minutes)) {
            tally.note(filename, &format!("a time of {minutes} minutes was left out: a paper takes 1 to 600"));
        }
        let is_archived = row.flag("is_archived").unwrap_or(false);
        Ok(Ok(NewDocument {
            id,
            filename: filename.to_owned(),
            label,
            uploaded_by,
            level,
            subject_id,
            is_personal,
            scheme_of: None,
            content_hash: documents::keep_file(self.conn, &bytes).await?,
            size_bytes: bytes.len() as i64,
            minutes: minutes.filter(|minutes| (1.0..=600.0).contains(minutes)).map(|minutes| minutes as i32),
            instructions,
            archived: is_archived.then(|| Archived { at: row.time("archived_at"), reason }),
            created_at: row.time("created_at"),
        }))
    }

    /// Finds a file: at its path below the folder, or at the end of that path, and never outside the folder, even by links.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let folder = self.folder.as_ref()?;
        let name = |part| if let Component::Normal(name) = part { Some(name) } else { None };
        let parts: Vec<_> = Path::new(path).components().filter_map(name).collect();
        (0..parts.len())
            .filter_map(|skipped| folder.join(parts[skipped..].iter().collect::<PathBuf>()).canonicalize().ok())
            .find(|path| path.starts_with(folder) && path.is_file())
    }

    async fn shares(&mut self) -> Result<()> {
        let mut tally = Tally::of(earlier::SHARES.name());
        for row in self.earlier.of(&earlier::SHARES) {
            let with = row.text("shared_with_user_id").unwrap_or_default();
            let document = self.documents.get(&row.text("document_id").unwrap_or_default());
            let title = document.map_or("an unknown document", |document| &document.title);
            let written = format!("{title}, with {}", self.who(&with));
            let Some(Document { id: Some(id), owner, is_personal, new, .. }) = document else {
                tally.leave(&written, "the document was not imported");
                continue;
            };
            let Some(person) = self.people.get(&with) else {
                tally.leave(&written, GONE);
                continue;
            };
            if *owner == Some(person.id) {
                tally.leave(&written, "shared with its own owner");
            } else if !is_personal {
                tally.leave(&written, "the whole level has the document");
            } else if import_legacy::is_shared(self.conn, *id, person.id).await? {
                tally.there += 1;
            } else if !new {
                tally.leave(&written, "the document was already here, and its owner may have taken back the share");
            } else if import_legacy::add_share(self.conn, *id, person.id, row.time("created_at")).await? {
                tally.brought += 1;
            } else {
                tally.leave(&written, "only pupils of one level share, whose accounts are switched on, and no schemes");
            }
        }
        self.tables.push(tally);
        Ok(())
    }

    /// Reads quizzes and attempts, with a copy of every question.
    async fn past(&mut self, tally: &mut Tally) -> Result<Past<'a>> {
        let topic_names: HashMap<String, String> = self
            .earlier
            .of(&earlier::TOPICS)
            .iter()
            .filter_map(|row| Some((row.text("id")?, row.text("name")?.trim().to_lowercase())))
            .collect();
        let mut by_subject: BTreeMap<Option<Uuid>, Vec<&Row>> = BTreeMap::new();
        for row in self.earlier.of(&earlier::QUESTIONS) {
            let subject = row.text("document_id").and_then(|document| self.documents.get(&document)?.subject);
            by_subject.entry(subject).or_default().push(row);
        }
        let mut questions = HashMap::new();
        let (mut named, mut found) = (0, 0);
        for (subject, rows) in by_subject {
            let topics = match subject {
                Some(subject) => topics::of_subject(&mut *self.conn, subject).await?,
                None => Vec::new(),
            };
            let copy = |row: &&Row| copies::question(id_here(&earlier::QUESTIONS, row), row);
            let mut copied: Vec<Question> = rows.iter().map(copy).collect();
            topic::assign(&mut copied, &topics);
            for (row, mut question) in rows.into_iter().zip(copied) {
                let name = row.text("topic_id").and_then(|topic| topic_names.get(&topic));
                let same = name.and_then(|name| topics.iter().find(|topic| topic.name.to_lowercase() == *name));
                named += i64::from(same.is_some());
                found += i64::from(same.is_none() && question.topic.is_some());
                question.topic = same.map(|topic| topic.id).or(question.topic);
                let document = row.text("document_id");
                questions.insert(row.text("id").unwrap_or_default(), Copied { question, document });
            }
        }
        let without = questions.len() as i64 - named - found;
        let words = format!("{named} by name, {found} by the words of the question, {without} without a topic");
        tally.note("topics", &words);
        Ok(Past::of(self.earlier, questions))
    }

    async fn attempts(&mut self) -> Result<()> {
        let (mut quizzes, mut attempts) = (Tally::of("quizzes"), Tally::of("attempts"));
        let (mut asked, mut answered) = (Tally::of("questions"), Tally::of("attempt_answers"));
        let past = self.past(&mut asked).await?;
        let ids: Vec<Uuid> = past.attempts.iter().map(|row| id_here(&earlier::ATTEMPTS, row)).collect();
        let there = import_legacy::attempts_there(self.conn, &ids).await?;
        // Quizzes and questions: of attempts that were already here, and of attempts imported now.
        let mut before: [BTreeSet<String>; 2] = Default::default();
        let mut now: [BTreeSet<String>; 2] = Default::default();
        for (row, id) in past.attempts.iter().zip(ids) {
            let (quiz, student) = (row.text("quiz_id").unwrap_or_default(), row.text("student_id").unwrap_or_default());
            let given = past.given(row);
            let order = past.order(&quiz, &given);
            if there.contains(&id) {
                attempts.there += 1;
                answered.there += given.len() as i64;
                before[0].insert(quiz);
                before[1].extend(order);
                continue;
            }
            let submitted = row.time("submitted_at").filter(|_| row.flag("completed") != Some(false));
            let when = submitted.map_or_else(|| "not handed in".to_owned(), format::date);
            let written = format!("{}, {when}", self.who(&student));
            let why = match (self.people.get(&student), past.quizzes.get(&quiz), submitted) {
                (None, ..) => GONE,
                (_, None, _) => "its quiz is missing",
                (.., None) => "it was never handed in, so it has no result",
                (.., Some(at)) if at.year() < FIRST_YEAR || at > self.now + TimeDelta::days(1) => {
                    "it was not handed in on that day: its date is wrong"
                }
                _ if order.is_empty() => "all of its questions are missing",
                (Some(person), Some(quiz_row), Some(submitted)) => {
                    let items: Vec<Vec<ItemResult>> = order
                        .iter()
                        .map(|key| vec![copies::item(&past.questions[key].question, given.get(key).copied())])
                        .collect();
                    let mut copy = past.quiz(quiz_row, &order, submitted, &self.documents);
                    let marks = scoring::count(&copy.sections, &copy.questions, items, &BTreeSet::new());
                    let (earned, possible) = (marks.earned, marks.possible);
                    if let Some(score) = own_score(row, (earned, possible)) {
                        let words =
                            format!("its score was {score}; its answers add up to {earned} of {possible}, as shown");
                        attempts.note(&written, &words);
                        copy.note = format!("{} It recorded a score of {score}.", copy.note);
                    }
                    let sources: BTreeSet<Uuid> =
                        order.iter().filter_map(|key| past.document(key, &self.documents)?.id).collect();
                    let new = NewAttempt {
                        id,
                        user_id: person.id,
                        document_id: row.text("document_id").and_then(|key| self.documents.get(&key)?.id),
                        sources: &sources.into_iter().collect::<Vec<_>>(),
                        quiz: &copy,
                        marks: &marks,
                        // The earlier system set both times when an attempt was handed in, this one a little later.
                        started_at: row.time("started_at").map_or(submitted, |started| started.min(submitted)),
                        submitted_at: submitted,
                    };
                    import_legacy::add_attempt(self.conn, &new).await?;
                    attempts.brought += 1;
                    answered.brought += order.iter().filter(|key| given.contains_key(*key)).count() as i64;
                    now[0].insert(quiz);
                    now[1].extend(order);
                    continue;
                }
            };
            attempts.leave(&written, why);
        }
        self.count_copies([(&mut quizzes, &earlier::QUIZZES), (&mut asked, &earlier::QUESTIONS)], &before, &now);
        answered.left = self.earlier.of(&earlier::ATTEMPT_ANSWERS).len() as i64 - answered.there - answered.brought;
        if quizzes.left > 0 {
            let left = quizzes.left.to_string();
            quizzes.note(&left, "have no attempt that was handed in");
        }
        asked.note("all", "imported as copies in quizzes; papers are read again");
        if attempts.brought > 0 {
            estimates::recount(&mut *self.conn).await?;
        }
        self.tables.extend([asked, quizzes, attempts, answered]);
        Ok(())
    }

    /// Counts the quizzes and questions of attempts that were here `before`, and of those imported `now`.
    fn count_copies(
        &self,
        tallies: [(&mut Tally, &Table); 2],
        before: &[BTreeSet<String>; 2],
        now: &[BTreeSet<String>; 2],
    ) {
        for ((tally, table), (before, now)) in tallies.into_iter().zip(before.iter().zip(now)) {
            tally.there = before.len() as i64;
            tally.brought = now.difference(before).count() as i64;
            tally.left = self.earlier.of(table).len() as i64 - tally.there - tally.brought;
        }
    }
}

/// The address and the role of an earlier user; `None`, and told, if they cannot be used here.
fn address_and_role(row: &Row, written: &str, tally: &mut Tally) -> Option<(Email, Role)> {
    let Ok(email) = Email::parse(written) else {
        tally.leave(written, "this is not an e-mail address");
        return None;
    };
    let role = row.word("role").map_or(Some(Role::Student), |word| Role::parse(&word));
    if role.is_none() {
        let role = row.text("role").unwrap_or_default();
        tally.leave(written, &format!("its role, {role}, does not exist here"));
    }
    Some((email, role?))
}

/// The account that already has an earlier user's id or address; `None`, and told, if it is somebody else's.
fn person_here(id: Uuid, role: Role, there: Account, written: &str, tally: &mut Tally) -> Option<Person> {
    let is_admin = there.role == Role::Admin.as_str();
    if there.id != id && !(is_admin && role == Role::Admin) {
        let why = "another account here has this address, so this one was not imported: change one of the addresses, \
                   then run this again";
        tally.leave(written, why);
        return None;
    }
    if there.id != id {
        tally.note(written, "an admin here has this address: the papers are theirs now");
    }
    tally.there += 1;
    Some(Person { id: there.id, email: there.email, is_admin, new: false })
}

/// The name of an earlier user, or the beginning of their address.
fn full_name(row: &Row, written: &str, tally: &mut Tally) -> Option<FullName> {
    let name = row.text("full_name").unwrap_or_default();
    let name = FullName::parse(&name).or_else(|_| {
        let name = written.split('@').next().unwrap_or_default();
        tally.note(written, &format!("has no usable name: is now called {name}"));
        FullName::parse(&format::shortened(name, 199))
    });
    name.ok()
}

/// Title, kind and year of an earlier document; `None` if its name cannot be a title.
fn label(row: &Row, filename: &str, tally: &mut Tally) -> Option<Label> {
    let kind = row.word("document_category").map_or(Some(DocumentKind::ExamPaper), |word| DocumentKind::parse(&word));
    if kind.is_none() {
        let word = row.text("document_category").unwrap_or_default();
        tally.note(filename, &format!("“{word}” is not a kind of document here: imported as “Other”"));
    }
    let kind = kind.unwrap_or(DocumentKind::Other).as_str();
    let year = row.text("year").unwrap_or_default();
    let label = Label::parse("", filename, kind, &year).or_else(|_| {
        tally.note(filename, &format!("“{year}” is not a year: imported without one, unless its cover has one"));
        Label::parse("", filename, kind, "")
    });
    label.ok()
}
