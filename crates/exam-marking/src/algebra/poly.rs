//! Exact numbers and polynomials: rational coefficients over letters, π, and the square roots of −1 and of primes.

use std::collections::BTreeMap;

/// Higher powers and longer sums are no answers of pupils.
pub const HIGHEST: u32 = 12;
const MAX_TERMS: usize = 200;

/// A numerator and a denominator, in lowest terms; the denominator is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio(pub i128, pub i128);

impl Ratio {
    pub fn new(top: i128, bottom: i128) -> Option<Self> {
        let shared = common(top.checked_abs()?, bottom.checked_abs()?);
        let shared = if bottom < 0 { -shared } else { shared };
        (bottom != 0).then(|| Self(top / shared, bottom / shared))
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        let top = self.0.checked_mul(other.1)?.checked_add(other.0.checked_mul(self.1)?)?;
        Self::new(top, self.1.checked_mul(other.1)?)
    }

    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_mul(other.0)?, self.1.checked_mul(other.1)?)
    }

    pub fn over(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_mul(other.1)?, self.1.checked_mul(other.0)?)
    }

    pub fn float(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
}

/// The greatest common divisor of two numbers that are not negative; 1 for two zeros.
pub fn common(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// What a monomial is a power of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letter {
    Named(String),
    Pi,
    /// The square root of −1 or of a prime.
    Root(i64),
}

type Monomial = BTreeMap<Letter, u32>;

/// Coefficients that are not nothing, by their monomial. Roots of primes are independent over the rationals, so equal
/// values have equal terms.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Poly(pub BTreeMap<Monomial, Ratio>);

impl Poly {
    pub fn number(value: Ratio) -> Self {
        Self(if value.0 == 0 { BTreeMap::new() } else { BTreeMap::from([(Monomial::new(), value)]) })
    }

    pub fn one() -> Self {
        Self::number(Ratio(1, 1))
    }

    pub fn letter(letter: Letter) -> Self {
        Self(BTreeMap::from([(Monomial::from([(letter, 1)]), Ratio(1, 1))]))
    }

    /// The value, where it is a rational number.
    pub fn rational(&self) -> Option<Ratio> {
        match self.0.len() {
            0 => Some(Ratio(0, 1)),
            1 => self.0.first_key_value().filter(|(monomial, _)| monomial.is_empty()).map(|(_, value)| *value),
            _ => None,
        }
    }

    pub fn plus(&self, other: &Self) -> Option<Self> {
        let mut sum = self.clone();
        for (monomial, value) in &other.0 {
            let before = sum.0.remove(monomial).unwrap_or(Ratio(0, 1));
            let value = before.plus(*value)?;
            if value.0 != 0 {
                sum.0.insert(monomial.clone(), value);
            }
        }
        (sum.0.len() <= MAX_TERMS).then_some(sum)
    }

    pub fn times(&self, other: &Self) -> Option<Self> {
        let mut product = Self::default();
        for (a, x) in &self.0 {
            for (b, y) in &other.0 {
                let (monomial, factor) = multiplied(a, b)?;
                let value = x.times(*y)?.times(factor)?;
                product = product.plus(&Self(BTreeMap::from([(monomial, value)])))?;
            }
        }
        Some(product)
    }

    /// The number that this is of the other, if it is one; the outer `None` when it is too large to tell.
    #[expect(clippy::option_option, reason = "too large to tell, none, or this")]
    pub fn factor_of(&self, other: &Self) -> Option<Option<Ratio>> {
        if self.0.len() != other.0.len() || self.0.is_empty() {
            return Some(None);
        }
        let mut factor = None;
        for ((a, x), (b, y)) in self.0.iter().zip(&other.0) {
            let here = x.over(*y)?;
            if a != b || factor.is_some_and(|factor| factor != here) {
                return Some(None);
            }
            factor = Some(here);
        }
        Some(factor)
    }
}

/// The product of two monomials; a root times itself is its number.
fn multiplied(a: &Monomial, b: &Monomial) -> Option<(Monomial, Ratio)> {
    let mut product = a.clone();
    let mut factor = Ratio(1, 1);
    for (letter, power) in b {
        let power = product.get(letter).unwrap_or(&0) + power;
        match letter {
            Letter::Root(of) => {
                for _ in 0..power / 2 {
                    factor = factor.times(Ratio(i128::from(*of), 1))?;
                }
                if power % 2 == 1 {
                    product.insert(letter.clone(), 1);
                } else {
                    product.remove(letter);
                }
            }
            _ if power > 2 * HIGHEST => return None,
            _ => {
                product.insert(letter.clone(), power);
            }
        }
    }
    Some((product, factor))
}

/// The square root of a whole number: the factor before the root, and the root's primes.
pub fn root_of(number: i128) -> Option<Poly> {
    if number == 0 {
        return Some(Poly::default());
    }
    if number.unsigned_abs() > 100_000_000 {
        return None;
    }
    let mut value = if number < 0 { Poly::letter(Letter::Root(-1)) } else { Poly::one() };
    let mut rest = number.abs();
    let mut prime = 2;
    while prime * prime <= rest {
        while rest % (prime * prime) == 0 {
            rest /= prime * prime;
            value = value.times(&Poly::number(Ratio(prime, 1)))?;
        }
        if rest % prime == 0 {
            rest /= prime;
            value = value.times(&Poly::letter(Letter::Root(prime as i64)))?;
        }
        prime += 1;
    }
    if rest > 1 { value.times(&Poly::letter(Letter::Root(rest as i64))) } else { Some(value) }
}

/// A polynomial over another.
#[derive(Debug, Clone, PartialEq)]
pub struct Quotient(pub Poly, pub Poly);

impl Quotient {
    pub fn plus(&self, other: &Self) -> Option<Self> {
        let top = self.0.times(&other.1)?.plus(&other.0.times(&self.1)?)?;
        Some(Self(top, self.1.times(&other.1)?))
    }

    pub fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&Self(other.0.times(&Poly::number(Ratio(-1, 1)))?, other.1.clone()))
    }

    pub fn times(&self, other: &Self) -> Option<Self> {
        Some(Self(self.0.times(&other.0)?, self.1.times(&other.1)?))
    }

    pub fn over(&self, other: &Self) -> Option<Self> {
        (!other.0.0.is_empty()).then_some(())?;
        Some(Self(self.0.times(&other.1)?, self.1.times(&other.0)?))
    }
}
