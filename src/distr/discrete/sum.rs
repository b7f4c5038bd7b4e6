//! Sums over integers of a function that is smooth between them, at a cost that grows with the logarithm of their number.

use crate::quadrature::integrate;
use crate::scalar::{Jet, Scalar, math};
use crate::special::ln_1p_minus;
use core::f64::consts::TAU;

/// From a width of this many integers on, the middle of a sum is an integral.
const WIDE: f64 = 200.0;

/// An end this many widths away is out of sight.
const FAR: f64 = 30.0;

/// How many terms at an end of the range are added one by one before the integral takes over.
const END: f64 = 256.0;

/// How many terms are added one by one at the most.
const DIRECT: f64 = 20_000.0;

/// Coefficients of the forward differences in Gregory's formula, Σ_(k>=0) f(k) = ∫_0 f + f(0)/2 - Δf(0)/12 + Δ²f(0)/24 - ...:
/// the coefficients of z/ln(1 + z).
const GREGORY: [f64; 6] = [-1.0 / 12.0, 1.0 / 24.0, -19.0 / 720.0, 3.0 / 160.0, -863.0 / 60480.0, 275.0 / 24192.0];

/// Where the terms of a sum are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bulk {
    /// An integer where the terms are large.
    pub centre: f64,
    /// On what scale they change: a standard deviation.
    pub width: f64,
}

impl Bulk {
    /// That of a law with this mean and variance.
    pub fn of<S: Scalar>(mean: S, variance: S) -> Self {
        Bulk { centre: math::floor(mean.re()), width: math::sqrt(variance.re()) }
    }
}

/// ln Σ e^(ln f(k)), which neither underflows nor overflows; derivatives follow the term nearest to the bulk.
pub(crate) fn ln_sum<S: Scalar>(low: f64, high: f64, bulk: Bulk, ln_f: impl Fn(f64) -> S) -> S {
    let top = ln_f(bulk.centre.clamp(low, high));
    sum(low, high, bulk, |k| (ln_f(k) - top).exp()).ln() + top
}

/// From this variance and to this square of the skewness, two terms of the expansion of an entropy are all of it.
const NORMAL: (f64, f64) = (1e8, 1e-8);

/// The entropy of a law that is a sum of many independent ones, if they are many enough: (1 + ln 2π + ln variance)/2 - skewness²/12 (the
/// Edgeworth expansion), where sums of masses would cancel in second derivatives.
pub(crate) fn entropy_of_many<S: Scalar>(variance: S, skewness_squared: S) -> Option<S> {
    let many = variance.re() >= NORMAL.0 && skewness_squared.re() <= NORMAL.1;
    many.then(|| ((variance * TAU).ln() + 1.0) * 0.5 - skewness_squared / 12.0)
}

/// The entropy of a law with this logarithm of the mass.
pub(crate) fn entropy_sum<S: Scalar>(low: f64, high: f64, bulk: Bulk, ln_mass: impl Fn(f64) -> S) -> S {
    sum(low, high, bulk, |k| {
        let ln = ln_mass(k);
        // where the mass underflows so does its entropy
        if ln.re() < -740.0 { S::from(0.0) } else { -ln * ln.exp() }
    })
}

/// E[g(X)] for a law with this logarithm of the mass; the sum ends where the masses end.
pub(crate) fn expectation<S: Scalar>(
    low: f64,
    high: f64,
    bulk: Bulk,
    ln_mass: impl Fn(f64) -> S,
    g: impl Fn(f64) -> S,
) -> S {
    let both = sum(low, high, bulk, |k| {
        let ln = ln_mass(k);
        let mass = if ln.re() < -740.0 { S::from(0.0) } else { ln.exp() };
        Jet { re: mass, eps: [if mass.re() == 0.0 { mass } else { mass * g(k) }] }
    });
    both.eps[0]
}

/// The logarithms of two masses p and q, and of r = q/p, which may be known better than their difference.
#[derive(Clone, Copy)]
pub(crate) struct LnMasses<S> {
    pub p: S,
    pub q: S,
    pub r: S,
}

impl<S: Scalar> LnMasses<S> {
    pub fn of(p: S, q: S) -> Self {
        LnMasses { p, q, r: q - p }
    }
}

/// The Kullback-Leibler divergence of the second law from the first, whose support is not larger, by the logarithms of their masses.
///
/// Two sums in one pass, which ends where the masses end and not where a sum does: Σ p ln(p/q), and where that is small and cancels,
/// Σ p (r - 1 - ln r) with r = q/p, to which `rest`, what the second law has outside of the first one's support, belongs.
pub(crate) fn divergence_sum<S: Scalar>(
    low: f64,
    high: f64,
    bulk: Bulk,
    rest: S,
    ln: impl Fn(f64) -> LnMasses<S>,
) -> S {
    let both = sum(low, high, bulk, |k| {
        let ln = ln(k);
        let (p, q) = (ln.p.exp(), ln.q.exp());
        let plain = if ln.p.re() < -740.0 { S::from(0.0) } else { -ln.r * p };
        Jet { re: p + q, eps: [plain, divergence_of_masses(ln)] }
    });
    let [plain, whole] = both.eps;
    if plain.re() < 0.1 { whole + rest } else { plain }
}

/// p (r - 1 - ln r) with r = q/p.
pub(crate) fn divergence_of_masses<S: Scalar>(ln: LnMasses<S>) -> S {
    if ln.p.re() < -740.0 {
        return ln.q.exp();
    }
    if ln.q.re() == f64::NEG_INFINITY {
        return S::from(f64::INFINITY);
    }
    let p = ln.p.exp();
    if ln.r.re().abs() < 1.0 {
        -p * ln_1p_minus(ln.r.exp_m1())
    } else if ln.r.re() < 30.0 {
        p * (ln.r.exp_m1() - ln.r)
    } else {
        ln.q.exp() - p * (ln.r + 1.0)
    }
}

/// Σ f(k) over the integers from `low` to `high`, either of which may be infinite, for f that falls from the bulk towards the ends
/// or changes there like a power of the distance.
///
/// With both ends far away by every h-th term, h a quarter of the width: the trapezoidal rule, whose error is of the order of
/// e^(-2 (π width/h)²). Else term by term up to a width of 200, until terms no longer count or are 20000; beyond, the terms at an end one by one
/// and the rest as an integral, joined by Gregory's formula.
pub(crate) fn sum<S: Scalar>(low: f64, high: f64, bulk: Bulk, f: impl Fn(f64) -> S) -> S {
    let far = bulk.width >= 16.0 && (high - bulk.centre).min(bulk.centre - low) >= FAR * bulk.width;
    if far {
        let stride = math::floor(0.25 * bulk.width);
        let start = f(bulk.centre);
        let sum = start + walk(bulk.centre, high, stride, start, &f) + walk(bulk.centre, low, -stride, start, &f);
        return sum * stride;
    }
    if bulk.width <= WIDE || high - low <= 4.0 * END {
        let centre = bulk.centre.clamp(low, high);
        let start = f(centre);
        return start + walk(centre, high, 1.0, start, &f) + walk(centre, low, -1.0, start, &f);
    }
    let centre = bulk.centre.clamp(low + 2.0 * END, high - 2.0 * END);
    let start = f(centre) * bulk.width;
    half(centre, high, 1.0, bulk.width, start, &f) + half(centre, low, -1.0, bulk.width, start, &f)
}

/// Whether a term is too small to count beside a sum.
fn negligible<S: Scalar>(term: S, sum: S) -> bool {
    term.re().abs() <= 1e-18 * sum.re().abs()
}

/// The terms beyond `from` up to `end`, in steps.
fn walk<S: Scalar>(from: f64, end: f64, step: f64, start: S, f: &impl Fn(f64) -> S) -> S {
    let mut sum = S::from(0.0);
    let (mut k, mut n, mut small) = (from, 0.0, 0);
    while (end - k) / step >= 1.0 && n < DIRECT && small < 8 {
        k += step;
        n += 1.0;
        let term = f(k);
        sum += term;
        small = if negligible(term, start + sum) { small + 1 } else { 0 };
    }
    if n == DIRECT && small < 8 && step.abs() == 1.0 && (end - k).abs() >= 4.0 * END {
        // a tail like a power of the distance, which the width does not tell
        sum += half(k, end, step, n, start + sum, f) - f(k) * 0.5 - end_correction(k, step, f);
    }
    sum
}

/// The terms from the centre towards one end, half of the centre's own among them.
fn half<S: Scalar>(centre: f64, end: f64, step: f64, width: f64, start: S, f: &impl Fn(f64) -> S) -> S {
    let mut sum = S::from(0.0);
    let (mut from, mut length, mut small) = (centre, width, 0);
    loop {
        let room = (end - from).abs();
        if room <= 2.0 * END {
            let beyond = (1..=room as u32).fold(S::from(0.0), |sum, j| sum + f(from + step * f64::from(j)));
            return sum + f(from) * 0.5 + end_correction(from, step, f) + beyond;
        }
        // the rule follows an exponential over a dozen of its lengths
        let (here, next) = (f(from).re(), f(from + step).re());
        let slope = (math::ln(next / here)).abs();
        if slope > 0.0 && slope < f64::INFINITY {
            length = length.min(12.0 / slope);
        }
        // no further than half way to the end, beside which a power of the distance may be
        let to = from + step * math::floor(length.min(0.5 * room)).max(1.0);
        let part = integrate(S::from(0.0), S::from((to - from).abs()), 1, |d: S| at(from, step * d.re(), f));
        sum += part;
        from = to;
        length *= 1.25;
        small = if negligible(part, start + sum) { small + 1 } else { 0 };
        if small == 2 || from.abs() > 1e300 {
            return sum;
        }
    }
}

/// f(from + d): where that rounds to a place that is off by much of the function's width, corrected by its slope.
fn at<S: Scalar>(from: f64, d: f64, f: &impl Fn(f64) -> S) -> S {
    let x = from + d;
    if from.abs() < 1e3 * d.abs() {
        return f(x);
    }
    let error = d - (x - from);
    f(x) + (f(x + 1.0) - f(x - 1.0)) * (0.5 * error)
}

/// What the terms up to and at a point, the last by half, have more than the integral up to there.
fn end_correction<S: Scalar>(from: f64, step: f64, f: &impl Fn(f64) -> S) -> S {
    let mut differences: [S; GREGORY.len() + 1] = core::array::from_fn(|j| f(from + step * j as f64));
    let mut sum = S::from(0.0);
    for (order, c) in GREGORY.iter().enumerate() {
        for j in 0..GREGORY.len() - order {
            differences[j] = differences[j + 1] - differences[j];
        }
        sum -= differences[0] * *c;
    }
    sum
}
