//! Units: what they measure and how much of the basic unit they are, read from symbols with prefixes, words of three
//! languages, and products of both.

use std::collections::HashMap;
use std::sync::LazyLock;

/// How many of: metre, kilogram, second, ampere, kelvin, mole, candela, franc, dollar, radian, one (per cent), byte,
/// shilling, rupee, pound, euro, naira, cedi, rand, birr, kwacha.
type Dimension = [i8; 21];

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    dimension: Dimension,
    /// How much of the basic units it is.
    pub factor: f64,
    /// Degrees Celsius begin elsewhere than kelvins.
    celsius: bool,
}

impl Unit {
    const NONE: Self = Self { dimension: [0; 21], factor: 1.0, celsius: false };

    fn times(self, other: Self, power: i32) -> Option<Self> {
        let mut dimension = self.dimension;
        for (sum, more) in dimension.iter_mut().zip(other.dimension) {
            *sum = i8::try_from(i32::from(*sum) + i32::from(more) * power).ok()?;
        }
        Some(Self { dimension, factor: self.factor * other.factor.powi(power), celsius: false })
    }

    pub fn fits(&self, other: &Self) -> bool {
        self.dimension == other.dimension
    }

    /// Whether both are one unit with different prefixes of thousands: kHz and Hz.
    pub fn is_prefixed(&self, other: &Self) -> bool {
        let thousands = (self.factor / other.factor).log10() / 3.0;
        self.fits(other) && thousands.abs() > 0.5 && (thousands - thousands.round()).abs() < 1e-9
    }

    /// A value in this unit as one in another of its kind.
    pub fn convert(&self, value: f64, to: &Self) -> f64 {
        match (self.celsius, to.celsius) {
            (true, false) => (value + 273.0) * self.factor / to.factor,
            (false, true) => value * self.factor / to.factor - 273.0,
            _ => value * self.factor / to.factor,
        }
    }

    /// `27 C` and `27 degrees` for 27 °C, `500 F` for 500 francs, and `5 M` for 5 metres.
    pub fn takes_for(&self, other: &Self) -> bool {
        let is = |symbol| other.factor == 1.0 && TABLE.exact.get(symbol).is_some_and(|unit: &Self| unit.fits(other));
        let metre = |symbol, factor| {
            self.factor == factor && one("m").is_some_and(|m| m.fits(self)) && molar(symbol) == Some(*other)
        };
        self.celsius && (is("C") || other.is_angle())
            || self.dimension[7] == 1 && is("F")
            || metre("M", 1.0)
            || metre("mM", 1e-3)
    }

    pub fn is_money(&self) -> bool {
        [7, 8].into_iter().chain(12..21).any(|n| self.dimension[n] != 0)
    }

    /// Whether both are the same, whatever they are called.
    pub fn is_same(&self, other: &Self) -> bool {
        self.fits(other) && self.celsius == other.celsius && (self.factor / other.factor - 1.0).abs() < 1e-9
    }

    /// Whether it is counted in pence, too.
    pub fn is_pound(&self) -> bool {
        self.dimension[14] == 1
    }

    pub fn is_hour(&self) -> bool {
        self.dimension[2] == 1 && self.factor == 3600.0
    }

    /// Days, weeks, months, years: to say another of them is another time.
    pub fn is_calendar(&self) -> bool {
        self.dimension[2] == 1 && self.factor >= 86_400.0 && self.dimension.iter().filter(|n| **n != 0).count() == 1
    }

    /// A minute, for what stands behind hours.
    pub fn minute(&self) -> Self {
        Self { factor: 60.0, ..*self }
    }

    pub fn is_part(&self) -> bool {
        self.dimension[10] == 1 && self.dimension.iter().filter(|n| **n != 0).count() == 1
    }

    pub fn is_angle(&self) -> bool {
        self.dimension[9] == 1 && self.dimension.iter().filter(|n| **n != 0).count() == 1
    }
}

/// Symbols: what one is in metre, kilogram, second, ampere, kelvin, mole, candela; its factor; the prefixes it takes.
const SYMBOLS: &[(&str, [i8; 7], f64, &str)] = &[
    ("m", [1, 0, 0, 0, 0, 0, 0], 1.0, "nμumcdhk"),
    ("g", [0, 1, 0, 0, 0, 0, 0], 1e-3, "nμumcdhk"),
    ("s", [0, 0, 1, 0, 0, 0, 0], 1.0, "nμum"),
    ("A", [0, 0, 0, 1, 0, 0, 0], 1.0, "nμumk"),
    ("K", [0, 0, 0, 0, 1, 0, 0], 1.0, "mk"),
    ("mol", [0, 0, 0, 0, 0, 1, 0], 1.0, "μumk"),
    ("cd", [0, 0, 0, 0, 0, 0, 1], 1.0, ""),
    ("lm", [0, 0, 0, 0, 0, 0, 1], 1.0, ""),
    ("lx", [-2, 0, 0, 0, 0, 0, 1], 1.0, ""),
    ("N", [1, 1, -2, 0, 0, 0, 0], 1.0, "mkM"),
    ("J", [2, 1, -2, 0, 0, 0, 0], 1.0, "mkMG"),
    ("W", [2, 1, -3, 0, 0, 0, 0], 1.0, "mkMG"),
    ("V", [2, 1, -3, -1, 0, 0, 0], 1.0, "μumkM"),
    ("Pa", [-1, 1, -2, 0, 0, 0, 0], 1.0, "hkMG"),
    ("Hz", [0, 0, -1, 0, 0, 0, 0], 1.0, "kMG"),
    ("Bq", [0, 0, -1, 0, 0, 0, 0], 1.0, "kM"),
    ("C", [0, 0, 1, 1, 0, 0, 0], 1.0, "nμum"),
    ("F", [-2, -1, 4, 2, 0, 0, 0], 1.0, "pnμum"),
    ("Ω", [2, 1, -3, -2, 0, 0, 0], 1.0, "mkM"),
    ("ohm", [2, 1, -3, -2, 0, 0, 0], 1.0, "mkM"),
    ("T", [0, 1, -2, -1, 0, 0, 0], 1.0, "mμu"),
    ("Wb", [2, 1, -2, -1, 0, 0, 0], 1.0, "m"),
    ("H", [2, 1, -2, -2, 0, 0, 0], 1.0, "mμu"),
    ("L", [3, 0, 0, 0, 0, 0, 0], 1e-3, "μumcdhk"),
    ("l", [3, 0, 0, 0, 0, 0, 0], 1e-3, "μumcdhk"),
    ("eV", [2, 1, -2, 0, 0, 0, 0], 1.602e-19, "kM"),
    ("cal", [2, 1, -2, 0, 0, 0, 0], 4.184, "k"),
    ("bar", [-1, 1, -2, 0, 0, 0, 0], 1e5, "m"),
    ("dyn", [1, 1, -2, 0, 0, 0, 0], 1e-5, ""),
];

/// Units without prefixes, by all of their names in lower case and without accents: what they are made of, and how many.
const NAMED: &[(&str, &str, f64)] = &[
    ("min mins minute minutes umunota iminota", "s", 60.0),
    ("h hr hrs hour hours heure heures isaha amasaha", "s", 3600.0),
    ("d day days jour jours umunsi iminsi", "s", 86_400.0),
    ("week weeks wk wks semaine semaines icyumweru ibyumweru", "s", 604_800.0),
    ("month months mois ukwezi amezi", "s", 2_629_800.0),
    ("year years yr yrs an ans annee annees umwaka imyaka", "s", 31_557_600.0),
    ("decade decades", "s", 315_576_000.0),
    ("century centuries siecle siecles", "s", 3_155_760_000.0),
    ("sec secs second seconds seconde secondes isegonda amasegonda", "s", 1.0),
    ("dam decametre decametres decameter decameters dekametero", "m", 10.0),
    ("mile miles mi", "m", 1609.344),
    ("yd yards yard", "m", 0.9144),
    ("ft foot feet", "m", 0.3048),
    ("inch inches", "m", 0.0254),
    ("lb lbs", "g", 453.592),
    ("oz ounce ounces", "g", 28.3495),
    ("gallon gallons", "l", 4.546),
    ("pint pints", "l", 0.5683),
    ("dag decagram decagrams", "g", 10.0),
    ("t tonne tonnes ton tons toni", "g", 1e6),
    ("q quintal quintals quintaux", "g", 1e5),
    ("cc", "l", 1e-3),
    ("dal decalitre decalitres", "l", 10.0),
    ("a are ares ari", "m2", 100.0),
    ("ca centiare centiares", "m2", 1.0),
    ("ha hectare hectares hegitari", "m2", 10_000.0),
    ("gm gms", "g", 1.0),
    ("kgs kilo kilos ikilo ibiro ikiro", "g", 1000.0),
    ("cms", "m", 0.01),
    ("kms", "m", 1000.0),
    ("mms", "m", 0.001),
    ("mls", "l", 0.001),
    ("kwh", "J", 3.6e6),
    ("wh", "J", 3600.0),
    ("kph kmph", "km/h", 1.0),
    ("mps", "m/s", 1.0),
    ("mph", "m/s", 0.44704),
    ("amp amps ampere amperes", "A", 1.0),
    ("celsius centigrade", "degC", 1.0),
    ("kelvin kelvins", "K", 1.0),
    ("mole moles", "mol", 1.0),
    ("newton newtons", "N", 1.0),
    ("joule joules", "J", 1.0),
    ("watt watts", "W", 1.0),
    ("volt volts", "V", 1.0),
    ("pascal pascals", "Pa", 1.0),
    ("hertz", "Hz", 1.0),
    ("becquerel becquerels", "Bq", 1.0),
    ("coulomb coulombs", "C", 1.0),
    ("farad farads", "F", 1.0),
    ("ohms", "Ω", 1.0),
    ("tesla teslas", "T", 1.0),
    ("weber webers", "Wb", 1.0),
    ("henry henries", "H", 1.0),
    ("candela candelas", "cd", 1.0),
    ("lumen lumens", "lm", 1.0),
    ("lux", "lx", 1.0),
    ("atm atmosphere atmospheres", "Pa", 101_325.0),
    ("mmhg", "Pa", 133.322),
    ("calorie calories", "cal", 1.0),
    ("frw frws rwf rf fr frs franc francs amafaranga faranga", "franc", 1.0),
    ("$ usd dollar dollars", "dollar", 1.0),
    ("¢ cent cents", "dollar", 0.01),
    ("sh shs shilling shillings ksh kshs tsh tshs ush ushs kes tzs ugx", "shilling", 1.0),
    ("rs rupee rupees inr ₹", "rupee", 1.0),
    ("paise paisa", "rupee", 0.01),
    ("£ pound pounds gbp", "pound", 1.0),
    ("pence penny", "pound", 0.01),
    ("€ euro euros eur", "euro", 1.0),
    ("₦ naira nairas ngn", "naira", 1.0),
    ("₵ cedi cedis ghs gh₵", "cedi", 1.0),
    ("rand rands zar", "rand", 1.0),
    ("birr birrs etb", "birr", 1.0),
    ("kwacha kwachas zmw mwk", "kwacha", 1.0),
    ("° deg degs degree degrees degre degres dogere", "rad", std::f64::consts::PI / 180.0),
    ("rad radian radians", "rad", 1.0),
    ("% percent pct pourcent", "one", 0.01),
    ("byte bytes octet octets", "byte", 1.0),
    ("bit bits", "byte", 0.125),
    ("kb kilobyte kilobytes", "byte", 1024.0),
    ("mb megabyte megabytes", "byte", 1_048_576.0),
    ("gb gigabyte gigabytes", "byte", 1_073_741_824.0),
    ("tb terabyte terabytes", "byte", 1_099_511_627_776.0),
];

/// Words that are built from a prefix and a unit, with their languages' endings.
const WORDS: &[(&str, &str)] = &[
    ("metre", "m"),
    ("meter", "m"),
    ("metero", "m"),
    ("gram", "g"),
    ("gramme", "g"),
    ("garama", "g"),
    ("litre", "l"),
    ("liter", "l"),
    ("litiro", "l"),
    ("newton", "N"),
    ("joule", "J"),
    ("watt", "W"),
    ("volt", "V"),
    ("pascal", "Pa"),
    ("hertz", "Hz"),
    ("ampere", "A"),
    ("amp", "A"),
    ("second", "s"),
    ("ohm", "Ω"),
    ("mole", "mol"),
    ("calorie", "cal"),
];

const PREFIX_WORDS: &[(&str, f64)] = &[
    ("", 1.0),
    ("kilo", 1e3),
    ("ki", 1e3),
    ("hecto", 100.0),
    ("hegito", 100.0),
    ("deca", 10.0),
    ("deka", 10.0),
    ("deci", 0.1),
    ("desi", 0.1),
    ("centi", 0.01),
    ("senti", 0.01),
    ("santi", 0.01),
    ("milli", 1e-3),
    ("mili", 1e-3),
    ("micro", 1e-6),
    ("nano", 1e-9),
    ("mega", 1e6),
    ("giga", 1e9),
];

fn prefix(c: char) -> f64 {
    match c {
        'p' => 1e-12,
        'n' => 1e-9,
        'μ' | 'u' => 1e-6,
        'm' => 1e-3,
        'c' => 1e-2,
        'd' => 1e-1,
        'h' => 1e2,
        'k' => 1e3,
        'M' => 1e6,
        _ => 1e9,
    }
}

fn basic(n: usize) -> Unit {
    let mut unit = Unit::NONE;
    unit.dimension[n] = 1;
    unit
}

struct Table {
    /// Symbols, where capitals count.
    exact: HashMap<String, Unit>,
    /// Symbols and words in lower case.
    folded: HashMap<String, Unit>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let (mut exact, mut folded) = (HashMap::new(), HashMap::new());
    for (symbol, of, factor, prefixes) in SYMBOLS {
        let mut unit = Unit { factor: *factor, ..Unit::NONE };
        unit.dimension[..7].copy_from_slice(of);
        exact.insert((*symbol).to_owned(), unit);
        folded.entry(symbol.to_lowercase()).or_insert(unit);
        for c in prefixes.chars() {
            let name = format!("{c}{symbol}");
            let unit = Unit { factor: factor * prefix(c), ..unit };
            // `KM` is a kilometre; `mj` is no wish for millijoules.
            if c.is_lowercase() && !(c == 'm' && "JWVNΩ".contains(symbol)) {
                folded.entry(name.to_lowercase()).or_insert(unit);
            } else if c == 'M' {
                folded.insert(name.to_lowercase(), unit);
            }
            exact.insert(name, unit);
        }
    }
    for (name, n) in [
        ("franc", 7),
        ("dollar", 8),
        ("rad", 9),
        ("one", 10),
        ("byte", 11),
        ("shilling", 12),
        ("rupee", 13),
        ("pound", 14),
        ("euro", 15),
        ("naira", 16),
        ("cedi", 17),
        ("rand", 18),
        ("birr", 19),
        ("kwacha", 20),
    ] {
        exact.insert(name.to_owned(), basic(n));
    }
    let celsius = Unit { celsius: true, ..exact["K"] };
    exact.insert("degC".to_owned(), celsius);
    for name in ["°c", "degreecelsius", "degreescelsius", "degrecelsius", "degrescelsius", "degc"] {
        folded.insert(name.to_owned(), celsius);
    }
    let area = exact["m"].times(exact["m"], 1).unwrap_or(Unit::NONE);
    let speed = Unit { factor: 1000.0 / 3600.0, ..exact["m"].times(exact["s"], -1).unwrap_or(Unit::NONE) };
    for (names, of, factor) in NAMED {
        let unit = match *of {
            "m2" => area,
            "km/h" => speed,
            "m/s" => Unit { factor: 1.0, ..speed },
            other => exact[other],
        };
        for name in names.split(' ') {
            folded.insert(name.to_owned(), Unit { factor: unit.factor * factor, ..unit });
        }
    }
    for (word, symbol) in WORDS {
        for (prefix, factor) in PREFIX_WORDS {
            let unit = Unit { factor: exact[*symbol].factor * factor, ..exact[*symbol] };
            for end in ["", "s"] {
                folded.entry(format!("{prefix}{word}{end}")).or_insert(unit);
            }
        }
    }
    // The newton in lower case is no prefix, the ampere no are, the coulomb no hundredth.
    folded.insert("c".to_owned(), celsius);
    Table { exact, folded }
});

fn one(word: &str) -> Option<Unit> {
    if let Some(unit) = TABLE.exact.get(word) {
        return Some(*unit);
    }
    let lower = crate::letters::folded(word);
    TABLE.folded.get(&*lower).copied()
}

/// Moles in a litre; in `M/S` and `M²` the capital is that of a metre.
fn molar(symbol: &str) -> Option<Unit> {
    let factor = match symbol {
        "M" => 1e3,
        "mM" => 1.0,
        _ => return None,
    };
    let mut unit = Unit { factor, ..Unit::NONE };
    (unit.dimension[0], unit.dimension[5]) = (-3, 1);
    Some(unit)
}

/// A run of letters as one unit, or as several side by side: `kg`, `Nm`, `kWh`.
fn run(word: &str) -> Option<Vec<Unit>> {
    if word.chars().count() > 8 {
        return None;
    }
    let cuts = word.char_indices().skip(1).map(|(at, _)| at).collect::<Vec<_>>();
    cuts.into_iter().rev().find_map(|cut| {
        let first = *TABLE.exact.get(&word[..cut])?;
        let rest = &word[cut..];
        let last = TABLE.exact.get(rest).copied().or_else(|| matches!(rest, "h" | "min").then(|| one(rest)).flatten());
        let mut rest = last.map(|unit| vec![unit]).or_else(|| run(rest))?;
        rest.insert(0, first);
        (rest.len() <= 4).then_some(rest)
    })
}

/// `Nm`, `Js`: where no prefix is written as a capital.
fn newton_metre(word: &str) -> Option<Vec<Unit>> {
    let first = word.get(..1).filter(|first| matches!(*first, "N" | "J" | "W" | "V"))?;
    let rest = word.get(1..).filter(|rest| matches!(*rest, "m" | "s" | "h" | "cm"))?;
    Some(vec![*TABLE.exact.get(first)?, one(rest)?])
}

/// What stands before the name of a currency.
const COUNTRIES: &[&str] = &[
    "rwandan",
    "rwanda",
    "burundian",
    "burundi",
    "kenyan",
    "kenya",
    "ugandan",
    "uganda",
    "tanzanian",
    "tanzania",
    "us",
    "american",
    "nigerian",
    "ghanaian",
    "ghana",
    "zambian",
    "malawian",
    "ethiopian",
    "indian",
    "british",
];

/// The unit that a text is, if it is one: `m/s²`, `ms^-2`, `kg m^-3`, `metres per second`, `degrees Celsius`.
pub fn parse(text: &str) -> Option<Unit> {
    let text = text.trim().trim_matches(['.', '(', ')', ' ', '[', ']', ',']);
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    if matches!(text, "per cent" | "pour cent" | "ku ijana") {
        return one("%");
    }
    if let Some(unit) = molar(text) {
        return Some(unit);
    }
    // `Rwandan francs`, `US dollars`
    if let Some((country, name)) = text.split_once(' ')
        && COUNTRIES.contains(&&*crate::letters::folded(country))
        && let Some(money) = one(name).filter(Unit::is_money)
    {
        return Some(money);
    }
    if !text.contains(['/', '^', '-', ' ', '·', '*', '.'])
        && !text.ends_with(|c: char| c.is_ascii_digit())
        && let Some(unit) = one(text).filter(|_| newton_metre(text).is_none())
    {
        return Some(unit);
    }
    let mut product = Product { rest: text, unit: Unit::NONE, sign: 1, power_of_next: 1, last: None, seen: 0 };
    while let Some(c) = product.rest.chars().next() {
        match c {
            ' ' | '·' | '*' | '.' | '(' | ')' | '×' => product.rest = &product.rest[c.len_utf8()..],
            '/' => {
                product.sign = -1;
                product.rest = &product.rest[1..];
            }
            _ if c.is_alphabetic() || matches!(c, '°' | '%' | '$' | '£' | '€' | '₹' | '¢' | '₦' | '₵') => {
                let word = product.word(c);
                let lower = crate::letters::folded(word);
                if product.is_celsius(&lower) {
                    return one("°c");
                }
                if !product.modify(word, &lower)? {
                    product.multiply(word)?;
                }
            }
            _ => return None,
        }
    }
    (product.seen > 0).then_some(product.unit)
}

/// A unit that is read from its symbols and words one after the other.
struct Product<'t> {
    /// What is not read yet.
    rest: &'t str,
    unit: Unit,
    /// -1 behind `/` and `per`.
    sign: i32,
    /// 2 behind `square`, 3 behind `cubic`.
    power_of_next: i32,
    /// The unit that was multiplied in last, and whether it divides.
    last: Option<(Unit, i32)>,
    /// How many were.
    seen: usize,
}

impl<'t> Product<'t> {
    /// Takes the run of letters, or the sign, that comes next.
    fn word(&mut self, first: char) -> &'t str {
        let rest = self.rest;
        let letters = rest.char_indices().skip(1).find(|(_, c)| !c.is_alphabetic()).map_or(rest.len(), |(at, _)| at);
        let alone = !first.is_alphabetic() && !matches!(&rest[..letters], "°C" | "°c" | "°K");
        let word;
        (word, self.rest) = rest.split_at(if alone { first.len_utf8() } else { letters });
        word
    }

    /// `degrees Celsius`, and nothing else.
    fn is_celsius(&self, lower: &str) -> bool {
        let next = self.rest.trim_start();
        matches!(lower, "degrees" | "degree" | "deg" | "degre" | "degres")
            && self.seen == 0
            && ["celsius", "centigrade", "c"].iter().any(|name| next.eq_ignore_ascii_case(name))
    }

    /// Takes a word that says something of the units beside it: `per`, `square`, `cubed`. False when it is none; `None` when
    /// there is no unit that it could speak of.
    fn modify(&mut self, word: &str, lower: &str) -> Option<bool> {
        match lower {
            "per" | "par" | "kuri" => self.sign = -1,
            // `metres a second`
            "a" | "an" if self.seen > 0 && self.sign > 0 && self.rest.trim().len() > 1 => self.sign = -1,
            // `square metre`, and `metre squared` behind it.
            "square" | "sq" if !self.rest.trim().is_empty() => self.power_of_next = 2,
            "cubic" | "cu" => self.power_of_next = 3,
            "squared" | "sq" | "carre" | "carres" | "kare" | "cubed" | "cube" | "cubes" | "kibe" => {
                let cubed = lower.starts_with('c') && !word.starts_with("car") || word == "kibe";
                let (each, sign) = self.last?;
                self.unit = self.unit.times(each, sign * if cubed { 2 } else { 1 })?;
            }
            _ => return Some(false),
        }
        Some(true)
    }

    /// Multiplies by the units that a word is, with the exponent behind it.
    fn multiply(&mut self, word: &str) -> Option<()> {
        let (power, length) = exponent(self.rest);
        if self.sign < 0 && self.rest.starts_with('-') && length > 0 {
            return None;
        }
        let divides = self.sign < 0;
        let units = units(word, power, divides, divides || self.rest.starts_with('/'))?;
        self.rest = &self.rest[length..];
        let last = units.len() - 1;
        for (n, each) in units.into_iter().enumerate() {
            let power = if n == last { power.unwrap_or(1) * self.power_of_next } else { 1 };
            let power = if power < 0 { power } else { power * self.sign };
            self.last = Some((each, power.signum()));
            self.unit = if self.seen == 0 && n == 0 && power == 1 { each } else { self.unit.times(each, power)? };
            self.seen += 1;
        }
        self.power_of_next = 1;
        Some(())
    }
}

/// The units that a word is, before this exponent; whether it stands behind `/` or `per`, and whether on either side of it.
fn units(word: &str, power: Option<i32>, divides: bool, divided: bool) -> Option<Vec<Unit>> {
    // `ms^-1` is a metre per second, `ms` alone a millisecond.
    if word == "ms" && power.is_some_and(|power| power < 0) {
        return Some(vec![one("m")?, one("s")?]);
    }
    // A capital behind the bar is an hour, as in `Km/H`.
    if divides && word == "H" {
        return Some(vec![one("h")?]);
    }
    if let Some(units) = newton_metre(word) {
        return Some(units);
    }
    if let Some(unit) = one(word) {
        return Some(vec![unit]);
    }
    // `sum` is no second times micrometre.
    let symbols = power.is_some() || divided || word.contains(|c: char| c.is_uppercase());
    symbols.then(|| run(word)).flatten()
}

/// `^-2`, `-2`, `2`, `^2` behind a symbol, and its length.
fn exponent(text: &str) -> (Option<i32>, usize) {
    let bytes = text.as_bytes();
    let hat = usize::from(bytes.first() == Some(&b'^'));
    let bracket = usize::from(hat == 1 && bytes.get(1) == Some(&b'('));
    let start = hat + bracket;
    // `m+1` is a sum.
    let sign = usize::from(bytes.get(start) == Some(&b'-') || hat == 1 && bytes.get(start) == Some(&b'+'));
    let digits = text[start + sign..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 2 {
        return (None, 0);
    }
    let end = start + sign + digits;
    let power = text[start..end].trim_start_matches('+').parse().ok().filter(|power: &i32| power.abs() <= 4);
    let close = usize::from(bracket == 1 && bytes.get(end) == Some(&b')'));
    (power, if power.is_some() { end + close } else { 0 })
}

/// The longest unit at the start of a text, and what stands behind it.
pub fn at_start(text: &str) -> Option<(Unit, &str)> {
    let text = text.trim_start();
    let mut ends: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).take(5).collect();
    if ends.len() < 5 {
        ends.push(text.len());
    }
    ends.into_iter().rev().find_map(|end| {
        let unit = parse(text[..end].trim_end_matches([',', '.', ';']))?;
        Some((unit, text[end..].trim_start()))
    })
}

/// The unit in which a question wants its answer: `in cm`, `how many minutes`, `........ kg`, `(in km/h)`.
pub fn stated(question: &str) -> Option<Unit> {
    let words: Vec<&str> = question.split_whitespace().collect();
    let converts = ["Convert", "convert", "Change", "change", "Express", "express", "Hindura"]
        .iter()
        .any(|verb| question.contains(verb));
    let found = |n: usize| {
        let before = words[n].trim_matches(['(', ',', ':']);
        let blank = before.len() >= 3 && before.chars().all(|c| matches!(c, '.' | '_' | '…'));
        let asks = matches!(before, "in" | "many" | "nearest" | "en" | "mu" | "whole" | "of" | "Answer" | "=")
            || converts && matches!(before, "to" | "into" | "as")
            || blank;
        if !asks {
            return None;
        }
        // `in 5 minutes` tells a time, `number of days` asks for one.
        if before == "of" && !(n > 0 && matches!(words[n - 1], "number" | "nombre")) {
            return None;
        }
        // "how many days are there": the verb is no are.
        let verb = words[n + 1..].iter().position(|word| matches!(*word, "are" | "is" | "were" | "was"));
        let end = (n + 4).min(words.len()).min(verb.map_or(usize::MAX, |at| n + 1 + at));
        (n + 2..=end).rev().find_map(|end| {
            let joined = words[n + 1..end].join(" ");
            let text = crate::letters::tidy(&joined);
            let text = text.trim_end_matches(['?', '.', ',', ')', ';', ':']);
            // Single letters are more often names.
            let short =
                text.chars().count() == 1 && text.chars().all(char::is_alphabetic) && text != "m" && text != "g";
            (!short && !matches!(text, "a" | "an" | "A" | "mi" | "d")).then(|| parse(text)).flatten()
        })
    };
    (0..words.len()).find_map(found).or_else(|| {
        let inside = question.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
        parse(&crate::letters::tidy(inside))
    })
}

/// The currency of the amounts in a text, with the words that tell it, where all of them have the same: `$20`, `300 Frw`.
pub fn currency(text: &str) -> Option<(Unit, &str)> {
    let is_mark = |c: char| !c.is_alphanumeric() && !matches!(c, '$' | '£' | '€' | '₦' | '₵' | '₹');
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let mut before = "";
    let amounts = text.split_whitespace().filter_map(move |word| {
        let word = word.trim_matches(is_mark);
        let last = std::mem::replace(&mut before, word);
        let sign = word.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        let is_signed = sign.len() < word.len() && !sign.is_empty();
        let name = if is_signed { sign } else { word };
        let counted = is_signed || is_number(last) || name.len() > 3;
        let unit = (counted && !is_number(name)).then(|| one(name)).flatten().filter(Unit::is_money)?;
        Some((unit, word))
    });
    let mut amounts = amounts.peekable();
    let first = *amounts.peek()?;
    amounts.all(|(unit, _)| unit.fits(&first.0)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_many_forms() {
        for (a, b) in [
            ("m/s^2", "ms^-2"),
            ("m/s^2", "ms-2"),
            ("m/s", "metres per second"),
            ("m/s", "m per s"),
            ("kg/m^3", "kg m^-3"),
            ("kg/m3", "kgm-3"),
            ("km/h", "km per hour"),
            ("km/h", "kmh^-1"),
            ("km/h", "kilometres/hour"),
            ("cm^2", "square centimetres"),
            ("cm2", "centimetres squared"),
            ("m^3", "cubic metres"),
            ("kWh", "kW h"),
            ("Nm", "J"),
            ("N/m^2", "Pa"),
            ("J/kg°C", "J kg^-1 K^-1"),
            ("mol/dm^3", "mol dm-3"),
            ("KG", "kg"),
            ("Km", "km"),
            ("KJ", "kJ"),
            ("°C", "degrees Celsius"),
            ("Frw", "RWF"),
            ("Ω", "ohms"),
            ("amasaha", "heures"),
            ("santimetero", "cm"),
            ("m/s/s", "m/s2"),
            ("per cent", "%"),
        ] {
            let (x, y) = (parse(a), parse(b));
            assert!(x.is_some() && y.is_some(), "{a} {x:?}, {b} {y:?}");
            let (x, y) = (x.unwrap(), y.unwrap());
            assert!(x.fits(&y) && (x.factor / y.factor - 1.0).abs() < 1e-9, "{a} {x:?}, {b} {y:?}");
        }
        assert!(parse("ms").unwrap().fits(&parse("s").unwrap()));
        assert!(!parse("kw/h").unwrap().fits(&parse("kWh").unwrap()));
        assert!(parse("MJ").unwrap().factor > parse("mJ").unwrap().factor);
        for word in ["banana", "students", "x", "", "baskets", "cows"] {
            assert_eq!(parse(word), None, "{word}");
        }
        let asked = |text| stated(text).map(|unit| unit.factor);
        assert_eq!(asked("Give your answer in cm."), Some(0.01));
        assert_eq!(asked("How many minutes does it take?"), Some(60.0));
        assert_eq!(asked("The mass is ........ kg"), Some(1.0));
        assert_eq!(asked("Find the speed (in m/s)"), Some(1.0));
        assert_eq!(asked("A car goes 60 km in 2 hours. Find its speed."), None);
        let told = |text| currency(text).map(|(_, words)| words);
        assert_eq!(told("A hat costs $5.50 and a shirt $20."), Some("$5.50"));
        assert_eq!(told("Mutoni saves 15 000 FRW every month."), Some("FRW"));
        assert_eq!(told("Change $20 into francs."), None);
        assert_eq!(told("How much does a hat cost?"), None);
    }
}
