//! Corrections are kept apart from the reading, and pupils' reports reach the reviewers.

use exam_model::question::{Kind, Question};

use super::*;
use crate::domain::correction::{self, QuestionForm, Reason};
use crate::domain::quiz::{Feedback, Mode};
use crate::error::AppError;
use crate::server::attempts::quizzes::{self, QuizRequest};
use crate::server::attempts::{self};
use crate::server::db::quizzes::DrawFrom;
use crate::server::db::{corrections, questions};
use crate::server::documents::review::{self, List};

async fn read(app: &TestApp, admin: &Person, id: Uuid) -> Vec<Question> {
    questions::of_document(app.pool(), &admin.viewer, id).await.unwrap()
}

async fn read_again(app: &TestApp, admin: &Person, id: Uuid) {
    documents::read_again(app.pool(), &admin.viewer, id).await.unwrap();
    worker::work_all(app.pool()).await.unwrap();
}

async fn change(
    app: &TestApp,
    who: &Person,
    id: Uuid,
    path: &str,
    what: &str,
    from: &str,
) -> Result<Option<String>, AppError> {
    review::change(app.pool(), &who.viewer, id, path, what, from, "").await
}

#[sqlx::test]
async fn corrections_outlive_another_reading_and_can_be_taken_back(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let before = read(&app, &admin, id).await;
    let leaves: Vec<&Question> = before.iter().flat_map(|question| question.leaves()).collect();
    let (first, second) = (leaves[0], leaves[1]);

    let edited = QuestionForm { text: "by hand".into(), ..QuestionForm::of(first) };
    review::correct(app.pool(), &admin.viewer, id, &first.path, edited).await.unwrap();
    change(&app, &admin, id, &second.path, "drop", "").await.unwrap();
    let corrected = read(&app, &admin, id).await;
    read_again(&app, &admin, id).await;
    let after = read(&app, &admin, id).await;
    assert_eq!(after, corrected, "the same after another reading");
    let leaves_after: Vec<&Question> = after.iter().flat_map(|question| question.leaves()).collect();
    assert_eq!((leaves_after[0].id, leaves_after[0].text.as_str()), (first.id, "by hand"));
    assert!(leaves_after[0].approved && !leaves_after.iter().any(|leaf| leaf.path == second.path));

    let made = corrections::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    assert_eq!(made.iter().map(|made| made.what.as_str()).collect::<Vec<_>>(), ["dropped", "text corrected"]);
    for made in made {
        corrections::take_back(app.pool(), &admin.viewer, id, made.id).await.unwrap();
    }
    let plain = |questions: &[Question]| {
        let items = questions.iter().flat_map(|question| question.items());
        items.map(|item| (item.path.clone(), item.text.clone(), item.marks)).collect::<Vec<_>>()
    };
    assert_eq!(plain(&read(&app, &admin, id).await), plain(&before));
}

#[sqlx::test]
async fn a_list_of_answers_is_one_step(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = app.published_paper(&admin).await;
    let before = read(&app, &admin, id).await;
    let words: Vec<&Question> = before
        .iter()
        .flat_map(|question| question.leaves())
        .filter(|leaf| matches!(leaf.kind, Kind::Numeric | Kind::Short))
        .collect();
    let list: String = words.iter().map(|leaf| format!("{}: 4321\n", leaf.path)).collect();
    let fill = async |who: &Person, keys: &str| {
        review::correct_all(app.pool(), &who.viewer, id, List::Keys(keys.to_owned())).await
    };
    assert_eq!(fill(&pupil, &list).await, Err(AppError::NotFound));
    let unknown = fill(&admin, "99 B").await;
    assert!(matches!(unknown, Err(AppError::Invalid { ref reason, .. }) if reason.contains("99")), "{unknown:?}");
    assert_eq!(read(&app, &admin, id).await, before);
    let told = format!("{} keys taken. 1 line fits no question: 99: there is no such question.", words.len());
    assert_eq!(fill(&admin, &format!("{list}99 B")).await, Ok(told));
    let after = read(&app, &admin, id).await;
    let keyed = after.iter().flat_map(|question| question.leaves());
    let keyed = keyed.filter(|leaf| leaf.key.as_ref().is_some_and(|key| key.text == "4321")).count();
    assert!(words.len() > 1 && keyed == words.len(), "{keyed}");
    let made = corrections::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    assert_eq!(made.len(), 1, "{made:?}");
    corrections::take_back(app.pool(), &admin.viewer, id, made[0].id).await.unwrap();
    let plain = |questions: &[Question]| {
        let items = questions.iter().flat_map(|question| question.items());
        items.map(|item| (item.path.clone(), item.key.clone())).collect::<Vec<_>>()
    };
    assert_eq!(plain(&read(&app, &admin, id).await), plain(&before));
    let gone = corrections::take_back(app.pool(), &admin.viewer, id, made[0].id).await;
    assert_eq!(gone, Err(AppError::NotFound));
}

#[sqlx::test]
async fn an_item_is_added_with_what_is_printed_in_its_box(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (admin, pupil) = (app.admin().await, app.pupil("P6").await);
    let id = app.published_paper(&admin).await;
    let lost = read(&app, &admin, id).await[4].clone();
    review::change(app.pool(), &admin.viewer, id, &lost.path, "drop", "", "").await.unwrap();
    let region = lost.regions[0].words();
    let add = async |who: &Person, region: &str| review::add(app.pool(), &who.viewer, id, region, "", "").await;
    assert_eq!(add(&pupil, &region).await, Err(AppError::NotFound));
    for refused in ["", "99 1 1 9 9"] {
        let told = add(&admin, refused).await;
        assert!(matches!(told, Err(AppError::Invalid { ref field, .. }) if field == "region"), "{told:?}");
    }
    assert_eq!(add(&admin, &region).await.as_ref(), Ok(&lost.path));
    let added = read(&app, &admin, id).await[4].clone();
    assert_eq!((&added.path, &added.label), (&lost.path, &lost.label));
    let first_words = |text: &str| text.split_whitespace().take(3).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(first_words(&added.text), first_words(&lost.text));
    assert!(added.needs_look());
    assert!(matches!(add(&admin, &region).await, Err(AppError::Conflict(_))), "it is there already");
}

#[sqlx::test]
async fn choices_on_a_grid_are_one_step(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let single = read(&app, &admin, id).await.iter().find(|item| item.kind == Kind::Single).unwrap().clone();
    let send = async |shown: &str, option: &str| {
        let body = format!("document={id}&shown[{path}]={shown}&grid[{path}]={option}", path = single.path);
        app.act(&admin, "documents/correct_all", &body).await
    };
    let last = single.options.last().unwrap();
    assert_eq!(send("", &last.id).await.status, StatusCode::OK);
    let key = read(&app, &admin, id).await.iter().find(|item| item.path == single.path).unwrap().key.clone();
    assert_eq!(key.unwrap().options, std::slice::from_ref(&last.id));
    assert_eq!(send("", &last.id).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it is there already");
    let first = &single.options[0].id;
    assert_eq!(send(first, first).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a row that was not touched");
    assert_eq!(send("", "o99").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[sqlx::test]
async fn a_correction_that_no_longer_fits_waits_and_is_told(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let leaf = read(&app, &admin, id).await[0].leaves()[0].clone();
    review::correct(
        app.pool(),
        &admin.viewer,
        id,
        &leaf.path,
        QuestionForm { marks: "7".into(), ..QuestionForm::of(&leaf) },
    )
    .await
    .unwrap();
    // As if a newer reader did not find the item.
    app.run("UPDATE documents SET reading = '[]' WHERE id = $1", id).await;
    questions::rebuild(&mut app.pool().acquire().await.unwrap(), id).await.unwrap();
    let made = corrections::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    assert_eq!(made[0].unfit.as_deref(), Some(format!("Item {} no longer exists.", leaf.path).as_str()));
    read_again(&app, &admin, id).await;
    assert_eq!(read(&app, &admin, id).await[0].leaves()[0].marks, Some(7.0), "it is used as soon as it fits again");
    assert_eq!(corrections::of_document(app.pool(), &admin.viewer, id).await.unwrap()[0].unfit, None);
}

#[sqlx::test]
async fn a_form_that_changes_nothing_approves(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let before = read(&app, &admin, id).await;
    for leaf in before.iter().flat_map(|question| question.leaves()) {
        review::correct(app.pool(), &admin.viewer, id, &leaf.path, QuestionForm::of(leaf)).await.unwrap();
    }
    let after = read(&app, &admin, id).await;
    for (was, now) in before.iter().flat_map(|q| q.leaves()).zip(after.iter().flat_map(|q| q.leaves())) {
        let as_read =
            Question { approved: false, confidence: was.confidence, doubts: was.doubts.clone(), ..now.clone() };
        assert_eq!(&as_read, was);
        assert!(now.approved);
    }
    let made = corrections::of_document(app.pool(), &admin.viewer, id).await.unwrap();
    assert!(made.iter().all(|made| made.what == "approved"), "{made:?}");
}

#[sqlx::test]
async fn options_and_boxes_are_edited(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let find = async |path: &str| correction::find(&read(&app, &admin, id).await, path).cloned().unwrap();
    let leaf = read(&app, &admin, id).await[0].leaves()[0].clone();
    let path = leaf.path.as_str();
    let correct = async |form: QuestionForm| review::correct(app.pool(), &admin.viewer, id, path, form).await;

    let choice = QuestionForm {
        kind: Kind::Single,
        options: vec!["iron".into(), " ".into(), "gold".into()],
        right_options: vec!["o3".into()],
        boxes: vec!["1 10 20 300 40".into()],
        ..QuestionForm::of(&Question { options: vec![], ..leaf.clone() })
    };
    correct(choice).await.unwrap();
    let now = find(path).await;
    let options: Vec<_> = now.options.iter().map(|o| (o.id.as_str(), o.label.as_str(), o.text.as_str())).collect();
    assert_eq!(options, [("o1", "A", "iron"), ("o3", "C", "gold")]);
    assert_eq!(now.key.as_ref().map(|key| (key.options.clone(), key.text.as_str())), Some((vec!["o3".into()], "C")));
    assert_eq!(now.regions.iter().map(|r| r.words()).collect::<Vec<_>>(), ["1 10 20 300 40"]);

    let field = |result: Result<(), AppError>| match result {
        Err(AppError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(correct(QuestionForm { boxes: vec!["1 10 20".into()], ..QuestionForm::of(&now) }).await), "boxes");
    assert_eq!(
        field(correct(QuestionForm { boxes: vec!["NaN 1 1 1 1".into()], ..QuestionForm::of(&now) }).await),
        "boxes"
    );
    assert_eq!(
        field(correct(QuestionForm { right_options: vec!["o9".into()], ..QuestionForm::of(&now) }).await),
        "key"
    );
    assert_eq!(field(correct(QuestionForm { choose: "none".into(), ..QuestionForm::of(&now) }).await), "choose");
    assert_eq!(
        field(correct(QuestionForm { topic: Uuid::new_v4().to_string(), ..QuestionForm::of(&now) }).await),
        "topic"
    );
    assert_eq!(find(path).await, now, "nothing of a refused form is kept");
}

#[sqlx::test]
async fn what_does_not_fit_is_refused_and_others_may_not(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let before = read(&app, &admin, id).await;
    let path = before[0].leaves()[0].path.clone();
    let refused = change(&app, &admin, id, &path, "split", "words that are nowhere").await;
    assert!(matches!(refused, Err(AppError::Conflict(ref why)) if why.contains("Nothing was changed")), "{refused:?}");
    assert!(matches!(change(&app, &admin, id, &path, "split", " ").await, Err(AppError::Invalid { .. })));
    assert!(matches!(change(&app, &admin, id, &path, "burn", "").await, Err(AppError::Invalid { .. })));
    assert_eq!(change(&app, &admin, id, "no.such", "approve", "").await, Err(AppError::NotFound));
    // A pupil of the level may see the paper, but not change it.
    let pupil = app.pupil("P6").await;
    for what in ["approve", "drop", "join"] {
        assert_eq!(change(&app, &pupil, id, &path, what, "").await, Err(AppError::NotFound), "{what}");
    }
    let other = app.pupil("S3").await;
    assert_eq!(change(&app, &other, id, &path, "drop", "").await, Err(AppError::NotFound));
    assert_eq!(corrections::lock_document(app.pool(), &other.viewer, id).await.err(), Some(AppError::NotFound));
    assert_eq!(app.count("SELECT count(*) FROM corrections").await, 0);
    assert_eq!(read(&app, &admin, id).await, before);
}

#[sqlx::test]
async fn a_report_reaches_the_school_and_is_settled_by_looking(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    for question in read(&app, &admin, id).await {
        for item in question.items() {
            change(&app, &admin, id, &item.path, "approve", "").await.unwrap();
        }
    }
    let to_look_at = async |who: &Person| documents::get(app.pool(), &who.viewer, id).await.unwrap().to_look_at;
    assert_eq!(to_look_at(&admin).await, 0);

    let pupil = app.pupil("P6").await;
    let wish = QuizRequest {
        from: DrawFrom::Document(id),
        mode: Mode::RealExam,
        topics: vec![],
        count: 0,
        feedback: Feedback::Deferred,
    };
    let attempt = quizzes::begin(app.pool(), &pupil.viewer, &wish).await.unwrap();
    super::attempts::save(&app, &pupil, attempt, Default::default(), true, None).await.unwrap();
    let path = read(&app, &admin, id).await[0].leaves()[0].path.clone();
    for note in ["first", " The key says 4. "] {
        attempts::report(app.pool(), &pupil.viewer, attempt, &path, Reason::Answer, note).await.unwrap();
    }
    let reports = corrections::reports(app.pool(), &admin.viewer, id).await.unwrap();
    assert_eq!(
        reports[&path].iter().map(|r| (r.reason, r.note.as_str())).collect::<Vec<_>>(),
        [(Reason::Answer, "The key says 4.")]
    );
    assert_eq!((to_look_at(&admin).await, to_look_at(&pupil).await), (1, 0));
    assert_eq!(attempts::result(app.pool(), &pupil.viewer, attempt, WEAK).await.unwrap().reported, [path.as_str()]);

    let other = app.pupil("P6").await;
    let report = |who, path, note| attempts::report(app.pool(), who, attempt, path, Reason::Other, note);
    assert_eq!(report(&other.viewer, &path, "").await, Err(AppError::NotFound), "not of somebody else's attempt");
    assert_eq!(report(&pupil.viewer, "no.such", "").await, Err(AppError::NotFound));
    assert!(matches!(report(&pupil.viewer, &path, &"a".repeat(501)).await, Err(AppError::Invalid { .. })));

    let next = change(&app, &admin, id, "no.such", "approve", "").await;
    assert_eq!(next, Err(AppError::NotFound));
    let last = read(&app, &admin, id).await.last().unwrap().path.clone();
    assert_eq!(
        change(&app, &admin, id, &last, "approve", "").await.unwrap(),
        Some(path.clone()),
        "the reported one is next"
    );
    change(&app, &admin, id, &path, "approve", "").await.unwrap();
    assert_eq!(to_look_at(&admin).await, 0);
}

#[sqlx::test]
async fn a_correction_writes_only_what_it_changes(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let before = read(&app, &admin, id).await;
    let rows = app.count("SELECT count(*) FROM questions").await;
    // Of the transactions that wrote the current rows, the one that wrote the fewest.
    let fewest = "SELECT min(rows) FROM (SELECT count(*) AS rows FROM questions GROUP BY xmin::text) AS writes";
    assert_eq!(app.count(fewest).await, rows);
    change(&app, &admin, id, &before[0].leaves()[0].path, "approve", "").await.unwrap();
    assert_eq!(app.count(fewest).await, 1);
    // The last item is gone, and no other has moved.
    let last = before.last().unwrap().items().last().unwrap().path.clone();
    change(&app, &admin, id, &last, "drop", "").await.unwrap();
    assert_eq!((app.count(fewest).await, app.count("SELECT count(*) FROM questions").await), (1, rows - 1));
    // The first item is gone, and all others move up by one.
    change(&app, &admin, id, &before[0].path, "drop", "").await.unwrap();
    let after = read(&app, &admin, id).await;
    let paths = |questions: &[Question]| questions.iter().map(|q| q.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&after)[..3], paths(&before)[1..4]);
}

#[sqlx::test]
async fn after_a_question_is_dropped_none_of_its_parts_is_next(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    app.run("UPDATE questions SET needs_look = true, confidence = 0.5 WHERE document_id = $1", id).await;
    let questions = read(&app, &admin, id).await;
    let at = questions.iter().position(|question| !question.parts.is_empty()).unwrap();
    let next = change(&app, &admin, id, &questions[at].path, "drop", "").await.unwrap();
    assert_eq!(next.as_deref(), Some(questions[at + 1].path.as_str()));
}

#[sqlx::test]
async fn corrections_at_once_are_all_kept(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let before = read(&app, &admin, id).await;
    let paths: Vec<String> = before.iter().flat_map(|q| q.leaves()).take(6).map(|leaf| leaf.path.clone()).collect();
    let approve = |n: usize| change(&app, &admin, id, &paths[n], "approve", "");
    let all = tokio::join!(approve(0), approve(1), approve(2), approve(3), approve(4), approve(5));
    assert!([all.0, all.1, all.2, all.3, all.4, all.5].iter().all(Result::is_ok));
    let after = read(&app, &admin, id).await;
    assert!(paths.iter().all(|path| correction::find(&after, path).is_some_and(|item| item.approved)));
}

#[sqlx::test]
async fn of_two_reviewers_none_overwrites_what_the_other_has_set(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let (first, second) = (app.admin().await, app.admin().await);
    sqlx::query("UPDATE users SET full_name = 'Mary Uwase' WHERE id = $1")
        .bind(first.viewer.id())
        .execute(app.pool())
        .await
        .unwrap();
    let id = app.published_paper(&first).await;
    let find = async |path: &str| correction::find(&read(&app, &first, id).await, path).cloned().unwrap();
    let shown = read(&app, &first, id).await[0].leaves()[0].clone();
    let path = shown.path.as_str();
    let correct =
        async |who: &Person, form: QuestionForm| review::correct(app.pool(), &who.viewer, id, path, form).await;

    // Both have the same page open.
    let form = || QuestionForm::of(&shown);
    correct(&first, QuestionForm { key: "gold".into(), marks: "3".into(), ..form() }).await.unwrap();
    correct(&second, QuestionForm { text: "Another text".into(), ..form() }).await.unwrap();
    let both = find(path).await;
    assert_eq!((both.text.as_str(), both.marks), ("Another text", Some(3.0)));
    assert_eq!(both.key.as_ref().map(|key| key.text.as_str()), Some("gold"), "the older page showed another answer");

    let older = QuestionForm { key: "iron".into(), kind: Kind::Long, ..form() };
    let refused = correct(&second, older.clone()).await;
    let Err(AppError::EditConflict { path: of, words, shown }) = refused else { panic!("{refused:?}") };
    assert_eq!(of, path);
    assert!(words.contains("The answer: Mary Uwase has “gold”, you have “iron”."), "{words}");
    assert_eq!(find(path).await, both, "nothing of a form is kept that clashes");
    // The person who was told about the conflict may decide.
    correct(&second, QuestionForm { shown, ..older }).await.unwrap();
    let decided = find(path).await;
    assert_eq!(decided.key.map(|key| key.text), Some("iron".to_owned()));
    assert_eq!((decided.kind, decided.text.as_str(), decided.marks), (Kind::Long, "Another text", Some(3.0)));
}

#[sqlx::test]
async fn of_two_forms_that_come_at_once_one_is_asked(pool: PgPool) {
    let app = TestApp::new(pool).await;
    let admin = app.admin().await;
    let id = app.published_paper(&admin).await;
    let shown = read(&app, &admin, id).await[0].leaves()[0].clone();
    let correct = |text: &str| {
        let form = QuestionForm { text: text.into(), ..QuestionForm::of(&shown) };
        review::correct(app.pool(), &admin.viewer, id, &shown.path, form)
    };
    let (one, other, again) = tokio::join!(correct("one"), correct("other"), correct("one"));
    let outcomes = [&one, &other, &again];
    let kept = correction::find(&read(&app, &admin, id).await, &shown.path).unwrap().text.clone();
    let expected = if kept == "one" { [true, false, true] } else { [false, true, false] };
    assert_eq!(outcomes.map(Result::is_ok), expected, "{kept}: {outcomes:?}");
    assert_eq!(app.count("SELECT count(*) FROM corrections").await, 1, "what is sent twice is one change");
}
