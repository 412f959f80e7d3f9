//! A form that nobody touched changes nothing, whatever the item holds and however its browser sends it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, header};
use exam_model::question::{Key, KeySource};
use leptos::server_fn::codec::{FromReq, PostUrl};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use uuid::Uuid;

use super::super::Actions;
use super::*;
use crate::domain::correction::{Merged, alone};
use crate::server::documents::reading::pdf;

/// The form of an item as a page has it.
fn html(question: &Question, topics: &[Uuid]) -> String {
    let name = |id: &Uuid| (id.to_string(), "A topic".to_owned());
    Owner::new().with(|| {
        let desk = Desk {
            document: Uuid::nil(),
            scheme: None,
            pages: Vec::new(),
            topics: std::iter::once((String::new(), "No topic".to_owned())).chain(topics.iter().map(name)).collect(),
            topic_words: HashMap::new(),
            reports: HashMap::new(),
            actions: Actions {
                again: ServerAction::new(),
                publish: ServerAction::new(),
                count: ServerAction::new(),
                calculator: ServerAction::new(),
                correct: ServerAction::new(),
                correct_all: ServerAction::new(),
                change: ServerAction::new(),
                add: ServerAction::new(),
                take_back: ServerAction::new(),
                describe: ServerAction::new(),
                detach: ServerAction::new(),
            },
            chosen: RwSignal::new(String::new()),
            boxes: RwSignal::new(question.regions.clone()),
            drawing: RwSignal::new(None),
        };
        form(question, &desk).to_html()
    })
}

fn attributes(tag: &BytesStart<'_>) -> HashMap<String, String> {
    let mut attributes = tag.html_attributes();
    let pairs = attributes.with_checks(false).map(|attribute| {
        let attribute = attribute.unwrap();
        (attribute.key.0.to_owned(), unescape(&attribute.value).unwrap().into_owned())
    });
    pairs.collect()
}

/// What a browser sends of a form that it got like this; scripts send other line breaks than the browser itself.
fn sent(html: &str, line_break: &str) -> Vec<(String, String)> {
    let html = html.replace("<!>", "").replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = Reader::from_str(&html);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut select = None::<(String, Vec<HashMap<String, String>>)>;
    let mut radios = HashMap::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return fields,
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = attributes(&tag);
                let get = |name: &str| attributes.get(name).cloned().unwrap_or_default();
                match (tag.name().as_ref(), get("type").as_str()) {
                    ("input", "hidden") => fields.push((get("name"), get("value").replace('\n', line_break))),
                    ("input", "radio" | "checkbox") if !attributes.contains_key("checked") => {}
                    // Of radio buttons only the last stays on.
                    ("input", "radio") => match radios.insert(get("name"), fields.len()) {
                        Some(before) => fields[before].1 = get("value"),
                        None => fields.push((get("name"), get("value"))),
                    },
                    ("input", "checkbox") => fields.push((get("name"), get("value"))),
                    ("input", _) => fields.push((get("name"), get("value").replace('\n', ""))),
                    ("textarea", _) => {
                        let inner = reader.read_text(tag.name()).unwrap();
                        let text = unescape(&inner).unwrap().into_owned();
                        let text = text.strip_prefix('\n').unwrap_or(&text);
                        fields.push((get("name"), text.replace('\n', line_break)));
                    }
                    ("select", _) => select = Some((get("name"), Vec::new())),
                    ("option", _) => select.as_mut().unwrap().1.push(attributes),
                    _ => {}
                }
            }
            Event::End(tag) if tag.name().as_ref() == "select" => {
                let (name, options) = select.take().unwrap();
                let chosen = options.iter().find(|option| option.contains_key("selected")).or(options.first());
                fields.push((name, chosen.unwrap()["value"].clone()));
            }
            _ => {}
        }
    }
}

/// The form as the server function gets it.
async fn received(fields: &[(String, String)]) -> QuestionForm {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::from(body)).unwrap();
    let read = <CorrectQuestion as FromReq<PostUrl, _, AppError>>::from_req(request).await;
    read.unwrap().form
}

async fn assert_unchanged(question: &Question, topics: &[Uuid], of: &str) {
    let page = html(question, topics);
    for line_break in ["\r\n", "\n"] {
        let fields = sent(&page, line_break);
        let form = received(&fields).await;
        assert_eq!(form, QuestionForm::of_fields(fields), "{of}");
        assert!(!form.shown.is_empty() && !form.is_changed(), "{of}: {form:?}");
        // The values themselves say it, too.
        for form in [QuestionForm { shown: String::new(), ..form.clone() }, form] {
            let Ok(Merged::Now(now)) = form.merge(question) else { panic!("{of}: {form:?}") };
            assert_eq!(*now, alone(question), "{of}");
        }
    }
}

fn papers(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|end| end == "pdf")).collect()
}

#[tokio::test]
async fn an_untouched_form_changes_no_question_of_any_paper() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = root.join("../shared/corpus/dev");
    if !corpus.exists() {
        eprintln!("The corpus is not here: only the demo's papers are looked at.");
    }
    let mut looked_at = 0;
    for path in papers(&root.join("demo/papers")).into_iter().chain(papers(&corpus)) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if ["-scheme", "-solutions", "-key"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let scheme = ["-scheme", "-solutions", "-key"].map(|end| path.with_file_name(format!("{name}{end}.pdf")));
        // Scans are left out: they take most of the time.
        let pages = |path: &PathBuf| pdf::read_pages(None, &std::fs::read(path).ok()?, &mut |_, _| {}).ok();
        let Some(mut paper) = pages(&path).map(|pages| exam_reading::read_paper(&pages)) else { continue };
        if let Some(scheme) = scheme.iter().find_map(pages) {
            exam_reading::apply_scheme(&mut paper, &scheme);
        }
        for question in paper.questions.iter().flat_map(Question::items) {
            assert_unchanged(question, &[], &format!("{name} {}", question.path)).await;
            looked_at += 1;
        }
    }
    assert!(looked_at > 100, "{looked_at}");
}

#[tokio::test]
async fn an_untouched_form_changes_nothing_that_is_awkward() {
    let choice = |n: usize, text: &str| Choice { text: text.into(), ..Choice::nth(n) };
    let key = |options: &[&str], text: &str| {
        let options = options.iter().map(|&id| id.to_owned()).collect();
        Some(Key { options, text: text.into(), source: KeySource::Earlier })
    };
    let texts =
        ["", " ", "\n", "\n\na", "a\r\nb", "a\rb", "a \n b ", "“−3\n13”", "</textarea><b>&amp; \"'", "a\tb\u{a0}"];
    let keys = [
        None,
        key(&[], "any 2: heat;\nlight "),
        key(&[], " "),
        key(&["o1"], "A. With words"),
        key(&["o2", "o1"], "B; A"),
        key(&["o9"], "Z"),
        key(&["true"], "True"),
        key(&["true", "false"], "True; False"),
    ];
    let topic = Uuid::from_u128(7);
    let region = Region { page: 2, x: 50.55, y: 0.4, width: 400.25, height: 24.125 };
    for kind in Kind::ALL {
        for (n, text) in texts.into_iter().enumerate() {
            for key in &keys {
                let question = Question {
                    path: "1.a".into(),
                    kind,
                    text: text.into(),
                    options: (0..n % 4).map(|n| choice(n, if n == 1 { "" } else { text })).collect(),
                    choose: [None, Some(0), Some(3), Some(99)][n % 4],
                    marks: [None, Some(2.0 / 3.0), Some(0.125), Some(400.0)][n % 4],
                    key: key.clone(),
                    topic: (n % 2 == 0).then_some(topic),
                    regions: [vec![], vec![region], vec![Region { page: 3, ..Region::default() }, region]][n % 3]
                        .clone(),
                    ..Question::default()
                };
                for topics in [&[topic][..], &[]] {
                    assert_unchanged(&question, topics, &format!("{question:?}")).await;
                }
            }
        }
    }
}
