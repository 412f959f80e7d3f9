//! Units of school and SI, with what they measure and how much of the basic unit they are.

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    Length,
    Mass,
    Volume,
    Area,
    Time,
    Speed,
    Acceleration,
    Force,
    Energy,
    Power,
    Voltage,
    Current,
    Resistance,
    Pressure,
    Density,
    Temperature,
    Frequency,
    Angle,
    Money,
    Part,
}

/// Names, what they measure, and the factor to the first unit of that kind.
const UNITS: &[(&[&str], Dimension, f64)] = &[
    (&["m", "metre", "metres", "meter", "meters"], Dimension::Length, 1.0),
    (&["mm", "millimetres", "millimetre"], Dimension::Length, 0.001),
    (&["cm", "centimetres", "centimetre", "centimeters", "centimeter"], Dimension::Length, 0.01),
    (&["dm", "decimetres", "decimetre"], Dimension::Length, 0.1),
    (&["dam", "decametres"], Dimension::Length, 10.0),
    (&["hm", "hectometres"], Dimension::Length, 100.0),
    (&["km", "kilometres", "kilometre", "kilometers", "kilometer"], Dimension::Length, 1000.0),
    (&["g", "gram", "grams"], Dimension::Mass, 1.0),
    (&["mg"], Dimension::Mass, 0.001),
    (&["dag"], Dimension::Mass, 10.0),
    (&["hg"], Dimension::Mass, 100.0),
    (&["kg", "kilogram", "kilograms", "kgs"], Dimension::Mass, 1000.0),
    (&["t", "tonne", "tonnes", "tons"], Dimension::Mass, 1_000_000.0),
    (&["l", "litre", "litres", "liter", "liters", "dm3"], Dimension::Volume, 1.0),
    (&["ml", "cm3", "cc", "millilitres"], Dimension::Volume, 0.001),
    (&["cl"], Dimension::Volume, 0.01),
    (&["dl"], Dimension::Volume, 0.1),
    (&["hl"], Dimension::Volume, 100.0),
    (&["m3", "kl"], Dimension::Volume, 1000.0),
    (&["mm3"], Dimension::Volume, 0.000_001),
    (&["m2"], Dimension::Area, 1.0),
    (&["mm2"], Dimension::Area, 0.000_001),
    (&["cm2"], Dimension::Area, 0.0001),
    (&["dm2"], Dimension::Area, 0.01),
    (&["a", "are", "ares"], Dimension::Area, 100.0),
    (&["ha", "hectare", "hectares"], Dimension::Area, 10_000.0),
    (&["km2"], Dimension::Area, 1_000_000.0),
    (&["s", "sec", "second", "seconds", "secs"], Dimension::Time, 1.0),
    (&["min", "minute", "minutes", "mins"], Dimension::Time, 60.0),
    (&["h", "hour", "hours", "hr", "hrs"], Dimension::Time, 3600.0),
    (&["day", "days"], Dimension::Time, 86_400.0),
    (&["week", "weeks"], Dimension::Time, 604_800.0),
    (&["month", "months"], Dimension::Time, 2_629_800.0),
    (&["year", "years"], Dimension::Time, 31_557_600.0),
    (&["m/s", "ms-1", "m/sec", "m/second"], Dimension::Speed, 1.0),
    (&["km/h", "kmh-1", "kph", "km/hr", "km/hour"], Dimension::Speed, 1.0 / 3.6),
    (&["cm/s"], Dimension::Speed, 0.01),
    (&["m/s2", "ms-2"], Dimension::Acceleration, 1.0),
    (&["n", "newton", "newtons"], Dimension::Force, 1.0),
    (&["kn"], Dimension::Force, 1000.0),
    (&["j", "joule", "joules"], Dimension::Energy, 1.0),
    (&["kj"], Dimension::Energy, 1000.0),
    (&["mj"], Dimension::Energy, 1_000_000.0),
    (&["kwh"], Dimension::Energy, 3_600_000.0),
    (&["w", "watt", "watts"], Dimension::Power, 1.0),
    (&["kw"], Dimension::Power, 1000.0),
    (&["v", "volt", "volts"], Dimension::Voltage, 1.0),
    (&["mv"], Dimension::Voltage, 0.001),
    (&["kv"], Dimension::Voltage, 1000.0),
    (&["amp", "ampere", "amperes", "amps"], Dimension::Current, 1.0),
    (&["ma"], Dimension::Current, 0.001),
    (&["ω", "ohm", "ohms"], Dimension::Resistance, 1.0),
    (&["kω"], Dimension::Resistance, 1000.0),
    (&["pa", "n/m2", "pascal", "pascals", "nm-2"], Dimension::Pressure, 1.0),
    (&["kpa"], Dimension::Pressure, 1000.0),
    (&["kg/m3", "kgm-3"], Dimension::Density, 1.0),
    (&["g/cm3", "gcm-3"], Dimension::Density, 1000.0),
    (&["°c", "degreescelsius", "celsius"], Dimension::Temperature, 1.0),
    (&["k", "kelvin"], Dimension::Temperature, 1.0),
    (&["hz", "hertz"], Dimension::Frequency, 1.0),
    (&["°", "degrees", "degree", "deg"], Dimension::Angle, 1.0),
    (&["rwf", "frw", "francs", "franc", "rf"], Dimension::Money, 1.0),
    (&["%", "percent", "per cent"], Dimension::Part, 0.01),
];

/// What a word measures as a unit; capital `A` is the ampere, small `a` the are.
pub fn find(word: &str) -> Option<(Dimension, f64)> {
    let word = word.trim_matches(['.', ' ', '(', ')']);
    if word == "A" {
        return Some((Dimension::Current, 1.0));
    }
    if word == "°C" || word == "ºC" {
        return Some((Dimension::Temperature, 1.0));
    }
    // `MJ` is a million joules and `mJ` a thousandth of one.
    if word == "mJ" {
        return Some((Dimension::Energy, 0.001));
    }
    let plain: String = word
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '^')
        .map(|c| match c {
            '²' => '2',
            '³' => '3',
            '¹' => '1',
            '⁻' | '−' => '-',
            'º' => '°',
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect();
    UNITS.iter().find(|(names, ..)| names.contains(&plain.as_str())).map(|(_, dimension, factor)| (*dimension, *factor))
}
