//! What examiners write beside the answers of a scheme: `accept …`, `R …`, `ignore …`, `ora`, `oe`, `awrt`.

use crate::letters::{folded, lead};

/// What a piece of a key between semicolons is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece<'a> {
    /// A point of its own.
    Point(&'a str),
    /// Another form of the point before it.
    Accepted(&'a str),
    /// Wrong, even beside a right answer.
    Refused(&'a str),
    /// Neither right nor wrong.
    Ignored(&'a str),
    /// Told to the marker alone.
    Remark,
}

/// What brackets begin with that hold other forms.
pub const NAMED: &[&str] = &[
    "accept: ",
    "accept ",
    "allow: ",
    "allow ",
    "also accept ",
    "also ",
    "condone: ",
    "condone ",
    "or ",
    "ou ",
    "=",
    "i.e. ",
];

/// Words before a form that is not accepted.
pub const REFUSED: &[&str] = &[
    "do not accept: ",
    "do not accept ",
    "do not allow ",
    "don't accept ",
    "not accept ",
    "not: ",
    "not ",
    "reject: ",
    "reject ",
    "rej. ",
    "rej ",
];

/// Words before what earns nothing and costs nothing.
pub const IGNORED: &[&str] = &["ignore: ", "ignore ", "ign. ", "ign "];

/// Words before another form that is accepted.
pub const ALLOWING: &[&str] = &[
    "also accept ",
    "accept: ",
    "also allow ",
    "accept also ",
    "accept ",
    "acc. ",
    "acc ",
    "allow: ",
    "allow ",
    "condone ",
    "also ",
    "or ",
];

/// The last two of [`ALLOWING`] begin points, too.
fn accepting() -> &'static [&'static str] {
    &ALLOWING[..ALLOWING.len() - 2]
}

/// Where a piece of a key stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'a> {
    /// The first of the pieces, where this is another.
    pub behind: Option<&'a str>,
    /// Some of the pieces are enough.
    pub listed: bool,
    /// They earn more than one mark.
    pub several: bool,
}

/// What a piece of a key is.
pub fn piece<'a>(piece: &'a str, place: Place) -> Piece<'a> {
    let inside = piece.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(piece).trim();
    if is_remark(piece) || is_remark(inside) {
        return Piece::Remark;
    }
    let after = |leads: &[&'static str]| lead(inside, leads).map(|lead| inside[lead.len()..].trim());
    // `not magnetic` may be the first of some points, "not sharing blades" one of many, and `not reactive` one of two.
    // "not distillation alone" is said to the marker.
    let in_open = inside == piece && !inside.ends_with(" alone") && !inside.ends_with(" only");
    let is_point = place.behind.is_none() || place.listed || place.several && in_open;
    if let Some(wrong) = after(REFUSED).filter(|_| !is_point || lead(inside, REFUSED) != Some("not ")) {
        return Piece::Refused(wrong);
    }
    if let Some(said) = after(IGNORED) {
        return Piece::Ignored(said);
    }
    if let Some(form) = after(accepting()).or_else(|| after(&["ora: ", "ora "])).filter(|form| !form.is_empty()) {
        // `standard symbols and rearrangements e.g. Q = It` names one of those.
        let example = ["e.g. ", "eg. ", "e.g ", "eg "].iter().find_map(|eg| form.split_once(eg));
        return Piece::Accepted(example.map_or(form, |(_, form)| form.trim()));
    }
    by_letter(inside, place).unwrap_or(Piece::Point(piece))
}

/// `A carbohydrase`, `R breathing`, `I colour`: a letter for accept, reject and ignore before words in small letters. Where
/// the first piece begins as a sentence or with an article, `A pencil` and `I danced` are points as it is.
fn by_letter<'a>(piece: &'a str, place: Place) -> Option<Piece<'a>> {
    let worded_alike = lead(place.behind?, &["a ", "an ", "the ", "i ", "r "]).is_some();
    let (letter, rest) = piece.split_once(' ')?;
    let rest = rest.trim_start();
    let worded = rest
        .split(' ')
        .next()
        .is_some_and(|word| word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'\''));
    match letter.trim_end_matches([':', '.']) {
        _ if !worded || worded_alike => None,
        "R" => Some(Piece::Refused(rest)),
        _ if place.listed => None,
        "A" if rest.split(' ').count() < 5 => Some(Piece::Accepted(rest)),
        "I" if rest.split(' ').count() < 4 => Some(Piece::Ignored(rest)),
        _ => None,
    }
}

/// What a marker is told, which no pupil writes: `(allow any other valid answer)`, `(ignore spelling)`, `ora for boiling`,
/// `yes gets 0`.
pub fn is_remark(text: &str) -> bool {
    const REMARKS: [&str; 12] = [
        "any other",
        "any valid",
        "any correct",
        "any suitable",
        "any reasonable",
        "other valid",
        "ecf",
        "follow through",
        "error carried forward",
        "equivalent answers",
        "own words",
        "spelling",
    ];
    const NOTHING: [&str; 6] =
        [" gets 0", " scores 0", " scores zero", " gets no mark", " scores no mark", " earns no mark"];
    let text = text.trim_start_matches(['(', ' ']);
    if super::is_award(text)
        || NOTHING.iter().any(|nothing| text.trim_end_matches(['s', '.', ')']).ends_with(nothing))
        || lead(text, &["ora for ", "no mark for ", "no marks for "]).is_some()
        || ["ora", "avp", "aw", "owtte"].iter().any(|word| text.trim_end_matches([')', '.']).eq_ignore_ascii_case(word))
        || lead(
            text,
            &["any other valid", "any other correct", "any other suitable", "any other reasonable", "other valid "],
        )
        .is_some()
    {
        return true;
    }
    let told = lead(text, &["accept ", "allow ", "ignore ", "credit ", "award "]).is_some();
    let lower = if told { folded(text) } else { "".into() };
    told && REMARKS.iter().any(|remark| lower.contains(remark)) && !lower.contains("e.g")
}

/// A form without what only tells how to mark it: `awrt 12.6`, `4n − 1 oe`, `9.6 to 9.8 inclusive`, `(−) 0.8`.
pub fn bare(form: &str) -> &str {
    const BEFORE: &[&str] =
        &["awrt ", "art ", "any value from ", "any value in the range ", "any value in range ", "any value ", "from "];
    const BEHIND: [&str; 15] = [
        " ecf",
        " oe",
        " o.e.",
        " o.e",
        " owtte",
        " AW",
        " cao",
        " c.a.o.",
        " isw",
        " aef",
        " soi",
        " cso",
        " inclusive",
        " seen",
        " ora",
    ];
    let form = super::without_award(form.trim());
    // `art gallery`
    let numbered = |rest: &&str| {
        let rest = rest.strip_prefix("between ").unwrap_or(rest);
        rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '−' | '$' | '£'))
    };
    let form = lead(form, BEFORE).map(|lead| form[lead.len()..].trim_start()).filter(numbered).unwrap_or(form);
    let said = |word: &&&str| form.len() > word.len() + 1 || form.ends_with(|c: char| c.is_ascii_digit());
    let Some(word) = BEHIND.iter().find(|word| form.ends_with(**word)).filter(said) else { return form };
    let rest = &form[..form.len() - word.len()];
    let is_value = match *word {
        // "is seen" is said of something.
        " seen" => form.starts_with(|c: char| c.is_ascii_digit()),
        // `confiance en soi`, `gender inclusive`
        " soi" | " cso" | " inclusive" => {
            rest.contains('=') || rest.rsplit(' ').take(2).any(|word| word.contains(|c: char| c.is_ascii_digit()))
        }
        _ => true,
    };
    if is_value { bare(rest.trim_end_matches([' ', ','])) } else { form }
}

/// Forms divided by bars within a phrase, as "dead / weakened / attenuated" or `no free / mobile / delocalised electrons`, each
/// in full; `None` where they are not so divided: what stands before and behind belongs to all of them.
pub fn within_phrase(forms: &[&str]) -> Option<Vec<String>> {
    let [first, middle @ .., last] = forms else { return None };
    let plain = |text: &str| text.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '(' | ')'));
    let single = |text: &&str| !text.trim().contains(' ');
    // `orange / brown to colourless`
    if middle.is_empty()
        && single(first)
        && let Some((from, to)) = last.trim().split_once(" to ")
        && single(&from)
        && single(&to)
    {
        return Some(vec![format!("{} to {to}", first.trim()), (*last).to_owned()]);
    }
    if middle.is_empty() || !middle.iter().all(single) || !forms.iter().all(|form| plain(form)) {
        return None;
    }
    let (before, one) = first.trim().rsplit_once(' ').unwrap_or(("", first.trim()));
    let (other, behind) = last.trim().split_once(' ')?;
    // `lowers / reduces / decreases blood glucose`
    let verbs = || forms.len() > 2 && [one, other].iter().chain(middle).all(|word| is_verb(word));
    if before.is_empty() && !(behind.contains(' ') && verbs()) {
        return None;
    }
    let words = std::iter::once(one).chain(middle.iter().map(|word| word.trim())).chain([other]);
    Some(words.map(|word| format!("{before} {word} {behind}").trim().to_owned()).collect())
}

/// Whether a word has the ending of a verb that says what something does: `lowers`.
fn is_verb(word: &str) -> bool {
    let word = word.trim();
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_scheme() {
        for (text, is) in [
            ("not distillation alone", Piece::Refused("distillation alone")),
            ("Rej. bacteria", Piece::Refused("bacteria")),
            ("R breathing", Piece::Refused("breathing")),
            ("ignore heat / sound", Piece::Ignored("heat / sound")),
            ("A carbohydrase", Piece::Accepted("carbohydrase")),
            ("acc. 270 – 290 days", Piece::Accepted("270 – 290 days")),
            ("ora personal possessions not at risk", Piece::Accepted("personal possessions not at risk")),
            ("ora for boiling", Piece::Remark),
            ("yes gets 0", Piece::Remark),
            ("AVP", Piece::Remark),
            ("any other valid point", Piece::Remark),
            ("A – mitochondrion", Piece::Point("A – mitochondrion")),
            ("I am", Piece::Point("I am")),
            ("notochord", Piece::Point("notochord")),
        ] {
            assert_eq!(piece(text, Place { behind: Some("amylase"), ..Place::default() }), is, "{text}");
        }
        let point = |text, place| assert_eq!(piece(text, place), Piece::Point(text), "{place:?}");
        point("not magnetic", Place::default());
        let behind = Place { behind: Some("washing hands"), ..Place::default() };
        point("not sharing blades", Place { listed: true, ..behind });
        point("A pencil", Place { listed: true, ..behind });
        point("not reactive", Place { several: true, ..behind });
        let several = Place { several: true, ..behind };
        assert_eq!(piece("(not reactive)", several), Piece::Refused("reactive"));
        assert_eq!(piece("not distillation alone", several), Piece::Refused("distillation alone"));
        assert_eq!(piece("not accept soap", several), Piece::Refused("soap"));
        assert_eq!(piece("reject soap", several), Piece::Refused("soap"));
        for (first, next) in [("A ruler", "A pencil"), ("The ruler", "A pencil"), ("I sang", "I danced")] {
            point(next, Place { behind: Some(first), ..Place::default() });
        }
    }

    #[test]
    fn forms_without_what_is_told() {
        for (form, is) in [
            ("awrt 12.6", "12.6"),
            ("art gallery", "art gallery"),
            ("4n − 1 oe", "4n − 1"),
            ("9.6 to 9.8 inclusive", "9.6 to 9.8"),
            ("any value between 18 and 22 °C", "between 18 and 22 °C"),
            ("nothing is seen", "nothing is seen"),
            ("x = 4 soi", "x = 4"),
            ("confiance en soi", "confiance en soi"),
            ("gender inclusive", "gender inclusive"),
            ("toe", "toe"),
        ] {
            assert_eq!(bare(form), is, "{form}");
        }
    }

    #[test]
    fn forms_within_a_phrase() {
        let full = |forms: &[&str]| within_phrase(forms).map(|forms| forms.join("; "));
        assert_eq!(
            full(&["no delocalised", "free", "mobile electrons"]).as_deref(),
            Some("no delocalised electrons; no free electrons; no mobile electrons")
        );
        assert_eq!(
            full(&["lowers", "reduces", "cuts blood sugar"]).as_deref(),
            Some("lowers blood sugar; reduces blood sugar; cuts blood sugar")
        );
        assert_eq!(
            full(&["orange", "brown to colourless"]).as_deref(),
            Some("orange to colourless; brown to colourless")
        );
        assert_eq!(full(&["cow", "goat", "any other animal"]), None);
        assert_eq!(full(&["thin walls", "one cell thick"]), None);
    }
}
