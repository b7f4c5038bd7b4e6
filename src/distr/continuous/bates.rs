//! The Bates law.

use crate::distr::form::two_ended::inside;
use crate::distr::form::{Asked, NearEnd, at_certainty, with_ends};
use crate::distr::{Continuous, family, getters};
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::{LawError, check, is_probability, positive};
use crate::quadrature::integrate;
use crate::scalar::taylor::ZERO;
use crate::scalar::{Derivatives, Scalar, math};
use crate::special::{ln_gamma_1p, normal_quantile_ln};
use core::f64::consts::LN_2;
use rand::Rng;
use rand::distr::Distribution;

/// The [Bates law](https://en.wikipedia.org/wiki/Bates_distribution): that of the mean of n independent uniform variables on \[a, b\].
///
/// # Density function
/// f(x) = n/(b - a) B_n(s) with s = n (x - a)/(b - a) and the cardinal B-spline B_n, the density of the sum of n uniform variables on
/// \[0, 1\].
///
/// # Derivatives
/// A draw is a + (b - a) s/n with the sum s of n uniform numbers, so dz/da = 1 - s/n and dz/db = s/n, exactly. n is an integer and has no
/// derivative. Defined everywhere. The density has a kink in the middle for n = 2, where the derivative of its logarithm is that of the end from which
/// the point is seen, the lower one.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [lower, upper] = Jet::variables([1.0, 3.0]);
/// let z = Bates::new(4, lower, upper)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!((z.eps[1] - (z.re - 1.0) / 2.0).abs() < 1e-15 && (z.eps[0] + z.eps[1] - 1.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The textbook's alternating sum loses all digits beyond n = 20 or so. Here B_n follows by de Boor's recursion, and F(s) = Σ B_(n+1)(s - j) is a sum of the
/// next: all terms are positive, so that both tails keep their digits. It takes n steps of up to n/2 terms, which is why n is at most
/// 256 (the law is then normal to 1e-3 of its width). The quantile is found by Newton's method. Sources: Bates 1955; de Boor 1972, "On calculating
/// with B-splines", *Journal of Approximation Theory* 6.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bates<S> {
    n: u32,
    lower: S,
    upper: S,
}

/// The largest n.
const MOST: usize = 256;

impl<S: Scalar> Bates<S> {
    /// The law of the mean of `n` uniform variables between `lower` and `upper`.
    ///
    /// # Errors
    /// If `n` is 0 or above 256, an end is not in [-1e150, 1e150] or the width not in [1e-150, 1e150].
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(Bates::new(2, 0.0, 1.0).unwrap().pdf(0.5), 2.0);
    /// assert_eq!(Bates::new(0, 0.0, 1.0).unwrap_err().parameter(), "n");
    /// ```
    #[inline]
    pub fn new(n: u32, lower: S, upper: S) -> Result<Self, LawError> {
        check!("a Bates law", n, n as f64; "from 1 to 256" if (1..=MOST as u32).contains(&n));
        check!("a Bates law", lower: REAL);
        check!("a Bates law", upper: REAL);
        check!("a Bates law", upper: "above lower by 1e-150 or more" if positive(upper - lower));
        Ok(Bates { n, lower, upper })
    }

    #[inline]
    fn width(&self) -> S {
        self.upper - self.lower
    }

    /// The law of -X.
    fn mirrored(&self) -> Self {
        Bates { n: self.n, lower: -self.upper, upper: -self.lower }
    }

    /// s from the nearer end, and whether that is the upper one.
    fn sum(&self, x: S) -> (S, bool) {
        let (below, above) = (x - self.lower, self.upper - x);
        let is_upper = above.re() < below.re();
        let distance = if is_upper { above } else { below };
        ((distance * f64::from(self.n)).over(self.width()), is_upper)
    }

    /// F(x) or 1 - F(x): the smaller is computed, the other is its complement.
    fn tail(&self, x: S, upper: bool) -> S {
        let (s, is_upper) = self.sum(x);
        if s.re() <= 0.0 {
            let tail = self.at_or_beyond_end(s);
            return if is_upper == upper { tail } else { -tail + 1.0 };
        }
        let (tail, ln_scale) = lift(s, Spline::sum(self.n, s.re(), S::ORDER));
        let tail = tail * math::exp(ln_scale);
        if is_upper == upper { tail } else { -tail + 1.0 }
    }

    fn with_ends(&self, x: S, asked: Asked, answer: impl FnOnce(S) -> S) -> S {
        // s^(n-1)/(n-1)! n/(b - a) next to either end
        let count = f64::from(self.n);
        let ln_factor = -(self.width() / count).ln() * count - ln_gamma_1p(count - 1.0);
        let near = |_, _| Some(NearEnd { exponent: S::from(count - 1.0), ln_factor });
        with_ends(x, asked, || self.support(), near, answer)
    }

    /// A tail of 0: s^n/n! has a slope at 0 for n = 1 only.
    fn at_or_beyond_end(&self, s: S) -> S {
        if s.re() == 0.0 && self.n == 1 { s } else { S::from(0.0) }
    }

    fn ln_tail(&self, x: S, upper: bool) -> S {
        let (s, is_upper) = self.sum(x);
        if s.re() <= 0.0 {
            if is_upper == upper { S::from(f64::NEG_INFINITY) } else { -self.at_or_beyond_end(s) }
        } else if is_upper == upper {
            ln_cdf(self.n, s)
        } else {
            (-self.tail(x, !upper)).ln_1p()
        }
    }

    /// lower + s (b - a)/n of a lower tail given by its logarithm, at most -ln 2.
    fn lower_quantile(&self, ln_p: S, p: f64) -> S {
        self.width() * (quantile(self.n, ln_p, p) / f64::from(self.n)) + self.lower
    }
}

family!(Bates, LawError, "bates", [n: u32 of "a Bates law", lower, upper]);
getters!(Bates, [n: u32; lower, upper]);

/// The cardinal B-spline B_m and the derivatives before it, or their sum B_m(s) + B_m(s - 1) + ..., at one s in (0, n/2].
struct Spline {
    /// Derivatives, times e^-ln_scale.
    d: Derivatives,
    /// What keeps them in the range of doubles.
    ln_scale: f64,
}

impl Spline {
    /// F(s) = Σ B_(n+1)(s - j), the distribution function of the sum of n uniform variables, with derivatives.
    fn sum(n: u32, s: f64, order: usize) -> Spline {
        Self::new(n as usize + 1, s, order, true)
    }

    /// B_n(s) with derivatives.
    fn density(n: u32, s: f64, order: usize) -> Spline {
        Self::new(n as usize, s, order, false)
    }

    /// All B_k(s - j) from B_1 up: (k - 1) B_k(x) = x B_(k-1)(x) + (k - x) B_(k-1)(x - 1) (de Boor 1972). A derivative is a difference of
    /// the B-splines one degree below; that of the sum is the last of them.
    fn new(top: usize, s: f64, order: usize, is_sum: bool) -> Spline {
        let mut values = Row::new(s);
        let (mut d, mut ln_scale) = (ZERO, 0.0);
        loop {
            let below = top - values.degree;
            if below <= order {
                d[below] = match (is_sum, below) {
                    (true, 0) => values.all().iter().sum(),
                    (true, _) => values.difference(below - 1),
                    (false, _) => values.difference(below),
                };
            }
            if below == 0 {
                return Spline { d, ln_scale };
            }
            let largest = values.raise();
            if largest < TINY {
                values.all_mut().iter_mut().chain(&mut d).for_each(|v| *v /= TINY);
                ln_scale += math::ln(TINY);
            }
        }
    }
}

/// What makes numbers small enough to be scaled.
const TINY: f64 = 1e-140;

/// B_m(t), B_m(t + 1), ..., B_m(s) for one degree m, t being the fraction of s.
struct Row {
    t: f64,
    last: usize,
    degree: usize,
    values: [f64; MOST / 2 + 1],
}

impl Row {
    /// m = 1.
    fn new(s: f64) -> Row {
        let last = (s as usize).min(MOST / 2);
        let mut values = [0.0; MOST / 2 + 1];
        values[0] = 1.0;
        Row { t: s - last as f64, last, degree: 1, values }
    }

    fn all(&self) -> &[f64] {
        &self.values[..=self.last]
    }

    fn all_mut(&mut self) -> &mut [f64] {
        &mut self.values[..=self.last]
    }

    /// From m to m + 1; the largest of the new values.
    fn raise(&mut self) -> f64 {
        let m = self.degree as f64;
        self.degree += 1;
        let mut largest = 0.0f64;
        for i in (0..=self.last.min(self.degree - 1)).rev() {
            let x = self.t + i as f64;
            let left = if i > 0 { self.values[i - 1] } else { 0.0 };
            self.values[i] = (x * self.values[i] + (m + 1.0 - x) * left) / m;
            largest = largest.max(self.values[i]);
        }
        largest
    }

    /// The difference of order k, Σ (-1)^j (k over j) B_m(s - j).
    fn difference(&self, k: usize) -> f64 {
        let (mut sum, mut binomial) = (0.0, 1.0);
        for j in 0..=k.min(self.last) {
            sum += binomial * self.values[self.last - j];
            binomial *= -((k - j) as f64) / (j as f64 + 1.0);
        }
        sum
    }
}

/// A spline as a function of s, times e^-ln_scale, and ln_scale.
#[inline]
fn lift<S: Scalar>(s: S, spline: Spline) -> (S, f64) {
    (s.lift(&spline.d), spline.ln_scale)
}

/// ln F(s), for s in (0, n/2].
fn ln_cdf<S: Scalar>(n: u32, s: S) -> S {
    if s.re() <= 1.0 {
        return s.ln() * f64::from(n) - ln_gamma_1p(f64::from(n));
    }
    let (cdf, ln_scale) = lift(s, Spline::sum(n, s.re(), S::ORDER));
    cdf.ln() + ln_scale
}

/// ln B_n(s), for s in (0, n/2].
fn ln_density<S: Scalar>(n: u32, s: S) -> S {
    if s.re() <= 1.0 {
        let m = f64::from(n) - 1.0;
        return if n == 1 { S::from(0.0) } else { s.ln() * m - ln_gamma_1p(m) };
    }
    let (density, ln_scale) = lift(s, Spline::density(n, s.re(), S::ORDER));
    density.ln() + ln_scale
}

/// The s with ln F(s) = `ln_p`, at most -ln 2, and `p` its exponential.
fn quantile<S: Scalar>(n: u32, ln_p: S, p: f64) -> S {
    if n == 1 {
        return ln_p.exp().with_re(p);
    }
    let count = f64::from(n);
    let l = ln_p.re();
    // F = s^n/n! up to s = 1
    let ln_s = (l + ln_gamma_1p(count)) / count;
    let slope = |s: f64| math::exp(ln_density(n, s) - ln_cdf(n, s));
    let mut s = if ln_s <= 0.0 {
        math::exp(ln_s)
    } else {
        let start = 0.5 * count + math::sqrt(count / 12.0) * normal_quantile_ln(l);
        find_root(1.0 - 1e-9, 0.5 * count * (1.0 + 1e-9), start.max(1.0), |s| (ln_cdf(n, s) - l, slope(s)))
    };
    if p > 1e-290 {
        // the logarithm of a tiny probability has fewer digits than the probability
        let Spline { d, ln_scale } = Spline::sum(n, s, 1);
        s -= (d[0] - p * math::exp(-ln_scale)) / d[1];
    }
    if ln_p.with_re(0.0).max_abs() == 0.0 {
        return S::from(s);
    }
    let slope = slope(s);
    lift_root(s, |s: S| (ln_cdf(n, s) - ln_p).with_re(0.0) / slope)
}

/// The entropy of the sum: with the tails up to s = 1 in closed form piece by piece, for large n by the trapezoidal rule, which for so smooth a function
/// with so short a spectrum leaves nothing.
fn entropy_of_sum(n: u32) -> f64 {
    let count = f64::from(n);
    let term = |s: f64| {
        let ln = ln_density(n, s);
        -math::exp(ln) * ln
    };
    if n == 1 {
        return 0.0;
    }
    if n >= 30 {
        let sum: f64 = (1..n.div_ceil(2)).map(|i| term(f64::from(i))).sum();
        return 2.0 * sum + if n.is_multiple_of(2) { term(0.5 * count) } else { 0.0 };
    }
    // ∫_0^1 of -f ln f, f = s^m/m!
    let m = count - 1.0;
    let ln_factorial = ln_gamma_1p(m);
    let mut sum = math::exp(-ln_factorial) * (m / (count * count) + ln_factorial / count);
    for i in 1..n.div_ceil(2) {
        let from = f64::from(i);
        sum += integrate(from, (from + 1.0).min(0.5 * count), 1, term);
    }
    2.0 * sum
}

impl<S: Scalar> Distribution<S> for Bates<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let sum: f64 = (0..self.n).map(|_| noise::uniform(rng)).sum();
        inside((self.lower, self.upper), self.width() * (sum / f64::from(self.n)) + self.lower)
    }
}

impl<S: Scalar> Continuous<S> for Bates<S> {
    fn support(&self) -> (S, S) {
        (self.lower, self.upper)
    }
    fn ln_pdf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnPdf, |x| {
            let (s, _) = self.sum(x);
            match s.re() {
                r if r < 0.0 => S::from(f64::NEG_INFINITY),
                0.0 if self.n > 1 => S::from(f64::NEG_INFINITY),
                r if r.is_nan() => S::from(r),
                _ => ln_density(self.n, s) - self.width().ln() + math::ln(f64::from(self.n)),
            }
        })
    }
    fn pdf(&self, x: S) -> S {
        self.with_ends(x, Asked::Pdf, |x| self.ln_pdf(x).exp())
    }
    fn cdf(&self, x: S) -> S {
        self.with_ends(x, Asked::Cdf, |x| self.tail(x, false))
    }
    fn sf(&self, x: S) -> S {
        self.with_ends(x, Asked::Sf, |x| self.tail(x, true))
    }
    fn ln_cdf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnCdf, |x| self.ln_tail(x, false))
    }
    fn ln_sf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnSf, |x| self.ln_tail(x, true))
    }
    fn quantile(&self, p: S) -> S {
        let quantile = |p: S| match p.re() {
            _ if !is_probability(p) => S::from(f64::NAN),
            0.0 => self.lower,
            r if r > 0.5 => -self.mirrored().quantile(-p + 1.0),
            r => self.lower_quantile(p.ln(), r),
        };
        at_certainty(p, true, quantile, |x| self.pdf(x))
    }
    fn isf(&self, q: S) -> S {
        let isf = |q: S| -self.mirrored().quantile(q);
        at_certainty(q, false, isf, |x| self.pdf(x))
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        let quantile_ln = |ln_p: S| match ln_p.re() {
            f64::NEG_INFINITY => self.lower,
            l if l <= -LN_2 => self.lower_quantile(ln_p, math::exp(l)),
            l if l <= 0.0 => self.isf(-ln_p.exp_m1()),
            _ => S::from(f64::NAN),
        };
        at_certainty(ln_p, true, quantile_ln, |x| self.pdf(x))
    }
    fn isf_ln(&self, ln_q: S) -> S {
        let isf_ln = |ln_q: S| -self.mirrored().quantile_ln(ln_q);
        at_certainty(ln_q, false, isf_ln, |x| self.pdf(x))
    }
    fn mean(&self) -> Option<S> {
        Some(self.lower * 0.5 + self.upper * 0.5)
    }
    /// (b - a)²/(12 n)
    fn variance(&self) -> Option<S> {
        Some(self.width() * self.width() / (12.0 * f64::from(self.n)))
    }
    /// That of the sum of n uniform variables, by quadrature, and ln((b - a)/n).
    fn entropy(&self) -> S {
        self.width().ln() + (entropy_of_sum(self.n) - math::ln(f64::from(self.n)))
    }
    /// The middle, for n > 1.
    fn mode(&self) -> Option<S> {
        (self.n > 1).then(|| self.lower * 0.5 + self.upper * 0.5)
    }
    fn median(&self) -> S {
        self.lower * 0.5 + self.upper * 0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Triangular, Uniform};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn uniform_and_triangular_laws() {
        let (one, uniform) = (Bates::new(1, 1.0, 3.0).unwrap(), Uniform::new(1.0, 3.0).unwrap());
        let (two, triangular) = (Bates::new(2, 1.0, 3.0).unwrap(), Triangular::new(1.0, 3.0, 2.0).unwrap());
        for x in [0.5, 1.0, 1.001, 1.7, 2.0, 2.6, 2.999, 3.0, 4.0] {
            for (ours, theirs) in [
                (one.cdf(x), uniform.cdf(x)),
                (one.pdf(x), uniform.pdf(x)),
                (two.cdf(x), triangular.cdf(x)),
                (two.ln_sf(x), triangular.ln_sf(x)),
                (two.pdf(x), triangular.pdf(x)),
            ] {
                assert!(ours == theirs || (ours / theirs - 1.0).abs() < 1e-15, "{x}: {ours}, not {theirs}");
            }
        }
        for p in [1e-300, 0.1, 0.5, 0.7] {
            close(one.quantile(p), uniform.quantile(p), 1e-15);
            close(two.isf(p), triangular.isf(p), 1e-15);
        }
        close(one.entropy(), uniform.entropy(), 1e-15);
        close(two.entropy(), triangular.entropy(), 1e-15);
    }

    /// Exact rational sums, printed by `tests/reference/make_composed.py`.
    #[test]
    fn exact_sums() {
        for (n, x, ln_cdf, ln_pdf) in [
            (3, 0.4, -1.258781040820931, 0.6830968447064439),
            (20, 0.01, -74.52437470943549, -66.92347224989341),
            (20, 0.3, -7.127090915350834, -3.0826562845474283),
            (50, 0.21, -31.27264407961907, -25.841480635104684),
            (100, 0.45, -3.178878855128071, 1.1291144026255486),
            (100, 0.003, -484.1366559881571, -473.72234281185496),
            (256, 0.49, -1.2385589465853892, 2.9422586459876867),
            (256, 0.2, -161.50811283189117, -154.3924696514775),
            (256, 0.01, -926.6154203890636, -916.465072758596),
        ] {
            let law = Bates::new(n, 0.0, 1.0).unwrap();
            close(law.ln_cdf(x), ln_cdf, 4e-15);
            close(law.ln_pdf(x), ln_pdf, 4e-15);
            close(Bates::new(n, -1.0, 0.0).unwrap().ln_sf(-x), ln_cdf, 4e-15);
        }
    }

    /// Entropies by mpmath: piecewise quadrature of exact splines, printed by `tests/reference/make_composed.py`.
    #[test]
    fn entropies() {
        for (n, want) in [
            (3, -0.3793174358929172),
            (7, -0.7972207500169466),
            (12, -1.0662005423416565),
            (29, -1.5071999393430486),
            (30, -1.5241482230130545),
            (45, -1.7268612606821034),
        ] {
            close(Bates::new(n, 0.0, 1.0).unwrap().entropy(), want, 2e-15);
        }
    }
}
