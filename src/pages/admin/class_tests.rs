//! Tests made by hand: a list, and a page on which a test is made from the question bank.

use exam_model::format;
use exam_model::paper::Section;
use exam_model::question::{Kind, Question};
use leptos::prelude::*;
use uuid::Uuid;

use crate::api::class_tests::{
    BankForm, ChangeClassTest, ChangeClassTestSection, ClassTestPage as Content, CopyClassTest, DeleteClassTest,
    MakeClassTest, RenameClassTest, SaveClassTestSection, SetClassTestMarks, get_class_test, get_class_tests,
};
use crate::components::field::{Field, FormError, Select, error_of, refill};
use crate::components::layout::Page;
use crate::components::load::Load;
use crate::components::pager::pager;
use crate::components::question::{question_tree, source};
use crate::components::shown;
use crate::components::table::Table;
use crate::domain::class_test::{ClassTest, ClassTestLine, MAX_MARKS, MAX_TITLE};
use crate::domain::mark_list::Exam;
use crate::domain::question_bank::{BankQuestion, BankSource, Facility};
use crate::pages::{id_param, query_words};

mod sections;

#[component]
pub fn ClassTestsPage() -> impl IntoView {
    let asked = query_words(["page"]);
    let make = ServerAction::<MakeClassTest>::new();
    refill::<MakeClassTest>();
    let tests = Resource::new(move || asked.get(), |[page]| get_class_tests(page));
    view! {
        <Page title="Tests">
            <Load
                title="Tests"
                resource=tests
                view=move |(lines, more, levels)| {
                    let [page] = asked.get_untracked();
                    view! {
                        {list(lines)}
                        {pager("/admin/tests?".to_owned(), &page, more, ["Newer", "Older"])}
                        {new_test(levels, make)}
                    }
                        .into_any()
                }
            />
        </Page>
    }
}

fn list(lines: Vec<ClassTestLine>) -> AnyView {
    let hint = view! {
        <p>"A test is made of questions of published papers: choose them, put them in order, change their marks, then set the test to a class."</p>
    };
    if lines.is_empty() {
        return view! { {hint} <p class="empty">"There are no tests yet."</p> }.into_any();
    }
    let row = |line: ClassTestLine| {
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/admin/tests/{}", line.id)>{line.title}</a>
                    " "
                    <small>{format!("{}, by {}", line.level, line.made_by.unwrap_or_else(|| "somebody who left".into()))}</small>
                </th>
                <td class="number">{line.questions}</td>
                <td class="number">{line.handed_in}</td>
            </tr>
        }
    };
    let rows: Vec<_> = lines.into_iter().map(row).collect();
    view! {
        {hint}
        <Table caption="Tests, last changed first" head=vec!["Test", "Questions", "Handed in by"]>
            {rows}
        </Table>
    }
    .into_any()
}

fn new_test(levels: Vec<String>, make: ServerAction<MakeClassTest>) -> AnyView {
    if levels.is_empty() {
        return view! { <p class="empty">"You teach no class yet, so there is no level to make a test for."</p> }
            .into_any();
    }
    let error = error_of(make);
    let levels = levels.into_iter().map(|level| (level.clone(), level)).collect();
    view! {
        <h2>"A new test"</h2>
        <ActionForm action=make attr:class="card form">
            <FormError error fields=&["title"]/>
            <Field label="Title" name="title" maxlength={MAX_TITLE as u32} error/>
            <Select label="Level" name="level" options=levels required=true/>
            <button>"Make the test"</button>
        </ActionForm>
    }
    .into_any()
}

/// What can be done on the page of a test.
#[derive(Clone, Copy)]
struct Actions {
    change: ServerAction<ChangeClassTest>,
    marks: ServerAction<SetClassTestMarks>,
    save_section: ServerAction<SaveClassTestSection>,
    change_section: ServerAction<ChangeClassTestSection>,
    rename: ServerAction<RenameClassTest>,
    copy: ServerAction<CopyClassTest>,
    delete: ServerAction<DeleteClassTest>,
}

#[component]
pub fn ClassTestPage() -> impl IntoView {
    let (id, asked) = (id_param(), query_words(BankForm::FIELDS));
    let actions = Actions {
        change: ServerAction::new(),
        marks: ServerAction::new(),
        save_section: ServerAction::new(),
        change_section: ServerAction::new(),
        rename: ServerAction::new(),
        copy: ServerAction::new(),
        delete: ServerAction::new(),
    };
    let content = Resource::new(
        move || (id(), BankForm::of(asked.get())),
        |(id, bank)| async move { get_class_test(id?, bank).await },
    );
    view! {
        <Page title="Test">
            <Load resource=content view=move |content| whole(content, BankForm::of(asked.get_untracked()), actions)/>
        </Page>
    }
}

fn whole(content: Content, bank: BankForm, actions: Actions) -> AnyView {
    let Actions { change, change_section, rename, copy, delete, .. } = actions;
    let test = &content.test;
    let facts = [
        test.level.clone(),
        format::count(test.content.questions.len() as i64, "question"),
        format::marks_long(test.content.marks()),
        format!("about {}", format::minutes(test.minutes().into())),
    ];
    let why_not = match (test.own, test.begun) {
        (_, true) => Some("Pupils have begun this test, so it stays as it is. Copy it to make another."),
        (false, false) => Some("Somebody else made this test. Copy it to make your own."),
        (true, false) => None,
    };
    let bank = test.is_changeable().then(|| question_bank(&content, bank, change));
    view! {
        <h1>{test.title.clone()}</h1>
        <p class="facts">{facts.join(" · ")}</p>
        <FormError error=error_of(change)/>
        <FormError error=error_of(change_section)/>
        <FormError error=error_of(copy)/>
        <FormError error=error_of(delete)/>
        {why_not.map(|words| view! { <p class="card note not-printed">{words}</p> })}
        {of_test(test, copy, delete)}
        {questions(test, actions)}
        {bank}
        {test.is_changeable().then(|| title_form(test, rename))}
    }
    .into_any()
}

/// Where a test leads, and what is done with it as a whole.
fn of_test(test: &ClassTest, copy: ServerAction<CopyClassTest>, delete: ServerAction<DeleteClassTest>) -> AnyView {
    let (id, exam) = (test.id, Exam::Test(test.id));
    let set = (!test.content.questions.is_empty())
        .then(|| view! { <a class="button" href=format!("/admin/assignments?test={id}")>"Set it to a class"</a> });
    let results = test.begun.then(|| {
        view! {
            <a class="button plain" href=exam.page("marks")>"Marks"</a>
            <a class="button plain" href=exam.page("analysis")>"Item analysis"</a>
        }
    });
    let delete = test.is_changeable().then(|| {
        view! {
            <details>
                <summary>"Delete …"</summary>
                <ActionForm action=delete>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class="plain">"Delete the test"</button>
                </ActionForm>
            </details>
        }
    });
    view! {
        <div class="actions">
            {set}
            {results}
            <ActionForm action=copy>
                <input type="hidden" name="id" value=id.to_string()/>
                <button class="plain">"Copy it"</button>
            </ActionForm>
            {delete}
        </div>
    }
    .into_any()
}

/// The questions of a test, each section under its rule; with what moves them, and the marks to write, if it can be changed.
/// Printed, they are what a class gets on paper.
fn questions(test: &ClassTest, actions: Actions) -> AnyView {
    let Actions { change, marks, save_section, change_section, .. } = actions;
    let changeable = test.is_changeable();
    let new_section = changeable.then(|| sections::new_section(test, save_section)).flatten();
    let content = &test.content;
    let all: Vec<_> = match content.sections.len() {
        0 if content.questions.is_empty() => {
            vec![view! { <p class="empty">"There are no questions yet. Choose some below."</p> }.into_any()]
        }
        0 => vec![list_of(test, None, change)],
        number => (0..number)
            .flat_map(|place| {
                let section = &content.sections[place];
                [sections::heading(test, place, save_section, change_section), list_of(test, Some(section), change)]
            })
            .collect(),
    };
    // The fields for marks are in the questions; forms cannot be within each other.
    let id = test.id.to_string();
    let save = (changeable && !content.questions.is_empty()).then(|| {
        view! {
            <ActionForm action=marks attr:id=MARKS_FORM attr:class="actions">
                <input type="hidden" name="id" value=id/>
                <button class="plain">"Save the marks"</button>
            </ActionForm>
        }
    });
    view! {
        <h2 class="not-printed">"Questions"</h2>
        <FormError error=error_of(marks)/>
        {all}
        {save}
        {new_section}
    }
    .into_any()
}

/// The questions of a section, or all if there are no sections.
fn list_of(test: &ClassTest, section: Option<&Section>, change: ServerAction<ChangeClassTest>) -> AnyView {
    let (id, changeable) = (test.id, test.is_changeable());
    let here: Vec<&Question> = test.content.of_section(section).collect();
    if here.is_empty() {
        return view! { <p class="empty">"There are no questions in this section yet."</p> }.into_any();
    }
    let last = here.len() - 1;
    let others = test.content.sections.iter().filter(|&other| section != Some(other)).map(|other| other.label.clone());
    let others: Vec<String> = others.collect();
    let question = |(place, root): (usize, &&Question)| {
        let below = |item: &Question| below(item, changeable);
        let moves = changeable.then(|| {
            let button = |what: &'static str, words: &'static str| {
                let label = format!("{words}: question {}", root.path);
                change_form(id, root.id, None, [("what", what.to_owned(), words.to_owned(), label)], change)
            };
            let put = |to: &String| {
                let label = format!("To section {to}: question {}", root.path);
                ("section", to.clone(), format!("To section {to}"), label)
            };
            view! {
                <div class="actions">
                    {(place > 0).then(|| button("up", "Up"))}
                    {(place < last).then(|| button("down", "Down"))}
                    {button("remove", "Take out")}
                    {(!others.is_empty()).then(|| change_form(id, root.id, Some("put"), others.iter().map(put), change))}
                </div>
            }
        });
        view! { <li class="card">{question_tree(root, None, 0, &below)} {moves}</li> }
    };
    let all: Vec<_> = here.iter().enumerate().map(question).collect();
    view! { <ol class="test-questions">{all}</ol> }.into_any()
}

/// The form that the fields for marks belong to.
const MARKS_FORM: &str = "marks-form";

/// What stands below an item: its options, its key, and its marks if they can be changed.
fn below(item: &Question, changeable: bool) -> AnyView {
    let key = item.key.as_ref().map(|key| {
        let label =
            |id: &String| item.options.iter().find(|option| option.id == *id).map(|option| option.label.clone());
        let words = match key.options.is_empty() {
            true => key.text.clone(),
            false => key
                .options
                .iter()
                .map(|id| label(id).filter(|label| !label.is_empty()).unwrap_or(id.clone()))
                .collect::<Vec<_>>()
                .join(", "),
        };
        view! { <p class="facts not-printed">"Answer: " <b>{words}</b></p> }
    });
    let marks = changeable.then(|| {
        let marks = item.marks.map(format::marks).unwrap_or_default();
        view! {
            <input type="hidden" form=MARKS_FORM name="items[]" value=item.id.to_string()/>
            <label class="beside not-printed">
                <span>{format!("Marks of {}", item.path)}</span>
                <input
                    type="number"
                    form=MARKS_FORM
                    name="marks[]"
                    value=marks
                    min="0.5"
                    max=MAX_MARKS.to_string()
                    step="0.5"
                    required=true
                />
            </label>
        }
    });
    view! { {options(item)} {key} {marks} }.into_any()
}

fn options(item: &Question) -> Option<AnyView> {
    let document = source(item, None);
    let option = |option: &exam_model::question::Choice| {
        let label = if option.label.is_empty() { String::new() } else { format!("{}. ", option.label) };
        view! { <li>{label} {shown::option(option, document)}</li> }
    };
    let options: Vec<_> = item.options.iter().map(option).collect();
    (!options.is_empty()).then(|| view! { <ul class="word-bank">{options}</ul> }.into_any())
}

/// A form that does something with a question: `what`, or what its buttons say, each with name, value, words and label.
fn change_form(
    test: Uuid,
    question: Uuid,
    what: Option<&'static str>,
    buttons: impl IntoIterator<Item = (&'static str, String, String, String)>,
    change: ServerAction<ChangeClassTest>,
) -> AnyView {
    let button = |(name, value, words, label): (&'static str, String, String, String)| {
        view! { <button class="plain" name=name value=value aria-label=label>{words}</button> }
    };
    let buttons: Vec<_> = buttons.into_iter().map(button).collect();
    view! {
        <ActionForm action=change>
            <input type="hidden" name="id" value=test.to_string()/>
            <input type="hidden" name="question" value=question.to_string()/>
            {what.map(|what| view! { <input type="hidden" name="what" value=what/> })}
            {buttons}
        </ActionForm>
    }
    .into_any()
}

fn title_form(test: &ClassTest, rename: ServerAction<RenameClassTest>) -> AnyView {
    let (id, title, error) = (test.id.to_string(), test.title.clone(), error_of(rename));
    view! {
        <h2 class="not-printed">"Title"</h2>
        <ActionForm action=rename attr:class="card form">
            <FormError error fields=&["title"]/>
            <input type="hidden" name="id" value=id/>
            <Field label="Title" name="title" value=title maxlength={MAX_TITLE as u32} error/>
            <button class="plain">"Save the title"</button>
        </ActionForm>
    }
    .into_any()
}

/// The search over all questions, and what it found.
fn question_bank(content: &Content, bank: BankForm, change: ServerAction<ChangeClassTest>) -> AnyView {
    let test = &content.test;
    let address = format!("/admin/tests/{}", test.id);
    let found: Vec<_> = content.found.iter().map(|one| entry(test, one, change)).collect();
    let count = match content.all_found {
        0 => "No questions match. Try fewer filters.".to_owned(),
        number => format!("{} found, the newest papers first.", format::count(number, "question")),
    };
    let cut =
        content.is_cut.then_some(" Only the newest papers were searched: choose a subject or a year to see others.");
    let words = bank.query();
    let page = bank.page.clone();
    view! {
        <section class="not-printed" aria-labelledby="bank">
            <h2 id="bank">"Question bank"</h2>
            {bank_form(&address, content, bank)}
            <p class="facts">{count} {cut}</p>
            <ol class="test-questions">{found}</ol>
            {pager(format!("{address}?{words}&"), &page, content.more, ["Newer papers", "Older papers"])}
        </section>
    }
    .into_any()
}

fn bank_form(address: &str, content: &Content, bank: BankForm) -> AnyView {
    let any = |words: &str, others: Vec<(String, String)>| {
        std::iter::once((String::new(), words.to_owned())).chain(others).collect::<Vec<_>>()
    };
    let named = |known: &[(Uuid, String)]| known.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Group);
    let kinds = kinds.map(|kind| (kind.word().to_owned(), kind.name().to_owned())).collect();
    let facilities = Facility::ALL.map(|(_, word, words)| (word.to_owned(), words.to_owned())).to_vec();
    let sources = BankSource::ALL.map(|(_, word, words)| (word.to_owned(), words.to_owned())).to_vec();
    let topics = (!content.topics.is_empty()).then(|| {
        view! { <Select label="Topic" name="topic" options=any("All topics", named(&content.topics)) value=bank.topic/> }
    });
    view! {
        <form class="filters" method="get" action=address.to_owned()>
            <Field label="Words" name="words" kind="search" value=bank.words required=false/>
            <Select label="Subject" name="subject" options=any("All subjects", named(&content.subjects)) value=bank.subject/>
            {topics}
            <Select label="Kind" name="kind" options=any("All kinds", kinds) value=bank.kind/>
            <Select label="From" name="source" options=any("Papers and files", sources) value=bank.source/>
            <Select label="How often right" name="facility" options=any("Any", facilities) value=bank.facility/>
            <Field label="Year" name="year" kind="number" value=bank.year range=(1900, 2200) required=false/>
            <Field label="Marks from" name="least" kind="number" value=bank.least decimals=true range=(0, MAX_MARKS as i32) required=false/>
            <Field label="Marks to" name="most" kind="number" value=bank.most decimals=true range=(0, MAX_MARKS as i32) required=false/>
            <button class="plain">"Search"</button>
        </form>
    }
    .into_any()
}

/// A question of the bank, to be added.
fn entry(test: &ClassTest, one: &BankQuestion, change: ServerAction<ChangeClassTest>) -> AnyView {
    let root = &one.question;
    let paper = root.drawn.as_ref().map(|drawn| drawn.paper.clone()).unwrap_or_default();
    let right = one
        .facility
        .map(|share| format!("{:.0} % of the marks earned in {}", 100.0 * share, format::count(one.answers, "answer")));
    let file = one.file.as_ref().map(|name| format!("from the file of questions {name}"));
    let facts: Vec<String> =
        [Some(paper), file, one.year.map(|year| year.to_string()), right].into_iter().flatten().collect();
    let button = |section: &str, words: String, lead: &str| {
        ("section", section.to_owned(), words.clone(), format!("{words}{lead} question {} of {}", root.path, facts[0]))
    };
    let sections = &test.content.sections;
    let buttons = match sections.is_empty() {
        true => vec![button("", "Add".into(), "")],
        false => sections.iter().map(|to| button(&to.label, format!("Add to section {}", to.label), ":")).collect(),
    };
    let add = match test.content.questions.iter().any(|known| known.id == root.id) {
        true => view! { <p class="facts">"In the test"</p> }.into_any(),
        false => change_form(test.id, root.id, Some("add"), buttons, change),
    };
    let first = shown_text(root);
    view! {
        <li class="card">
            <details>
                <summary>{format!("{} ", root.label)} {format::shortened(&first, 120)}</summary>
                {question_tree(root, None, 0, &|item| below(item, false))}
            </details>
            <p class="facts">{facts.join(" · ")} " · " {format::marks_long(crate::domain::quiz::marks_of(root))}</p>
            {add}
        </li>
    }
    .into_any()
}

/// The first words of a question or of its parts.
fn shown_text(question: &Question) -> String {
    match question.text.trim() {
        "" => question.parts.first().map(shown_text).unwrap_or_default(),
        text => text.to_owned(),
    }
}
