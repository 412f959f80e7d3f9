//! Several things: each point counts once, whatever the order.

use std::borrow::Cow;

use exam_model::answer::{Answer, Certainty};

use crate::key::{Points, undashed, unlabelled};
use crate::letters::{halves, split_outside, tidy};
use crate::reason::{self, Judgement, Listed};
use crate::rule::Asked;
use crate::{Share, text};

/// Things of which `asked_for` are wanted. More wrong ones than asked for cost nothing unless the scheme says so.
pub fn mark(points: &Points, answer: &Answer, asked_for: usize, asked: &Asked, known: &[String]) -> Share {
    /// Pieces of more words may say several points.
    const WHOLE: usize = 4;
    let all = &points.all;
    let mut given = things(points, answer, asked_for, asked, known);
    let names: Vec<Option<&str>> = all.iter().map(|point| point.name()).collect();
    // `4, 3` for `x = 4; y = 3` is meant in this order; the roots of `x` have none.
    let named = names.iter().any(|name| name.is_some() && *name != names[0]);
    let ordered = named || points.any.is_none() && asked.ordered();
    let beyond = if points.notes.first_only { given.len().saturating_sub(asked_for) } else { 0 };
    given.truncate(given.len() - beyond);
    given.truncate(60);
    let judged = |at: usize, n: usize| {
        let own = given[at].split_once('=').filter(|_| named).map(|(name, _)| name.trim());
        let other = own.is_some_and(|own| {
            let is = |name: &Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(own));
            names.iter().any(is) && !is(&names[n])
        });
        let fits = !other && (!ordered || at == n || own.is_some());
        if fits { all[n].named(&given[at], asked, known) } else { Judgement::wrong(reason::Note::Wrong) }
    };
    let table: Vec<Vec<Judgement>> =
        (0..given.len()).map(|at| (0..all.len()).map(|n| judged(at, n)).collect()).collect();
    let place = matched(&table, all.len());
    let weight = |n: usize| all[n].marks.unwrap_or(1.0);
    let weighed = points.any.is_none() && all.iter().any(|point| point.marks.is_some());
    let (mut right, mut notes, mut wrong, mut found) = (0.0, Vec::new(), 0, 0);
    for (at, piece) in given.iter().enumerate() {
        match place.iter().position(|owner| *owner == Some(at)) {
            Some(n) => {
                found += 1;
                right += table[at][n].share * if weighed { weight(n) } else { 1.0 };
                notes.push(reason::counted(piece, all[n].shown(), &table[at][n]));
            }
            None if table[at].iter().any(|judged| judged.share > 0.0) => notes.push(reason::said_again(piece)),
            None => {
                wrong += 1;
                notes.push(reason::not_counted(piece));
            }
        }
    }
    let total = if weighed { points.worth(asked.of) } else { asked_for as f64 };
    let each = total / asked_for as f64;
    // "List all the integers": one that is none of them takes a mark.
    let is_whole =
        points.any.is_none() && asked.has(&["list all", "write down all", "find all", "give all", "state all"]);
    let extra =
        is_whole && given.len() > all.len() && all.iter().all(|point| crate::quantity::is_number(point.shown()));
    let cost = match points.notes.per_wrong {
        None if extra => total / asked.of,
        None => 0.0,
        Some(marks) if marks < 0.0 => each,
        Some(marks) => marks * total / asked.of,
    };
    let missing: Vec<&str> = (0..all.len()).filter(|n| place[*n].is_none()).map(|n| all[n].shown()).collect();
    let costly = if cost > 0.0 { wrong } else { 0 };
    let any = points.any.is_some() || asked_for < all.len();
    let reason =
        reason::listed(&Listed { found: found.min(asked_for), asked: asked_for, notes, missing, any, beyond, costly });
    let counted = (0..given.len()).filter(|at| place.contains(&Some(*at)));
    let certain = counted.map(|at| sureness_of(&table[at], |n| place[n] == Some(at))).max();
    let open = (0..all.len()).filter(|n| place[*n].is_none()).count();
    // A piece that counts for nothing matters where a point is still open.
    let again = |at: usize| table[at].iter().any(|judged| judged.share > 0.0);
    let counts = open > 0 && right < total || cost > 0.0;
    let others = (0..given.len()).filter(|at| !place.contains(&Some(*at)) && !again(*at) && counts);
    let doubt = others.map(|at| sureness_of(&table[at], |n| place[n].is_none())).max();
    let certainty = certain.max(doubt).unwrap_or_default();
    // "Rotated 270° anticlockwise about O" says more than the point for which it counts.
    let is_whole = |piece: &String| piece.split_whitespace().count() > WHOLE;
    let unsaid = found > 0 && given.len() < asked_for && given.iter().any(is_whole);
    let certainty = if unsaid { Certainty::Near } else { certainty };
    Share { right: (right - cost * wrong as f64).clamp(0.0, total), asked: total, certainty, reason }
}

/// The things that an answer gives, divided as the points of the key are.
fn things(points: &Points, answer: &Answer, asked_for: usize, asked: &Asked, known: &[String]) -> Vec<String> {
    let all = &points.all;
    // "closing windows and doors" is one thing.
    let whole = |piece: &str| {
        let joined =
            all.iter().any(|point| point.forms.iter().any(|form| form.contains(" and ") || form.contains(", ")));
        joined && all.iter().any(|point| point.named(piece, asked, known).is_right())
    };
    if let [one] = &answer.0[..]
        && let Some(given) = named_values(points, one)
    {
        return given;
    }
    let mut given = match letter_of_all(points) {
        Some(letter) => {
            let plain: Vec<String> = answer.0.iter().map(|piece| without_indices(piece, letter)).collect();
            let given = pieces(&plain, &whole);
            roots(&given, letter, asked_for).unwrap_or(given)
        }
        None => pieces(&answer.0, &whole),
    };
    // `1/4 < 0.5 < 3/5` puts three values in order.
    if let [one] = &given[..]
        && asked.ordered()
        && !all.iter().any(|point| point.shown().contains(['<', '>']))
        && one.contains(['<', '>'])
    {
        given = one.split(['<', '>']).map(|value| value.trim().to_owned()).collect();
    }
    // A point such as `(1, −4)` is one thing, too.
    let bracketed = |point: &&crate::key::Point| point.shown().contains(['(', '{', '[']) && point.shown().contains(',');
    if let [one] = &answer.0[..]
        && all.iter().filter(bracketed).any(|point| point.judge(one, asked).is_right())
    {
        given = vec![one.clone()];
    }
    if let [one] = &given[..]
        && asked_for > 1
    {
        given = runs(points, one, asked).unwrap_or(given);
    }
    // `11 13 17 and 19`
    if (2..asked_for).contains(&given.len()) && all.iter().all(|point| crate::quantity::value(point.shown()).is_some())
    {
        let apart = |piece: &String| piece.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let numbers: Vec<String> = given.iter().flat_map(apart).collect();
        if numbers.iter().all(|number| number.bytes().all(|b| b.is_ascii_digit())) {
            given = numbers;
        }
    }
    // `BD` for B; D.
    let letter =
        |point: &crate::key::Point| point.shown().len() == 1 && point.shown().bytes().all(|b| b.is_ascii_uppercase());
    if let [one] = &given[..]
        && all.len() > 1
        && all.iter().all(letter)
    {
        given = crate::json_case::letters(one).unwrap_or(given);
    }
    given
}

/// `mode = 5` and `mean = 6` of "mode: 5 mean is 6": the values of names that the points have, each its own.
fn named_values(points: &Points, answer: &str) -> Option<Vec<String>> {
    let names: Vec<String> =
        points.all.iter().map(|point| point.name().map(str::to_lowercase)).collect::<Option<_>>()?;
    let is_new = |(n, name): (usize, &String)| !names[..n].contains(name);
    if names.len() < 2 || !names.iter().enumerate().all(is_new) {
        return None;
    }
    let low = answer.to_lowercase();
    let joins = |rest: &str| -> Option<usize> {
        let bare = rest.trim_start();
        // `gross 60000`
        if bare.len() < rest.len() && bare.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(rest.len() - bare.len());
        }
        let join = ["=", ":", "is ", "are "].iter().find(|join| bare.starts_with(**join))?;
        Some(rest.len() - bare.len() + join.len())
    };
    // What all are names of need not be said: `gross` and `net` of profits.
    let kind = names[0].rsplit_once(' ').map(|(_, kind)| kind);
    let kind =
        kind.filter(|kind| names.iter().all(|name| name.rsplit_once(' ').is_some_and(|(_, last)| last == *kind)));
    let first = |name: &str| kind.map_or(name.len(), |kind| name.len() - kind.len() - 1);
    let place = |name: &String| {
        let begins = |at: &usize| !low[..*at].ends_with(char::is_alphanumeric);
        let places = low.match_indices(name.as_str()).map(|(at, _)| at).filter(begins);
        let ends = |at: usize, end: usize| Some((at, end + joins(&low[end..])?));
        let short = &name[..first(name)];
        let in_short = low.match_indices(short).map(|(at, _)| at).filter(begins);
        let whole = places.filter_map(|at| ends(at, at + name.len())).next();
        whole.or_else(|| in_short.filter_map(|at| ends(at, at + short.len())).next())
    };
    let mut found: Vec<(usize, usize, &String)> =
        names.iter().filter_map(|name| place(name).map(|(at, from)| (at, from, name))).collect();
    found.sort_unstable();
    // What is told with `=` alone is divided as other lists are.
    if found.len() < 2
        || low.len() != answer.len()
        || low.contains('=') && !low.contains(':') && !low.contains(" is ") && low.contains([',', ';', '\n'])
    {
        return None;
    }
    let ends = found.iter().skip(1).map(|(at, ..)| *at).chain([answer.len()]);
    let value = |from: usize, end: usize| {
        // Small letters may be longer: `İ`.
        let value = answer.get(from..end)?.trim().trim_end_matches([',', ';', '.']);
        Some(value.trim_end_matches(" and").trim())
    };
    found.iter().zip(ends).map(|((_, from, name), end)| Some(format!("{name} = {}", value(*from, end)?))).collect()
}

/// The letter of which all points are values: the `x` of `x = 2; x = 3`.
fn letter_of_all(points: &Points) -> Option<&str> {
    let letter = points.all.first()?.name().filter(|name| name.chars().count() == 1)?;
    (points.all.len() > 1 && points.all.iter().all(|point| point.name() == Some(letter))).then_some(letter)
}

/// `x = 2,3` and `-2,4`: as many whole numbers as there are values of a letter, which is named once or not at all.
fn roots(given: &[String], letter: &str, asked_for: usize) -> Option<Vec<String>> {
    let [one] = given else { return None };
    let values = one.split_once('=').filter(|(name, _)| name.trim() == letter).map_or(&**one, |(_, values)| values);
    let is_whole = |value: &&str| tidy(value).trim().parse::<i64>().is_ok();
    let values: Vec<&str> = values.split(',').collect();
    (values.len() == asked_for && values.iter().all(is_whole))
        .then(|| values.iter().map(|value| value.trim().to_owned()).collect())
}

/// `x₁ = 2, x₂ = 3` as two values of `x`, each on its line.
fn without_indices(piece: &str, letter: &str) -> String {
    const INDICES: [[&str; 3]; 4] = [["1", "₁", "_1"], ["2", "₂", "_2"], ["3", "₃", "_3"], ["4", "₄", "_4"]];
    let mut out = piece.to_owned();
    for index in INDICES.as_flattened() {
        let root = format!("{letter}{index}");
        let Some(at) = out.find(&root) else { continue };
        let alone = !out[..at].ends_with(char::is_alphanumeric);
        if alone && out[at + root.len()..].trim_start().starts_with('=') {
            out.replace_range(at..at + root.len(), &format!("\n{letter}"));
        }
    }
    out
}

/// Of a piece and these points, the surest: what is known to be another than one of them is known to be none of them.
fn sureness_of(judged: &[Judgement], of: impl Fn(usize) -> bool) -> Certainty {
    (0..judged.len()).filter(|n| of(*n)).map(|n| judged[n].certainty()).min().unwrap_or_default()
}

/// For each point the piece that counts for it: as many as there can be, whole ones first.
fn matched(table: &[Vec<Judgement>], points: usize) -> Vec<Option<usize>> {
    fn free(at: usize, table: &[Vec<Judgement>], least: f64, owner: &mut [Option<usize>], seen: &mut [bool]) -> bool {
        for n in 0..owner.len() {
            if table[at][n].share < least || table[at][n].share == 0.0 || seen[n] {
                continue;
            }
            seen[n] = true;
            if owner[n].is_none_or(|other| free(other, table, least, owner, seen)) {
                owner[n] = Some(at);
                return true;
            }
        }
        false
    }
    let mut owner = vec![None; points];
    // What is written as the key has it counts for nothing else.
    for (at, row) in table.iter().enumerate() {
        let same = (0..points).find(|n| owner[*n].is_none() && row[*n] == Judgement::right(reason::Note::Right));
        same.into_iter().for_each(|n| owner[n] = Some(at));
    }
    for least in [1.0, 0.0] {
        for at in 0..table.len() {
            if !owner.contains(&Some(at)) {
                free(at, table, least, &mut owner, &mut vec![false; points]);
            }
        }
    }
    owner
}

/// `heat light sound`: words that name points one after the other, with nothing between.
fn runs(points: &Points, piece: &str, asked: &Asked) -> Option<Vec<String>> {
    let words: Vec<&str> = piece.split_whitespace().collect();
    if !(2..=16).contains(&words.len()) || points.all.len() > 30 || piece.contains(['<', '>', '≤', '≥']) {
        return None;
    }
    let is_point = |text: &str| points.all.iter().any(|point| point.judge(text, asked).is_right());
    // One thing of several words is no list.
    let long =
        |point: &crate::key::Point| point.forms.iter().any(|form| form.split_whitespace().count() >= words.len());
    if points.all.iter().any(|point| long(point) && point.judge(piece, asked).is_right()) {
        return None;
    }
    let forms = points.all.iter().flat_map(|point| &point.forms);
    let longest = forms.map(|form| form.split_whitespace().count()).max().unwrap_or(1).clamp(1, 4);
    let (mut found, mut at, mut hits) = (Vec::new(), 0, 0);
    while at < words.len() {
        let end = (at + 1..=(at + longest).min(words.len())).find(|end| is_point(&words[at..*end].join(" ")));
        hits += usize::from(end.is_some());
        // No more than half of them can be others.
        if found.len() + 1 - hits > hits + words.len() - at {
            return None;
        }
        let end = end.unwrap_or(at + 1);
        found.push(words[at..end].join(" "));
        at = end;
    }
    // A sentence is no list.
    (hits >= 2 && hits * 2 >= found.len()).then_some(found)
}

/// The things given: one a piece, a line, a comma, a semicolon, or an "and" between them.
/// `whole` tells of a piece that its "and" does not divide.
pub fn pieces(answer: &[String], whole: &dyn Fn(&str) -> bool) -> Vec<String> {
    let several = answer.iter().filter(|piece| !piece.trim().is_empty()).count() > 1;
    let mut out = Vec::new();
    for piece in answer {
        let piece = &solutions(piece);
        let inside = |open, close| piece.trim().strip_prefix(open).and_then(|inner| inner.strip_suffix(close));
        let set =
            inside('{', '}').or_else(|| inside('(', ')').filter(|inner| inner.contains(',') && !inner.contains('(')));
        // Within brackets a comma divides, unless semicolons do.
        let set = set.map(|inner| if inner.contains(';') { inner.to_owned() } else { inner.replace(',', ", ") });
        let piece = numbered(&plus_minus(set.as_deref().unwrap_or(&undashed(piece))));
        for line in split_outside(&piece, &['\n', ';']).into_iter().flat_map(sentences) {
            // Each field of a form holds one thing.
            if several {
                out.push(line.to_owned());
            } else {
                divide(line, whole, &mut out);
            }
        }
    }
    let clean =
        |piece: String| unlabelled(piece.trim().trim_matches([',', '{', '}']).trim().trim_end_matches('.')).to_owned();
    out.into_iter().map(clean).filter(|piece| !piece.is_empty()).collect()
}

/// `{3, 2}` of `S = {3, 2}`, and `(5, 2)` of `S = {(5; 2)}`.
fn solutions(piece: &str) -> Cow<'_, str> {
    let Some(set) = ["S=", "S ="].iter().find_map(|lead| piece.trim().strip_prefix(lead)).map(str::trim) else {
        return piece.into();
    };
    let inside = set.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).map(str::trim);
    match inside {
        Some(inside) if inside.starts_with('(') && inside.matches('(').count() == 1 => inside.replace(';', ",").into(),
        Some(_) => set.to_owned().into(),
        None => piece.into(),
    }
}

/// `v = u + at`, `v = 0 + 2` and `v = 2` of "v = u + at = 0 + 2, v = 2": each side of a chain with what it is the value of.
pub fn chained(answer: &str) -> Vec<String> {
    let steps = answer.split([';', '\n']).flat_map(|line| split_outside(line, &[',']));
    let sides = |step: &str| -> Vec<String> {
        let mut sides = step.split('=').map(str::trim);
        // `½ × 6 × 8 = 24` names nothing.
        let is_unnamed = |first: &str| first.contains(char::is_numeric) && !first.contains(char::is_alphabetic);
        if sides.clone().next().is_some_and(is_unnamed) {
            return sides.map(str::to_owned).collect();
        }
        let name = sides.next().unwrap_or_default().to_owned();
        let rest: Vec<String> = sides.map(|side| format!("{name} = {side}")).collect();
        if rest.is_empty() { vec![name] } else { rest }
    };
    steps.flat_map(sides).collect()
}

/// The sentences of a line: a full stop behind a word, and a capital letter.
fn sentences(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices(". ") {
        let word = line[from..at].rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if word.len() > 1
            && word.bytes().all(|b| b.is_ascii_lowercase())
            && line[at + 2..].starts_with(char::is_uppercase)
        {
            out.push(&line[from..at]);
            from = at + 2;
        }
    }
    out.push(&line[from..]);
    out
}

/// Commas and words divide a single line; a comma without a space may be within a number.
fn divide(line: &str, whole: &dyn Fn(&str) -> bool, out: &mut Vec<String>) {
    let mut parts: Vec<&str> = Vec::new();
    for part in split_outside(line, &[',']) {
        match parts.last_mut() {
            // `1,5` and `12,500` are one number; `3,5,7` are three.
            Some(last) if joins(last, part) && line.matches(',').count() == 1 => {
                let start = last.as_ptr() as usize - line.as_ptr() as usize;
                *last = &line[start..start + last.len() + 1 + part.len()];
            }
            _ => parts.push(part),
        }
    }
    let digits = line.contains(|c: char| c.is_ascii_digit());
    for part in parts {
        let mut pieces = vec![part.trim()];
        if !whole(part.trim()) {
            for divider in [" and ", " & ", " et ", " na ", " n ", " then ", " plus "] {
                if part.contains(divider) && (divider != " n " || !digits) {
                    pieces = pieces.into_iter().flat_map(|piece| piece.split(divider)).collect();
                }
            }
        }
        if !digits && part.contains(" + ") && !whole(part.trim()) {
            pieces = pieces.into_iter().flat_map(|piece| piece.split(" + ")).collect();
        }
        if digits && part.contains(" or ") {
            pieces = pieces.into_iter().flat_map(|piece| piece.split(" or ")).collect();
        }
        out.extend(pieces.into_iter().map(|piece| piece.strip_prefix("and ").unwrap_or(piece).to_owned()));
    }
}

fn joins(before: &str, after: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit())
}

/// `±3` as 3 and −3.
fn plus_minus(piece: &str) -> String {
    let text = piece.trim();
    match text.split_once('±').or_else(|| halves(text, "+/-")).or_else(|| halves(text, "+-")) {
        Some((before, after)) if before.trim().is_empty() || before.trim_end().ends_with('=') => {
            format!("{before}{0}; {before}-{0}", after.trim())
        }
        _ => piece.to_owned(),
    }
}

/// `1. heat 2. light` with a line for each.
pub fn numbered(piece: &str) -> String {
    let text = piece.trim_start();
    if !text.starts_with(['1', 'a', 'i', '(']) {
        return piece.to_owned();
    }
    for (first, open, close) in [
        ('1', "", ". "),
        ('1', "", ") "),
        ('1', "(", ") "),
        ('a', "", ") "),
        ('a', "(", ") "),
        ('i', "(", ") "),
        ('i', "", ") "),
    ] {
        if !text.starts_with(&format!("{open}{first}{close}")) {
            continue;
        }
        let mut out = text.to_owned();
        for n in 2..10usize {
            let label = match first {
                '1' => n.to_string(),
                'a' => char::from(b'a' + n as u8 - 1).to_string(),
                _ => ["ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][n - 2].to_owned(),
            };
            out = out.replacen(&format!(" {open}{label}{close}"), &format!("\n{open}{label}{close}"), 1);
        }
        return out;
    }
    piece.to_owned()
}

/// Sentences: a point is found when most of its words stand in one of them. A suggestion, never the mark.
pub fn suggest(points: &Points, answer: &Answer, asked: &Asked, known: &[String]) -> (Share, Vec<bool>) {
    let text = answer.text();
    let found: Vec<bool> = points.all.iter().map(|point| point.stands_in(&text, asked, known)).collect();
    let needed = points.needed();
    let shown = |wanted| points.shown(&found, wanted);
    let reason = reason::suggested(&shown(true), &shown(false), needed, points.any.is_some());
    let weighed = points.any.is_none() && points.all.iter().any(|point| point.marks.is_some());
    let weight = |n: usize| if weighed { points.all[n].marks.unwrap_or(1.0) } else { 1.0 };
    let total = if weighed { points.worth(asked.of) } else { needed as f64 };
    let right: f64 = (0..points.all.len()).filter(|n| found[*n]).map(weight).sum();
    (Share { right: right.min(total), asked: total, certainty: Certainty::Near, reason }, found)
}

/// Whether an answer in one sentence has every point: its value without its name, or its words, and nothing is named that
/// could belong to another value: `enlargement by 3 about (0, 2)` for "Enlargement; Scale factor 3; Centre (0, 2)".
pub fn by_values(points: &Points, answer: &str) -> bool {
    let plain = |text: &str| tidy(text).to_lowercase().replace(' ', "");
    let all = plain(answer);
    let mut rest = all.clone();
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let found = points.all.iter().all(|point| {
        let form = point.shown();
        match form.find(|c: char| c.is_ascii_digit() || matches!(c, '(' | '-')) {
            Some(at) => {
                let (name, value) = (form[..at].trim(), plain(&form[at..]));
                let named = name.split(' ').any(|word| all.contains(&word.to_lowercase()));
                let words = !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == ' ');
                let there = rest.contains(&value);
                rest = rest.replacen(&value, "", 1);
                words && !named && there
            }
            None => text::words(form).iter().all(|word| all.contains(word.as_str())),
        }
    });
    found && digits(&rest) == 0 && points.any.is_none()
}

/// Every point was found.
pub fn all_said(points: &Points) -> Share {
    let shown: Vec<&str> = points.all.iter().map(crate::key::Point::shown).collect();
    let count = shown.len() as f64;
    let reason = reason::sentences(&shown, &[], count, count);
    Share { right: count, asked: count, certainty: Certainty::Equal, reason }
}

/// Blanks in their order; words given in one line are divided.
pub fn blanks(points: &Points, answer: &Answer, asked: &Asked) -> Share {
    let count = points.all.len();
    let given: Vec<String> = match &answer.0[..] {
        [one] if count > 1 => {
            let pieces = pieces(std::slice::from_ref(one), &|_| false);
            let words: Vec<String> = one.split_whitespace().map(str::to_owned).collect();
            let given = if pieces.len() != count && words.len() == count { words } else { pieces };
            given.into_iter().map(|piece| without_letter(&piece).to_owned()).collect()
        }
        many => many.iter().map(|piece| if count > 1 { unlabelled(piece).to_owned() } else { piece.clone() }).collect(),
    };
    let (mut right, mut others, mut whole, mut certainty) = (0.0, Vec::new(), 0, Certainty::Exact);
    for (n, point) in points.all.iter().enumerate() {
        let there = given.get(n).map_or("", String::as_str);
        let judged =
            if there.trim().is_empty() { Judgement::wrong(reason::Note::Wrong) } else { point.judge(there, asked) };
        right += judged.share;
        certainty = certainty.max(judged.certainty());
        whole += usize::from(judged.is_right());
        if !judged.is_right() {
            others.push(format!("{}: {}", n + 1, point.shown()));
        }
    }
    Share { right, asked: count.max(1) as f64, certainty, reason: reason::blanks(whole, count, &others) }
}

/// `true` of `(a)true`
fn without_letter(piece: &str) -> &str {
    let label = piece.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    label.filter(|(letter, rest)| letter.len() <= 3 && !rest.is_empty()).map_or(piece, |(_, rest)| rest.trim())
}

/// Whether all points are true or false, so that each answer stands for its own.
pub fn are_truths(points: &Points) -> bool {
    points.all.len() > 1 && points.all.iter().all(|point| text::truth(&tidy(point.shown())).is_some())
}
