//! The continuous Bernoulli law.

use crate::distr::form::ratio_divergence;
use crate::distr::{Continuous, Family, KlDivergence};
use crate::noise;
use crate::parameter::{LawError, check, is_probability, positive};
use crate::quadrature::integrate;
use crate::scalar::taylor::ZERO;
use crate::scalar::{Derivatives, Scalar, math};
use core::f64::consts::LN_2;
use rand::Rng;
use rand::distr::Distribution;

/// The [continuous Bernoulli law](https://en.wikipedia.org/wiki/Continuous_Bernoulli_distribution) with probability λ: the
/// exponential law of rate -η cut to [0, 1], where η = ln(λ / (1 - λ)) is the logit of λ.
///
/// # Density function
/// f(x) = η e^(η x) / (e^η - 1) for 0 <= x <= 1, proportional to λ^x (1 - λ)^(1-x); uniform at λ = 1/2.
///
/// # Derivatives
/// A draw is ln(1 + u (e^η - 1)) / η with uniform u, put through dual arithmetic as u R(η) L(u (e^η - 1)) with the smooth
/// functions R(x) = (e^x - 1)/x and L(x) = ln(1 + x)/x for small η: smooth through λ = 1/2. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [p] = Jet::variables([0.5]);
/// let z = ContinuousBernoulli::new(p)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // at λ = 1/2: dz/dη = z (1 - z) / 2 and dη/dλ = 4
/// assert!((z.eps[0] - 2.0 * z.re * (1.0 - z.re)).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// By inversion (Loaiza-Ganem & Cunningham 2019). The law keeps the logit, so [`ContinuousBernoulli::from_logit`] reaches
/// laws whose λ rounds to 0 or 1. Everything is computed from the end where the density is higher.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContinuousBernoulli<S> {
    logit: S,
}

impl<S: Scalar> ContinuousBernoulli<S> {
    /// The law with probability λ = `p`.
    ///
    /// # Errors
    /// If `p` is not strictly between 0 and 1, or below 1e-150.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(ContinuousBernoulli::new(0.5).unwrap().mean(), Some(0.5));
    /// assert!(ContinuousBernoulli::new(1.0).is_err());
    /// ```
    #[inline]
    pub fn new(p: S) -> Result<Self, LawError> {
        check!("a continuous Bernoulli law", p: "at least 1e-150 and below 1" if positive(p) && p.re() < 1.0);
        Ok(ContinuousBernoulli { logit: p.logit() })
    }

    /// The law whose λ has the logit η = ln(λ / (1 - λ)).
    ///
    /// # Errors
    /// If `logit` is not in [-1e150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let law = ContinuousBernoulli::from_logit(-1e6).unwrap();
    /// assert!((law.mean().unwrap() - 1e-6).abs() < 1e-21);
    /// ```
    #[inline]
    pub fn from_logit(logit: S) -> Result<Self, LawError> {
        check!("a continuous Bernoulli law", logit: REAL);
        Ok(ContinuousBernoulli { logit })
    }

    /// Whether the density is higher at 1.
    #[inline]
    fn rising(&self) -> bool {
        self.logit.re() > 0.0
    }

    /// The law of the distance from the end where the density is higher.
    #[inline]
    fn falling(&self) -> Falling<S> {
        Falling { rate: if self.rising() { self.logit } else { -self.logit } }
    }

    /// The law of 1 - X.
    #[inline]
    fn reflected(&self) -> Self {
        ContinuousBernoulli { logit: -self.logit }
    }

    /// F(x), given rest = 1 - x as well.
    fn below(&self, x: S, rest: S) -> S {
        let law = self.falling();
        if x.re() < 0.0 {
            S::from(0.0)
        } else if rest.re() < 0.0 {
            S::from(1.0)
        } else if self.rising() {
            law.near(x) * (-(law.rate * rest)).exp()
        } else {
            law.near(x)
        }
    }

    /// ln F(x), given rest = 1 - x as well.
    fn ln_below(&self, x: S, rest: S) -> S {
        if x.re() <= 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        let above = self.reflected().below(rest, x);
        if above.re() < 0.5 {
            return (-above).ln_1p();
        }
        let law = self.falling();
        let ln = law.near(x).ln();
        if self.rising() { ln - law.rate * rest } else { ln }
    }

    /// The point at a distance v from the end of higher density, from a function for v and one for 1 - v, whichever is
    /// small.
    #[inline]
    fn point(&self, v: S, w: impl Fn() -> S) -> S {
        match (self.rising(), v.re() > 0.5) {
            (false, false) => v,
            (false, true) => -w() + 1.0,
            (true, true) => w(),
            (true, false) => -v + 1.0,
        }
    }

    /// The point with tail probabilities p and q = 1 - p.
    #[inline]
    fn invert(&self, p: S, q: S) -> S {
        let law = self.falling();
        let (near, far) = if self.rising() { (q, p) } else { (p, q) };
        self.point(law.at_near(near, far), || law.at_far(far))
    }
}

/// The law of rate y >= 0 on [0, 1] with density proportional to e^(-y v).
#[derive(Clone, Copy)]
struct Falling<S> {
    rate: S,
}

impl<S: Scalar> Falling<S> {
    /// P(V <= v).
    fn near(self, v: S) -> S {
        let y = self.rate;
        if y.re() < 1.0 {
            v * (-(y * v)).exp_m1_ratio().over((-y).exp_m1_ratio())
        } else {
            (-(y * v)).exp_m1().over((-y).exp_m1())
        }
    }

    /// The v with P(V <= v) = p, q = 1 - p.
    #[inline]
    fn at_near(self, p: S, q: S) -> S {
        let y = self.rate;
        if y.re() < 1.0 {
            let ratio = (-y).exp_m1_ratio();
            return p * ratio * (-(p * y * ratio)).ln_1p_ratio();
        }
        let less = p * (-y).exp_m1();
        let ln = if less.re() > -0.5 { less.ln_1p() } else { (q + p * (-y).exp()).ln() };
        -ln.over(y)
    }

    /// The w = 1 - v with P(V > v) = q.
    #[inline]
    fn at_far(self, q: S) -> S {
        let y = self.rate;
        if y.re() < 1.0 {
            let ratio = y.exp_m1_ratio();
            return q * ratio * (q * y * ratio).ln_1p_ratio();
        }
        if y.re() < 600.0 && q.re() * math::exp(y.re()) < 1.0 {
            return (q * y.exp_m1()).ln_1p().over(y);
        }
        self.at_ln_far(q.ln())
    }

    /// The same from ln q.
    fn at_ln_far(self, ln_q: S) -> S {
        (ln_q + self.rate.ln_exp_m1()).softplus().over(self.rate)
    }

    /// Derivative number n = 0, 1 or 2 of B(y) = ln((1 - e^-y)/y), the logarithm of the mass of e^(-y v).
    fn ln_mass(self, n: usize) -> S {
        let even = self.even_part(n);
        if self.rate.re() > SERIES_UP_TO {
            return even;
        }
        match n {
            0 => even - self.rate * 0.5,
            1 => even - 0.5,
            _ => even,
        }
    }

    /// The same for y <= [`SERIES_UP_TO`] without the part -y/2, an even function.
    fn even_part(self, n: usize) -> S {
        let y = self.rate.re();
        let d = if y > SERIES_UP_TO { by_logarithms(y, n, S::ORDER) } else { by_series(y, n, S::ORDER) };
        self.rate.lift(&d)
    }
}

/// Up to here B(y) comes from its power series, whose radius is 2π.
const SERIES_UP_TO: f64 = 2.5;

/// Derivatives number n, n + 1, ... of ln(sinh(y/2) / (y/2)).
fn by_series(y: f64, n: usize, order: usize) -> Derivatives {
    let mut d = ZERO;
    for (k, d) in d.iter_mut().enumerate().take(order + 1) {
        let k = k + n;
        for (j, c) in COEFFICIENTS.iter().enumerate().rev() {
            let power = 2 * j + 2;
            if power < k {
                break;
            }
            // the k-th derivative of y^power
            let falling: f64 = (0..k).map(|i| (power - i) as f64).product();
            *d += c * falling * math::powi(y, (power - k) as i32);
        }
    }
    d
}

/// Derivatives number n, n + 1, ... of ln(1 - e^-y) - ln y.
fn by_logarithms(y: f64, n: usize, order: usize) -> Derivatives {
    // Taylor coefficients of g = 1/(e^y - 1), the slope of the first logarithm: g' = -(g + g²)
    let mut g = [0.0; crate::scalar::MAX_ORDER + 3];
    g[0] = 1.0 / math::exp_m1(y);
    for k in 1..order + n {
        let square: f64 = (0..k).map(|j| g[j] * g[k - 1 - j]).sum();
        g[k] = -(g[k - 1] + square) / k as f64;
    }
    let mut d = ZERO;
    // derivative k of -ln y is -(k-1)! (-1)^(k-1) / y^k
    let (mut logarithm, mut factorial) = (-1.0 / y, 1.0);
    for k in 1..=order + n {
        if k > 1 {
            logarithm *= -(k as f64 - 1.0) / y;
            factorial *= k as f64 - 1.0;
        }
        if k >= n {
            d[k - n] = g[k - 1] * factorial + logarithm;
        }
    }
    if n == 0 {
        d[0] = math::ln_1m_exp(-y) - math::ln(y);
    }
    d
}

/// Coefficients of y², y⁴, ... in ln(sinh(y/2) / (y/2)), which are (-1)^(k+1) ζ(2k) / (k (2π)^(2k))
/// (`make_intervals.py --constants` prints them).
const COEFFICIENTS: [f64; 24] = [
    0.041666666666666664,
    -0.00034722222222222224,
    5.5114638447971785e-06,
    -1.033399470899471e-07,
    2.08767569878681e-09,
    -4.403491782239578e-11,
    9.55895466477477e-13,
    -2.1185501852016142e-14,
    4.770034475709914e-16,
    -1.087434349279031e-17,
    2.5040921947091955e-19,
    -5.814360285755218e-21,
    1.3595027075497952e-22,
    -3.1976847953705525e-24,
    7.559841507792277e-26,
    -1.7952470840225633e-27,
    4.279919045926073e-29,
    -1.0238874835181417e-30,
    2.4570353308144855e-32,
    -5.912556039251575e-34,
    1.4263504196386035e-35,
    -3.448761101064296e-37,
    8.355995924900409e-39,
    -2.0284068901347272e-40,
];

impl<T: Scalar> Family for ContinuousBernoulli<T> {
    type Law<S: Scalar> = ContinuousBernoulli<S>;
    type Error = LawError;
    const NAME: &'static str = "continuous_bernoulli";
    const PARAMETERS: &'static [&'static str] = &["p"];

    fn law<S: Scalar>(parameters: &[S]) -> Result<ContinuousBernoulli<S>, LawError> {
        let &[p] = parameters else {
            panic!("continuous_bernoulli takes 1 parameter, not {}", parameters.len());
        };
        ContinuousBernoulli::new(p)
    }
}

/// As a structure of the logit, which loses nothing.
#[cfg(feature = "serde")]
mod with_serde {
    use super::*;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Serialize, Deserialize)]
    #[serde(rename = "continuous_bernoulli", deny_unknown_fields)]
    struct Parameters<T> {
        logit: T,
    }

    impl<T: Serialize> Serialize for ContinuousBernoulli<T> {
        fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
            Parameters { logit: &self.logit }.serialize(serializer)
        }
    }

    impl<'de, T: Scalar + Deserialize<'de>> Deserialize<'de> for ContinuousBernoulli<T> {
        fn deserialize<Z: Deserializer<'de>>(deserializer: Z) -> Result<Self, Z::Error> {
            let p: Parameters<T> = Deserialize::deserialize(deserializer)?;
            ContinuousBernoulli::from_logit(p.logit).map_err(Z::Error::custom)
        }
    }
}

impl<S: Scalar> Distribution<S> for ContinuousBernoulli<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let u = noise::uniform(rng);
        self.invert(S::from(u), S::from(1.0 - u))
    }
}

impl<S: Scalar> Continuous<S> for ContinuousBernoulli<S> {
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(1.0))
    }
    fn ln_pdf(&self, x: S) -> S {
        if x.re() < 0.0 || x.re() > 1.0 {
            return S::from(f64::NEG_INFINITY);
        }
        let law = self.falling();
        let distance = if self.rising() { -x + 1.0 } else { x };
        -law.rate * distance - law.ln_mass(0)
    }
    fn cdf(&self, x: S) -> S {
        self.below(x, -x + 1.0)
    }
    fn sf(&self, x: S) -> S {
        self.reflected().below(-x + 1.0, x)
    }
    fn ln_cdf(&self, x: S) -> S {
        self.ln_below(x, -x + 1.0)
    }
    fn ln_sf(&self, x: S) -> S {
        self.reflected().ln_below(-x + 1.0, x)
    }
    fn quantile(&self, p: S) -> S {
        if is_probability(p) { self.invert(p, -p + 1.0) } else { S::from(f64::NAN) }
    }
    fn isf(&self, q: S) -> S {
        if is_probability(q) { self.invert(-q + 1.0, q) } else { S::from(f64::NAN) }
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -700.0 && ln_p.re() > f64::NEG_INFINITY && self.rising() && self.logit.re() >= 1.0 {
            return self.falling().at_ln_far(ln_p);
        }
        if ln_p.re() < -LN_2 { self.quantile(ln_p.exp()) } else { self.isf(-ln_p.exp_m1()) }
    }
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() < -LN_2 { -self.reflected().quantile_ln(ln_q) + 1.0 } else { self.quantile(-ln_q.exp_m1()) }
    }
    fn mean(&self) -> Option<S> {
        let distance = -self.falling().ln_mass(1);
        Some(if self.rising() { -distance + 1.0 } else { distance })
    }
    fn variance(&self) -> Option<S> {
        Some(self.falling().ln_mass(2))
    }
    fn entropy(&self) -> S {
        // B - y B', to which the linear part -y/2 adds nothing
        let law = self.falling();
        law.even_part(0) - law.rate * law.even_part(1)
    }
    fn mode(&self) -> Option<S> {
        match self.logit.re() {
            0.0 => None,
            logit => Some(S::from(if logit > 0.0 { 1.0 } else { 0.0 })),
        }
    }
}

impl<S: Scalar> KlDivergence<S> for ContinuousBernoulli<S> {
    /// A(η₂) - A(η₁) - A'(η₁)(η₂ - η₁), A(η) = ln((e^η - 1)/η): for close laws as an integral of A''.
    fn kl_divergence(&self, other: &Self) -> S {
        let falling = self.falling();
        let y = falling.rate;
        let other_rate = if self.rising() { other.logit } else { -other.logit };
        let d = other_rate - y;
        if y.re() > 60.0 && other_rate.re() > 60.0 {
            // two exponential laws, to all digits
            return ratio_divergence(other_rate, y, d);
        }
        if d.re().abs() <= 0.3 * (1.0 + y.re()) {
            let curvature = |y: S| Falling { rate: if y.re() < 0.0 { -y } else { y } }.ln_mass(2);
            let (from, to) = (S::from(0.0), S::from(1.0));
            return integrate(from, to, 1, |t| curvature(y + d * t) * (-t + 1.0)) * d * d;
        }
        // B(y) = B(-y) - y
        let end = if other_rate.re() < 0.0 {
            Falling { rate: -other_rate }.ln_mass(0) - other_rate
        } else {
            Falling { rate: other_rate }.ln_mass(0)
        };
        end - falling.ln_mass(0) - d * falling.ln_mass(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got / want - 1.0).abs() < bound, "{got:e}, not {want:e}");
    }

    #[test]
    fn moments() {
        // logit, mean, variance, entropy: `make_intervals.py --constants` prints them
        let table: [(f64, f64, f64, f64); 6] = [
            (1e-08, 0.5000000008333333, 0.08333333333333333, -4.166666666666667e-18),
            (0.3, 0.5249625801767492, 0.0829596684125909, -0.0037415825419354672),
            (-2.4, 0.3168978945704913, 0.06388853112935715, -0.21001374090712358),
            (2.6, 0.6956173671635535, 0.06125894784588147, -0.24129312847608836),
            (-30.0, 0.033333333333239755, 0.001111111111017535, -2.4011973816650563),
            (1000.0, 0.999, 1e-06, -5.907755278982137),
        ];
        for (logit, mean, variance, entropy) in table {
            let law = ContinuousBernoulli::from_logit(logit).unwrap();
            close(law.mean().unwrap(), mean, 1e-15);
            close(law.variance().unwrap(), variance, 4e-15);
            close(law.entropy(), entropy, 4e-15);
        }
    }

    #[test]
    fn divergences() {
        let table: [(f64, f64, f64); 6] = [
            (0.3, 0.30001, 4.14798300692996e-12),
            (-2.0, -2.5, 0.008360601437778293),
            (1.0, -4.0, 0.9637788717879369),
            (-20.0, -20.5, 0.000307387190052443),
            (1000.0, -1000.0, 998.0),
            (-100.0, -101.0, 4.966914683191715e-05),
        ];
        for (first, second, divergence) in table {
            let [first, second] = [first, second].map(|logit| ContinuousBernoulli::from_logit(logit).unwrap());
            close(first.kl_divergence(&second), divergence, 2e-14);
            close(first.reflected().kl_divergence(&second.reflected()), divergence, 2e-14);
        }
    }

    #[test]
    fn logits_of_any_size() {
        for logit in [1e-300, 1e-9, 1.0, 700.0, 1e6, 1e100, 1e150] {
            for logit in [logit, -logit] {
                let [logit] = Jet::variables([logit]);
                let law = ContinuousBernoulli::from_logit(logit).unwrap();
                for p in [0.0, 1e-300, 1e-12, 0.3, 0.5, 0.999, 1.0] {
                    let (x, y) = (law.quantile(p.into()), law.isf(p.into()));
                    assert!((0.0..=1.0).contains(&x.re) && !x.eps[0].is_nan(), "{law:?} {p} {x}");
                    assert!((0.0..=1.0).contains(&y.re) && !y.eps[0].is_nan(), "{law:?} {p} {y}");
                }
                assert_eq!((law.cdf(0.0.into()).re, law.cdf(1.0.into()).re), (0.0, 1.0), "{law:?}");
            }
        }
        // ln 2 / η from the end
        close(ContinuousBernoulli::from_logit(-1e150).unwrap().median(), core::f64::consts::LN_2 / 1e150, 1e-15);
    }

    #[test]
    fn refuses() {
        assert_eq!(ContinuousBernoulli::new(1.0).unwrap_err().parameter(), "p");
        assert_eq!(ContinuousBernoulli::new(f64::NAN).unwrap_err().parameter(), "p");
        assert_eq!(ContinuousBernoulli::from_logit(f64::INFINITY).unwrap_err().parameter(), "logit");
    }
}
