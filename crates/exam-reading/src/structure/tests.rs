use super::*;
use crate::lines::Segment;

fn page(texts: &[&str]) -> Vec<Line> {
    let line = |(n, text): (usize, &&str)| {
        let indent = text.len() - text.trim_start().len();
        let segments = text
            .trim()
            .split("  ")
            .filter(|cell| !cell.is_empty())
            .enumerate()
            .map(|(s, cell)| Segment {
                x: 50.0 + 7.0 * indent as f32 + 200.0 * s as f32,
                right: 240.0 + 200.0 * s as f32,
                size: 11.0,
                bold: false,
                text: cell.trim().to_owned(),
            })
            .collect();
        let baseline = 80.0 + 15.0 * n as f32;
        Line {
            page: 1,
            baseline,
            top: baseline - 9.0,
            bottom: baseline + 3.0,
            segments,
            column: (50.0, 545.0),
            ..Line::default()
        }
    };
    texts.iter().enumerate().map(line).collect()
}

fn outline(nodes: &[Node]) -> String {
    let one = |node: &Node| {
        let children = if node.children.is_empty() { String::new() } else { format!("({})", outline(&node.children)) };
        format!("{}{children}", node.label.plain)
    };
    nodes.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_can_be_read_in_two_ways_is_hardly_ahead() {
    let ahead = |texts: &[&str]| read(&page(texts)).questions[0].ahead;
    assert_eq!(ahead(&["1. Name a metal.", "2. Name a gas."]), f32::INFINITY);
    let clear = ahead(&["1. Say it.", "  (a) one", "  (b) two", "  (c) three"]);
    let doubtful = ahead(&["1. Say it.", "  (a) one", "  (b) two", "  (i) three"]);
    assert!(doubtful < 0.23 && clear > 1.0, "{clear} {doubtful}");
}

#[test]
fn a_letter_from_which_the_list_cannot_go_on_is_no_rival() {
    let texts = ["1. Which of", "    A the bricks is", "    A iron", "    B wood", "    C wool", "2. End (1 mark)"];
    let structure = read(&page(&texts));
    assert_eq!(structure.questions[0].children[0].text[0].1, "iron");
    assert!(structure.questions[0].ahead > 0.23, "{}", structure.questions[0].ahead);
}

#[test]
fn an_option_may_be_a_number() {
    let texts = ["1. Of four,", "    A quarter is", "    A 1.", "    B 2.", "    C 4.", "2. End (1 mark)"];
    let structure = read(&page(&texts));
    assert_eq!(structure.questions[0].children[0].text[0].1, "1.");
    assert!(structure.questions[0].ahead > 0.23, "{}", structure.questions[0].ahead);
}

#[test]
fn a_number_that_stands_twice_or_not_at_all_is_doubtful() {
    let numbered = |texts: &[&str]| -> Vec<(u32, bool, bool)> {
        let questions = read(&page(texts)).questions;
        questions.iter().map(|node| (node.label.value, node.numbered > 1.0, node.gap)).collect()
    };
    let twice = ["1. One (1 mark)", "2. Two (1 mark)", "3. Three (1 mark)", "3. Three (1 mark)", "4. Four (1 mark)"];
    assert_eq!(numbered(&twice), [(1, true, false), (2, true, false), (3, false, false), (4, true, false)]);
    let missing = ["1. One (1 mark)", "2. Two (1 mark)", "Three (1 mark)", "4. Four (1 mark)", "5. Five (1 mark)"];
    assert_eq!(numbered(&missing), [(1, true, false), (2, true, false), (4, true, true), (5, true, false)]);
}

#[test]
fn numbers_letters_and_romans_make_a_tree() {
    let lines = page(&[
        "Instructions",
        "1. Write your name.",
        "2. Be quiet.",
        "SECTION A: Attempt all",
        "1. First question (2 marks)",
        "2. Second",
        "  (a) one (1 mark)",
        "  (b) two",
        "     (i) alpha (1 mark)",
        "     (ii) beta (1 mark)",
        "  (c) three (1 mark)",
        "3. Third (4 marks)",
        "SECTION B: Choose one",
        "4. Fourth (5 marks)",
        "5. Fifth (5 marks)",
    ]);
    let structure = read(&lines);
    assert_eq!(outline(&structure.questions), "1 2(a b(i ii) c) 3 4 5");
    assert_eq!(structure.headings.iter().map(|h| h.label.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(structure.start, 3);
}

#[test]
fn a_number_in_the_text_is_no_question() {
    let lines = page(&["1. A car drives", "12. o'clock is late (2 marks)", "2. A bus (2 marks)", "3. A bike (1 mark)"]);
    assert_eq!(outline(&read(&lines).questions), "1 2 3");
}

#[test]
fn options_in_columns_are_put_in_order() {
    let lines = page(&["1. Which one?", "  A. red  C. blue", "  B. green  D. black", "2. And now? (1 mark)"]);
    assert_eq!(outline(&read(&lines).questions), "1(a b c d) 2");
}

#[test]
fn the_letter_i_follows_h() {
    let lines = page(&[
        "1. Say", " (a) 1", " (b) 2", " (c) 3", " (d) 4", " (e) 5", " (f) 6", " (g) 7", " (h) 8", " (i) 9", " (j) 10",
        "2. End",
    ]);
    assert_eq!(outline(&read(&lines).questions), "1(a b c d e f g h i j) 2");
}

#[test]
fn sections_that_start_again() {
    let lines = page(&["Part I", "1. a (1 mark)", "2. b (1 mark)", "Part II", "1. c (1 mark)", "2. d (1 mark)"]);
    let structure = read(&lines);
    assert_eq!(outline(&structure.questions), "1 2 1 2");
    assert!(structure.restarts);
}

#[test]
fn a_first_word_is_no_option() {
    let lines = page(&[
        "1  A school has a network.",
        "  (a) Which part is it? Tick one.",
        "       A  router",
        "       B  hub",
        "  (b) Say why. (2 marks)",
        "2  A shop has none.",
        "  (a) Say so. (1 mark)",
        "  (b) Say why. (2 marks)",
    ]);
    assert_eq!(outline(&read(&lines).questions), "1(a(a b) b) 2(a b)");
}

#[test]
fn captions_and_places_to_write_are_no_parts() {
    let lines = page(&[
        "1. Look at the molecules.",
        "  (i) Name two of them. (2 marks)",
        "    (i)  (ii)  (iii)",
        "    (iv)  (v)  (vi)",
        "  (ii) Draw one. (1 mark)",
        "    (a) ..................",
        "    (b) ..................",
        "2. End (1 mark)",
    ]);
    assert_eq!(outline(&read(&lines).questions), "1(i ii) 2");
}

#[test]
fn parts_in_columns_with_words_between_are_put_in_order() {
    let lines = page(&["1. Name each:", "  (a)  iron  (c)  zinc", "  (b)  lead  (d)  tin", "2. End (1 mark)"]);
    assert_eq!(outline(&read(&lines).questions), "1(a b c d) 2");
}

#[test]
fn options_numbered_by_mistake_stay_below_their_question() {
    let lines = page(&["A) It is so.", "    B) True", "    B) False", "B) It is not.", "    C) True", "    C) False"]);
    assert_eq!(outline(&read(&lines).questions), "a(b b) b(c c)");
}

#[test]
fn a_label_printed_twice_is_kept_as_odd() {
    let lines = page(&["1. a) Find x. (1 mark)", "   a) Find y. (1 mark)", "   b) Find z. (1 mark)", "2. End"]);
    let structure = read(&lines);
    assert_eq!(outline(&structure.questions), "1(a a b) 2");
    assert!(structure.questions[0].loose.is_empty());
    assert!(structure.questions[0].children[1].odd && !structure.questions[0].children[2].odd);
}

#[test]
fn a_label_that_does_not_fit_is_text_and_told() {
    let lines = page(&["1. Say", "  (a) one (1 mark)", "  (b) two (1 mark)", "  (g) three", "2. End (1 mark)"]);
    let structure = read(&lines);
    assert_eq!(outline(&structure.questions), "1(a b) 2");
    assert_eq!(structure.questions[0].children[1].loose, ["(g)"]);
}

#[test]
fn bullets_with_blanks_are_questions_of_a_section_without_others() {
    let lines = page(&["Part I", "A) One (1 mark)", "B) Two (1 mark)", "Part II", "• The ____ pumps", "• Two ____"]);
    assert_eq!(outline(&read(&lines).questions), "a b 1 2");
}

#[test]
fn a_grid_for_marks_is_no_question() {
    let lines = page(&["Q1:  Q2:  Q3:", "Question 1 (4 marks)", "Do it.", "Question 2 (4 marks)", "q3 a = b"]);
    let structure = read(&lines);
    assert_eq!((outline(&structure.questions).as_str(), structure.start), ("1 2", 1));
}

#[test]
fn a_list_before_the_parts_is_text() {
    let lines = page(&[
        "1. Which of these are metals?",
        "   I. iron",
        "   II. wood",
        "   III. zinc",
        "   A. I only",
        "   B. I and III",
        "2. End (1 mark)",
    ]);
    let structure = read(&lines);
    assert_eq!(outline(&structure.questions), "1(a b) 2");
    assert!(structure.questions[0].text.iter().any(|(_, text)| text == "II. wood"));
}

#[test]
fn options_that_are_pictures_are_put_in_order() {
    let lines = page(&["1. Which graph?", "A  D", "0 1 2", "B  E", "0 1 2", "C", "2. End (1 mark)"]);
    assert_eq!(outline(&read(&lines).questions), "1(a b c d e) 2");
}

#[test]
fn questions_stand_outside_numbered_steps() {
    let lines = page(&[
        "1 A program sorts.",
        "  (a) Write it. (2 marks)",
        "  (b) It then will: (2 marks)",
        "      1. read",
        "      2. sort",
        "      3. print",
        "2 A second one. (3 marks)",
        "3 A third one. (3 marks)",
    ]);
    assert_eq!(outline(&read(&lines).questions), "1(a b(1 2 3)) 2 3");
}

#[test]
fn dotted_labels_follow_their_question() {
    let lines = page(&[
        "QUESTION 1",
        "1.1 Choose one.",
        "  1.1.1 It weighs (2)",
        "  1.5 kg of sand.",
        "  1.1.2 It is (2)",
        "1.2 Say why. (3)",
        "QUESTION 2",
        "2.1 Name it. (4)",
        "2.2 Draw it. (4)",
    ]);
    assert_eq!(outline(&read(&lines).questions), "1(1(1 2) 2) 2(1 2)");
}

#[test]
fn options_in_one_segment_are_divided() {
    let lines = page(&["1. Which?", "  a) red b) blue", "  c) green d) as in b) above", "2. End (1 mark)"]);
    let structure = read(&lines);
    assert_eq!(outline(&structure.questions), "1(a b c d) 2");
    assert_eq!(structure.questions[0].children[0].text[0].1, "red");
}

#[test]
fn marks_in_round_brackets_are_no_labels() {
    let lines = page(&["QUESTION 2", "2.1 Say.  (1)", "2.2 Look:", "   2.2.1 One.  (2)", "   2.2.2 Two.  (3)"]);
    assert_eq!(outline(&read(&lines).questions), "2(1 2(1 2))");
}

#[test]
fn a_letter_before_a_sign_is_no_option() {
    let lines = page(&["1. What does it print?", "  A = 5", "  B = 6", "2. End (1 mark)"]);
    assert_eq!(outline(&read(&lines).questions), "1 2");
}

#[test]
fn options_of_a_printed_test_stand_behind_ticks() {
    let lines = page(&[
        "Q.1 Which is a scalar?",
        "Ans",
        "    X 1. Displacement",
        "    2. Distance",
        "    “ 3. Velocity",
        "    x4. Force",
        "Question ID :9888374669  Status : Answered",
        "Q.2 What is 2 + 1?",
        "Ans  1. 2",
        "    2. 3",
        "    3. 4",
        "    4. 5",
    ]);
    let structure = read(&lines);
    assert_eq!(outline(&structure.questions), "1(1 2 3 4) 2(1 2 3 4)");
    assert_eq!(structure.questions[1].text.last().map(|(_, text)| text.as_str()), Some("Ans"));
    let texts = |node: &Node| -> Vec<String> { node.children.iter().map(|child| child.text[0].1.clone()).collect() };
    assert_eq!(texts(&structure.questions[0]), ["Displacement", "Distance", "Velocity", "Force"]);
}

#[test]
fn exercises_hold_the_questions_that_start_again_in_each() {
    let texts = [
        "Exercice 1 : Piles",
        "Question 1 :",
        "Dites ce que fait la pile.",
        "Question 2 :",
        "   1. Donnez son contenu.",
        "   2. Dites pourquoi.",
        "Exercice 2 : Files",
        "Question 1 :",
        "Dites ce que fait la file.",
        "Question 2",
        "Donnez son contenu.",
    ];
    assert_eq!(outline(&read(&page(&texts)).questions), "1(1 2(1 2)) 2(1 2)");
}

#[test]
fn sections_that_are_numbered_hold_questions() {
    let texts = [
        "1 SECTION-A",
        "Question numbers 1 to 4 carry 1 mark each.",
        "1.1. Name a planet.",
        "1.2. The largest planet is",
        "  a) Mars",
        "  b) Jupiter",
        "Fill in the blanks in question numbers 3 to 4.",
        "1.3. The gas that plants take in is",
        "1.4. The gas that plants give off is",
        "2 SECTION-B",
        "2.5. Name a gas.",
        "2.6. Name a metal.",
    ];
    let structure = read(&page(&texts));
    assert_eq!(outline(&structure.questions), "1.1 1.2(a b) 1.3 1.4 2.5 2.6");
    assert_eq!(structure.questions[1].children[1].text.len(), 1);
    assert_eq!(structure.headings.iter().map(|heading| heading.label.as_str()).collect::<String>(), "AB");
    let (places, said) = &structure.groups[0];
    assert!(said.starts_with("Fill in") && places.contains(&structure.questions[2].at));
    assert!(!places.contains(&structure.questions[4].at));
}

#[test]
fn statements_above_boxes_are_text() {
    let texts =
        ["1. Which hold?", "  I. It is red.", "  II. It is hot.", "  ☐ I", "  ☐ II", "  ☐ both", "2. End (1 mark)"];
    let structure = read(&page(&texts));
    assert_eq!(outline(&structure.questions), "1 2");
}

#[test]
fn a_number_in_the_margin_stands_before_a_letter_with_a_stop() {
    let texts = ["1 Name a metal.", "2 a. Name a gas.", "  b. Name an acid.", "3 Name a salt."];
    assert_eq!(outline(&read(&page(&texts)).questions), "1 2(a b) 3");
}

#[test]
fn options_may_name_statements_further_out() {
    let texts = [
        "1. Which of these are tools?",
        "  (i) Hoe",
        "  (ii) Maize",
        "  (iii) Rake",
        "     A (i) and (ii)",
        "     B (i) and (iii)",
        "     C (ii) and (iii)",
        "2. End (1 mark)",
    ];
    let structure = read(&page(&texts));
    assert_eq!(outline(&structure.questions), "1(a b c) 2");
    assert_eq!(structure.questions[0].text.last().map(|(_, text)| text.as_str()), Some("(iii) Rake"));
}

#[test]
fn a_total_below_the_parts_is_no_mark_of_the_last() {
    let own = |texts: &[&str]| -> usize { read(&page(texts)).questions[0].children[1].text.len() };
    assert_eq!(own(&["1. Say it.", "  (a) Heart  (1)", "  (b) Lung  (2)", "          [3]", "2. End"]), 2);
    assert_eq!(own(&["1. Say it.", "  (a) Heart  (1)", "  (b) Lung", "          [1]", "2. End"]), 2, "its own mark");
}

#[test]
fn options_may_go_on_from_the_words_before_them() {
    let texts = ["1. Sound cannot travel through A. air B. steel C. water", "2. Plan A. B is none.", "3. End"];
    assert_eq!(outline(&read(&page(&texts)).questions), "1(a b c) 2 3");
}

#[test]
fn a_dotted_label_may_stand_right_behind_the_one_above_it() {
    let texts = ["QUESTION 1", "1.1 1.1.1 Heart", "     1.1.2 Lung", "1.2 1.2.1 Root", "     1.2.2 Leaf", "QUESTION 2"];
    assert_eq!(outline(&read(&page(&texts)).questions), "1(1(1 2) 2(1 2)) 2");
    let texts = ["0 1 Look.", "0 1 . 1 Name it.", "0 1 . 2 Draw it.", "0 2 Read.", "0 2 . 1 Why?"];
    assert_eq!(outline(&read(&page(&texts)).questions), "1(1 2) 2(1)", "one may be the only one");
}

#[test]
fn totals_below_parts_at_any_depth_are_no_marks_of_the_last() {
    let texts = [
        "QUESTION 2",
        "2.1 Look at the ear.",
        "   2.1.1 Name it.  (1)",
        "   2.1.2 Say what it does.  (5)",
        "          (6)",
        "2.2 Say why.  (4)",
        "          [10]",
        "TOTAL SECTION B:  10",
        "QUESTION 3",
        "3.1 Name the phase.  (2)",
        "          [2]",
    ];
    let structure = read(&page(&texts));
    let questions = &structure.questions;
    assert_eq!(outline(questions), "2(1(1 2) 2) 3(1)");
    let own = |node: &Node| node.text.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("|");
    assert_eq!(own(&questions[0].children[0].children[1]), "Say what it does.|(5)");
    assert_eq!(own(&questions[0].children[1]), "Say why.|(4)");
    assert_eq!(own(&questions[1].children[0]), "Name the phase.|(2)", "in other brackets");
}

#[test]
fn below_a_heading_numbers_may_go_on_from_elsewhere() {
    let texts = ["SECTION I", "1. One (2 marks)", "2. Two (3 marks)", "SECTION II", "17. Three (9 marks)", "18. Four"];
    assert_eq!(outline(&read(&page(&texts)).questions), "1 2 17 18");
}

#[test]
fn a_number_before_the_first_question_is_an_instruction() {
    let texts = ["Science [50 marks]", "1. Use a pencil.", "Shade your answers.", "1. What is it?", "2. And this?"];
    let structure = read(&page(&texts));
    assert_eq!((outline(&structure.questions).as_str(), structure.start), ("1 2", 3));
}

#[test]
fn a_number_in_the_margin_may_stand_before_a_symbol() {
    let texts = ["1 Name it. [1]", "2 Say why. [2]", "3 y is proportional to x. [2]", "4 Find it. [1]"];
    assert_eq!(outline(&read(&page(&texts)).questions), "1 2 3 4");
}

#[test]
fn numbers_start_again_below_a_heading_within_an_exercise() {
    let texts = [
        "EXERCICE 1 (5 points)",
        "Partie A – Une suite",
        "1. Montrer que u = 2.",
        "2. a. Calculer u.",
        "   b. Conclure.",
        "Partie B – Une fonction",
        "1. Dire son sens.",
        "2. Dire sa limite.",
        "EXERCICE 2 (4 points)",
        "1. Finir.",
        "2. Conclure.",
    ];
    let structure = read(&page(&texts));
    assert_eq!(outline(&structure.questions), "1(1 2(a b) 1 2) 2(1 2)");
    assert!(structure.questions[0].children.iter().all(|child| !child.odd));
}

#[test]
fn a_dotted_label_may_stand_without_the_one_above_it() {
    let texts = ["QUESTION 2", "2.1 Inertia (2)", "2.3.1 5 N (4)", "2.3.2 0,25 (3)", "2.4.1 Less (1)", "QUESTION 3"];
    assert_eq!(outline(&read(&page(&texts)).questions), "2(1 3.1 3.2 4.1) 3");
}

#[test]
fn roman_numbers_may_head_sections() {
    let texts = [
        "1. Write your name.",
        "2. Be quiet.",
        "I. Circle the right letter. (10 marks)",
        "1. The eye is for",
        "   a. hearing",
        "   b. seeing",
        "2. Ice is",
        "   a. cold",
        "   b. hot",
        "II. True or false? (4 marks)",
        "3. The sun is a star.",
        "4. Ice sinks.",
    ];
    let structure = read(&page(&texts));
    assert_eq!(outline(&structure.questions), "1(a b) 2(a b) 3 4");
    assert_eq!(structure.headings.iter().map(|heading| heading.label.as_str()).collect::<Vec<_>>(), ["I", "II"]);
    assert!(structure.headings[1].text.starts_with("True") && !structure.restarts);
    let statements = ["1. Which?", "I. It is red.", "II. It is hot.", "   A. I only", "   B. I and II", "2. End"];
    assert!(read(&page(&statements)).headings.is_empty());
}

#[test]
fn after_a_page_that_was_not_read_numbers_go_on() {
    let texts =
        ["1. One (2 marks)", "2. Two (3 marks)", "12. Three (9 marks)", "13. Four (1 mark)", "14. Five (1 mark)"];
    let questions = read(&page(&texts)).questions;
    assert_eq!(outline(&questions), "1 2 12 13 14");
    assert!(questions[2].gap);
}

#[test]
fn a_dotted_label_stays_before_those_below_it_in_the_next_column() {
    let below = format!("{}1.3.2 Lung (1)", " ".repeat(28));
    let texts = ["QUESTION 1", "1.2 Name it:", "1.3  1.3.1 Heart (1)", &below, "QUESTION 2"];
    assert_eq!(outline(&read(&page(&texts)).questions), "1(2 3(1 2)) 2");
}

#[test]
fn places_to_answer_below_all_parts_are_of_those_that_they_name() {
    let texts = ["1. It boils.", "  (a) Say why.", "  (b) Say when.", "Answer (a)  [1]", "Answer (b)  [2]"];
    let question = &read(&page(&texts)).questions[0];
    let ends: Vec<&str> = question.children.iter().map(|part| part.text.last().unwrap().1.as_str()).collect();
    assert_eq!((question.children.len(), ends), (2, vec!["[1]", "[2]"]));
}

#[test]
fn what_is_said_over_some_questions_may_have_options_of_its_own() {
    let texts = [
        "1. Name it.",
        "  (a) iron",
        "  (b) zinc",
        "Questions number 2 and 3 are of an assertion and a reason. Two statements are given.",
        "Select the correct answer from the codes (a) to (d).",
        "  (a) Both are true, and the reason explains the assertion.",
        "  (b) Both are true, and it does not.",
        "  (c) Only the assertion is true.",
        "  (d) Only the reason is true.",
        "2. Assertion: It floats. Reason: It is light.",
        "3. Assertion: It sinks. Reason: It is heavy.",
    ];
    let read = read(&page(&texts));
    assert_eq!(outline(&read.questions), "1(a b) 2 3");
    assert_eq!(read.groups.len(), 1);
}

#[test]
fn marks_before_the_heading_of_the_next_questions_stay() {
    let read = read(&page(&["Part I", "1. Name it.", "[1]", "Part II: Questions 2 to 3", "2. When?", "3. Who?"]));
    let text: Vec<&str> = read.questions[0].text.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(text, ["Name it.", "[1]"]);
}

#[test]
fn letters_may_head_sections_of_questions() {
    let rows = [
        "A) Choose the correct answer. (2 points each)",
        "1) Which is a metal?",
        "A) iron   B) wood   C) glass   D) paper",
        "2) Which is a gas?",
        "A) salt",
        "B) iron",
        "C) helium",
        "D) sand",
        "B) Write true or false.",
        "(   ) 1. Bats are birds.",
        "(   ) 2. Ice floats.",
        "C) Answer these.",
        "1. Name an acid. (3 points)",
        "2. Name a base. (3 points)",
    ];
    let questions = crate::read_paper(&[crate::testing::typed(&rows)]).questions;
    let read: Vec<_> = questions
        .iter()
        .map(|question| (question.path.as_str(), question.kind, question.options.len(), question.marks))
        .collect();
    use exam_model::question::Kind;
    assert_eq!(
        read,
        [
            ("a.1", Kind::Single, 4, Some(2.0)),
            ("a.2", Kind::Single, 4, Some(2.0)),
            ("b.1", Kind::TrueFalse, 0, None),
            ("b.2", Kind::TrueFalse, 0, None),
            ("c.1", Kind::Short, 0, Some(3.0)),
            ("c.2", Kind::Short, 0, Some(3.0)),
        ]
    );
}

#[test]
fn letters_may_head_titles_over_numbers_that_go_on() {
    let rows = [
        "A. READING (amanota 4)",
        "1. Why is it so? (amanota 2)",
        "2. Name it. (amanota 2)",
        "B. GRAMMAR (amanota 3)",
        "3. Choose the right word: he is",
        "a) tall",
        "b) talls",
        "c) talling",
        "d) talled",
        "C. WRITING (amanota 10)",
        "4. Write a letter. (amanota 10)",
    ];
    let questions = crate::read_paper(&[crate::testing::typed(&rows)]).questions;
    let read: Vec<_> = questions
        .iter()
        .map(|question| (question.path.as_str(), question.options.len(), question.parts.len(), question.marks))
        .collect();
    assert_eq!(read, [("1", 0, 0, Some(2.0)), ("2", 0, 0, Some(2.0)), ("3", 4, 0, None), ("4", 0, 0, Some(10.0))]);
}

#[test]
fn options_with_small_letters_may_stand_behind_their_question() {
    let rows = [
        "1. Which is a metal? a) iron b) wood c) glass d) paper",
        "2. Which is a gas? a) salt b) iron c) helium d) sand",
        "3. Which is a liquid? [A] salt [B] water [C] iron [D] sand",
    ];
    let questions = crate::read_paper(&[crate::testing::typed(&rows)]).questions;
    let counts: Vec<_> = questions.iter().map(|question| question.options.len()).collect();
    assert_eq!(counts, [4, 4, 4]);
}

#[test]
fn places_to_write_below_labels_are_no_parts() {
    let places = [
        "1. State two uses.",
        "    (i) ..........",
        "    (ii) ..........",
        "2. Name:",
        "    (i) iron",
        "    (ii) zinc",
    ];
    assert_eq!(outline(&read(&page(&places)).questions), "1 2(i ii)");
}

#[test]
fn a_list_of_exercises_on_the_cover_is_none_of_them() {
    let list = ["Exercise 1  8 points", "Exercise 2  7 points", "Exercise 3  5 points"];
    let paper =
        ["Exercise 1 (8 points)", "Find x.", "Exercise 2 (7 points)", "Find y.", "Exercise 3 (5 points)", "Why?"];
    let lines = page(&list.into_iter().chain(paper).collect::<Vec<_>>());
    let found: Vec<usize> = read(&lines).questions.iter().map(|question| question.at.line).collect();
    assert_eq!(found, [3, 5, 7]);
}

#[test]
fn an_answer_sheet_asks_nothing() {
    let texts =
        ["Question 1  What is it?", "A iron", "B zinc", "Question 2  Why?", "Question 1: A B", "Question 2: A B"];
    let found: Vec<usize> = read(&page(&texts)).questions.iter().map(|question| question.at.line).collect();
    assert_eq!(found, [0, 3]);
}

#[test]
fn options_go_on_in_the_next_line() {
    let texts =
        ["1. Which?", "    [A] the first [B] the second [C] the third [D]", "    the fourth [E] the fifth", "2. End"];
    assert_eq!(outline(&read(&page(&texts)).questions), "1(a b c d e) 2");
}

#[test]
fn four_rows_below_ans_are_options_though_their_numbers_are_lost() {
    let texts = [
        "Q.1 Which is an acid?  Question ID 98",
        "Ans  x 1 Water  Status Answered",
        "    w . Vinegar  Chosen Option 2",
        "    A 3 Salt",
        "    4 Soda",
        "Q.2 Which is a base?  Question ID 99",
        "Ans  x 1 Soap  Status Answered",
        "    A 2 Lemon",
        "    w Milk",
        "    A 4 Tea",
    ];
    let structure = read(&page(&texts));
    let options =
        |n: usize| structure.questions[n].children.iter().map(|child| child.text[0].1.as_str()).collect::<Vec<_>>();
    assert_eq!(
        options(0),
        [". Vinegar", "Salt", "Soda"].iter().fold(vec!["Water"], |mut all, text| {
            all.push(text);
            all
        })
    );
    assert_eq!(options(1), ["Soap", "Lemon", "Milk", "Tea"]);
}
