//! The law of the cosine w = μ·x of a vector x of the unit sphere in R^p whose density is proportional to e^(κ w).
//!
//! With S = (1 - w)/2 its density is proportional to e^(-2κS) (S (1 - S))^(α - 1), α = (p - 1)/2; for p = 2 it is that of the
//! von Mises law, S = sin²(θ/2).

use crate::implicit::{Flow, lift_along};
use crate::scalar::taylor::{self, ZERO};
use crate::scalar::{MAX_ORDER, Scalar, math};
use crate::special::bessel::cumulants;
use crate::special::von_mises::parts::{Angle, is_negligible, tail_integral};
use crate::special::{ln_beta, ln_gamma};

/// The normalizing constant and the mean of the cosine, with all derivatives in κ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cosine {
    alpha: f64,
    /// ln E[e^(κ (w - 1))] for x uniform on the sphere: ln(Γ(ν + 1) (2/κ)^ν e^-κ I_ν(κ)), ν = p/2 - 1.
    ln_z: f64,
    /// The Taylor coefficients of 1 - A(κ) = E[1 - w].
    complement: [f64; MAX_ORDER + 2],
}

impl Cosine {
    /// For κ >= 0 and p >= 2 dimensions; derivatives up to an order that a scalar may have.
    pub fn new(dimensions: usize, kappa: f64, order: usize) -> Self {
        let alpha = 0.5 * (dimensions as f64 - 1.0);
        let Moments { about, moments, ln_z } = if kappa <= MOST_OF_SERIES {
            Moments::by_series(alpha, kappa, order + 2)
        } else if alpha <= 10.0 && kappa >= 20.0 + alpha * alpha {
            Moments::by_expansion(alpha, kappa, order + 2)
        } else {
            Moments::by_quadrature(alpha, kappa, order + 2)
        };
        let total = moments[0];
        // about the mean; from those the cumulants: A = κ_1, A' = κ_2, ...
        let shift = moments[1] / total;
        let mut central = [0.0; MAX_ORDER + 3];
        for m in 2..=order + 2 {
            let mut weight = 1.0;
            for j in 0..=m {
                central[m] += weight * moments[m - j] / total;
                weight *= -shift * (m - j) as f64 / (j + 1) as f64;
            }
        }
        let mut complement = [0.0; MAX_ORDER + 2];
        complement[0] = about - shift;
        let kappas = cumulants(&central, order + 2);
        let mut factorial = 1.0;
        for n in 1..=order + 1 {
            factorial *= n as f64;
            complement[n] = -kappas[n + 1] / factorial;
        }
        Cosine { alpha, ln_z, complement }
    }

    /// The function whose Taylor coefficients these are, at κ.
    fn lift<S: Scalar>(coefficients: &[f64], kappa: S) -> S {
        let mut d = ZERO;
        d[..=S::ORDER].copy_from_slice(&coefficients[..=S::ORDER]);
        taylor::to_derivatives(&mut d, S::ORDER);
        kappa.lift(&d)
    }

    /// ln E[e^(κ (w - 1))] for x uniform on the sphere.
    pub fn ln_z<S: Scalar>(&self, kappa: S) -> S {
        let mut c = [self.ln_z; MAX_ORDER + 2];
        for (k, b) in self.complement.iter().enumerate().take(S::ORDER) {
            c[k + 1] = -b / (k + 1) as f64;
        }
        Self::lift(&c, kappa)
    }

    /// 1 - A(κ) = E[1 - w].
    pub fn complement<S: Scalar>(&self, kappa: S) -> S {
        Self::lift(&self.complement, kappa)
    }

    /// A(κ) = E[w] = I_(ν+1)(κ)/I_ν(κ); for small κ by the continued fraction of the ratio (DLMF 10.33.1).
    pub fn mean<S: Scalar>(&self, kappa: S) -> S {
        let k = kappa.re();
        let mean = -self.complement(kappa) + 1.0;
        if k > 1.0 {
            return mean;
        }
        let p = 2.0 * self.alpha + 1.0;
        mean.with_re((0..12).rev().fold(0.0, |r, j| k / (p + 2.0 * j as f64 + k * r)))
    }

    /// A'(κ) = E[(w - A)²].
    pub fn variance<S: Scalar>(&self, kappa: S) -> S {
        let mut c = self.complement;
        for (k, b) in self.complement.iter().enumerate().skip(1) {
            c[k - 1] = -b * k as f64;
        }
        Self::lift(&c, kappa)
    }

    /// S = (1 - w)/2 of a draw, with its derivatives in whatever κ depends on; `c` is 1 - S.
    #[inline]
    pub fn lift_draw<S: Scalar>(&self, kappa: S, s: f64, c: f64) -> S {
        lift_along(s, kappa, &CosineFlow { law: self, c })
    }
}

/// Up to this κ the power series has 30 terms or less, and 1 - A not much fewer digits than A.
const MOST_OF_SERIES: f64 = 10.0;

/// Moments of w, up to a common factor, about 1 - `about`.
struct Moments {
    about: f64,
    moments: [f64; MAX_ORDER + 3],
    ln_z: f64,
}

impl Moments {
    /// E[w^m e^(κ w)] for w of the uniform law: Σ E[w^(m+n)] κ^n/n!, with even powers of w alone, E[w^2k] = Π (2i + 1)/(p + 2i)
    /// over i < k. All terms are positive.
    fn by_series(alpha: f64, kappa: f64, highest: usize) -> Self {
        let p = 2.0 * alpha + 1.0;
        let square = kappa * kappa;
        let mut moments = [0.0; MAX_ORDER + 3];
        let mut even = 1.0;
        for (m, moment) in moments.iter_mut().enumerate().take(highest + 1) {
            // the exponent of w in the term: m, or m + 1 with n = 1
            let (mut power, mut n) = (m as f64, 0.0);
            if m % 2 == 1 {
                even *= power / (p + power - 1.0);
                (power, n) = (power + 1.0, 1.0);
            }
            let mut term = if n == 0.0 { even } else { even * kappa };
            *moment = term;
            while term > 1e-18 * *moment {
                term *= square * (power + 1.0) / ((p + power) * ((n + 1.0) * (n + 2.0)));
                *moment += term;
                (power, n) = (power + 2.0, n + 2.0);
            }
        }
        Moments { about: 1.0, moments, ln_z: math::ln(moments[0]) - kappa }
    }

    /// E[(w - 1)^m e^(κ (w - 1))] = (-2)^m B(α + m, α)/B(α, α) M(α + m, 2α + m, -2κ) by the expansion of Kummer's function for large
    /// arguments (DLMF 13.7.1): what it leaves out is e^-2κ of it, and it ends where p is odd.
    fn by_expansion(alpha: f64, kappa: f64, highest: usize) -> Self {
        let mut moments = [0.0; MAX_ORDER + 3];
        let mut front = 1.0;
        for (m, moment) in moments.iter_mut().enumerate().take(highest + 1) {
            let a = alpha + m as f64;
            let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
            while n < 60.0 && f64::abs(term) > 1e-18 {
                term *= (n + 1.0 - alpha) * (a + n) / ((n + 1.0) * (2.0 * kappa));
                sum += term;
                n += 1.0;
            }
            *moment = front * sum;
            front *= -a / kappa;
        }
        let ln_front = ln_gamma(2.0 * alpha) - ln_gamma(alpha) - alpha * math::ln(2.0 * kappa);
        Moments { about: 0.0, moments, ln_z: ln_front + math::ln(moments[0]) }
    }

    /// In t = artanh w the density is e^(κ w) / cosh(t)^(p - 1): the trapezoidal rule gives its integrals to all digits
    /// (Trefethen & Weideman 2014, "The exponentially convergent trapezoidal rule", SIAM Review 56), and all terms are positive.
    fn by_quadrature(alpha: f64, kappa: f64, highest: usize) -> Self {
        let grid = Grid::new(alpha, kappa);
        // about the value at the top
        let mut moments = [0.0; MAX_ORDER + 3];
        grid.for_each(|weight, distance| {
            let mut term = weight;
            moments[0] += term;
            for m in &mut moments[1..=highest] {
                term *= grid.distance - distance;
                *m += term;
            }
        });
        let ln_z = math::ln(moments[0] * grid.step) + grid.ln_top - ln_beta(0.5, alpha);
        Moments { about: grid.distance, moments, ln_z }
    }
}

/// The grid of the trapezoidal rule in t = artanh w, around the top of the density.
struct Grid {
    alpha: f64,
    kappa: f64,
    step: f64,
    /// e^2t = (1 + w)/(1 - w) at the top, 1 - w there, and the logarithm of the density there.
    odds: f64,
    distance: f64,
    ln_top: f64,
}

impl Grid {
    fn new(alpha: f64, kappa: f64) -> Self {
        let ratio = kappa / alpha;
        let odds = ratio + math::sqrt(1.0 + ratio * ratio);
        let distance = 2.0 / (1.0 + odds);
        // the curvature of the logarithm: the rule resolves a Gaussian of its width, and functions of t whose poles are π/4 away
        let curvature = 2.0 * (distance * (2.0 - distance)) * (kappa * (1.0 - distance) + alpha);
        let step = (0.35 / math::sqrt(curvature)).min(0.1);
        Grid { alpha, kappa, step, odds, distance, ln_top: ln_density(alpha, kappa, odds, distance) }
    }

    /// Every point whose weight matters, relative to the top, as (weight, 1 - w).
    fn for_each(&self, mut f: impl FnMut(f64, f64)) {
        for (factor, mut odds) in [(math::exp(2.0 * self.step), self.odds), (math::exp(-2.0 * self.step), self.odds)] {
            if factor < 1.0 {
                odds *= factor;
            }
            // the slowest decay, e^-|t| for p = 2, ends after some 900
            for _ in 0..2000 {
                let distance = 2.0 / (1.0 + odds);
                let ln = ln_density(self.alpha, self.kappa, odds, distance) - self.ln_top;
                // high powers of a distance that may still grow matter longer
                if ln < if self.kappa * distance > 10.0 { -60.0 } else { -40.0 } {
                    break;
                }
                f(math::exp(ln), distance);
                odds *= factor;
            }
        }
    }
}

/// κ (w - 1) - (p - 1) ln cosh t.
#[inline]
fn ln_density(alpha: f64, kappa: f64, odds: f64, distance: f64) -> f64 {
    alpha * math::ln(odds * distance * distance) - kappa * distance
}

/// dS/dκ at a fixed value of the distribution function: -∫ w (1 - A - 2σ) dσ over [0, S] or minus that over [S, 1], where
/// w(σ) = e^(-2κ(σ - S)) (σ (1 - σ)/(S (1 - S)))^(α - 1).
struct CosineFlow<'a> {
    law: &'a Cosine,
    c: f64,
}

impl Flow for CosineFlow<'_> {
    #[inline]
    fn slope<S: Scalar>(&self, kappa: S, s: S) -> S {
        let (alpha, b) = (self.law.alpha, self.law.complement(kappa));
        let c = (-s + 1.0).with_re(self.c);
        let sums = |f: fn(S, S, f64, f64) -> S, x: S| {
            (f(kappa, x, alpha, 2.0 * alpha), f(kappa, x, alpha + 1.0, 2.0 * alpha + 1.0))
        };
        // beyond the mean and a standard deviation of S the integral over [0, S] is a small difference
        let near = 0.5 * (self.law.complement[0] + math::sqrt(-self.law.complement[1]));
        if s.re() <= near.min(0.6) {
            let (all, distances) = sums(low_sum, s);
            s * c * (s * distances * 2.0 - b * all)
        } else if c.re() < 0.6 && kappa.re() * c.re() < 20.0 {
            let (all, rests) = sums(high_sum, c);
            s * c * (kappa * c * -2.0).exp() * (c * rests * 2.0 - (-b + 2.0) * all)
        } else {
            let at = Angle::from_squares(s, c);
            let power = alpha - 0.5;
            let (sc, rise) = (s * c, rise(power, kappa.re(), s.re(), c.re()));
            let integral = tail_integral(kappa, &at, rise, |t| {
                let w = ((t * (-t + 1.0)).over(sc).ln() * power).exp();
                (b - t * 2.0) * w
            });
            at.sine * at.cosine * integral
        }
    }
}

/// Σ y_n with (n + m) y_n = ((n - 1 + k) S + x) y_(n-1) - x S y_(n-2), y_0 = 1/m and x = 2κS.
///
/// For m = α, k = 2α: ∫ w dσ = S (1 - S) Σ. For m = α + 1, k = 2α + 1: ∫ w σ dσ = S² (1 - S) Σ; both over [0, S], all
/// terms positive.
fn low_sum<S: Scalar>(kappa: S, s: S, m: f64, k: f64) -> S {
    let x = kappa * s * 2.0;
    let xs = x * s;
    let (mut last, mut y) = (S::from(0.0), S::from(1.0 / m));
    let (mut sum, mut n) = (y, 0.0);
    while n < MOST_TERMS {
        let next = ((s * (n + k) + x) * y - xs * last) * (1.0 / (n + 1.0 + m));
        (last, y) = (y, next);
        n += 1.0;
        sum += y;
        if is_negligible(n, y.re(), sum.re()) {
            break;
        }
    }
    sum
}

/// Σ y_n with (n + m) y_n = (n - 1 + k) c y_(n-1) + x^n/n!, y_0 = 1/m, c = 1 - S and x = 2κc.
///
/// For m = α, k = 2α: ∫ w dσ = e^-x S c Σ. For m = α + 1, k = 2α + 1: ∫ w (1 - σ) dσ = e^-x S c² Σ; both over [S, 1].
fn high_sum<S: Scalar>(kappa: S, c: S, m: f64, k: f64) -> S {
    let x = kappa * c * 2.0;
    let (mut power, mut y) = (S::from(1.0), S::from(1.0 / m));
    let (mut sum, mut n) = (y, 0.0);
    while n < MOST_TERMS {
        n += 1.0;
        power *= x * (1.0 / n);
        y = (c * (n - 1.0 + k) * y + power) * (1.0 / (n + m));
        sum += y;
        if n > x.re() && is_negligible(n, y.re(), sum.re()) {
            break;
        }
    }
    sum
}

/// For large α the terms grow slowly past the mean: some 8 sqrt(α) of them count.
const MOST_TERMS: f64 = 20_000.0;

/// How far above S the logarithm of e^(-2κ(σ - S)) (σ (1 - σ)/(S c))^power has fallen to -38; concave, it falls from S on.
fn rise(power: f64, kappa: f64, s: f64, c: f64) -> f64 {
    let slope = 2.0 * kappa - power * (1.0 / s - 1.0 / c);
    let curvature = power * (1.0 / (s * s) + 1.0 / (c * c));
    let mut d = 76.0 / (slope + math::sqrt(slope * slope + 76.0 * curvature));
    for _ in 0..3 {
        if d >= c {
            return c;
        }
        let ln = power * (math::ln_1p(d / s) + math::ln_1p(-d / c)) - 2.0 * kappa * d;
        let slope = power * (1.0 / (s + d) - 1.0 / (c - d)) - 2.0 * kappa;
        d -= (ln + 38.0) / slope;
    }
    d.min(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Jet;

    /// Against the table of `tests/reference/make_special_sphere.py`: p from 2 to 300, κ from 1e-8 to 1e6.
    #[test]
    fn moments_and_motion() {
        // read here: a package has no tables to include
        let table = std::fs::read_to_string("tests/reference/special_sphere.csv").expect("a table of the repository");
        let mut worst = [0.0; 6];
        let mut at = [[0.0; 3]; 6];
        for line in table.lines().skip(1) {
            let row: std::vec::Vec<f64> = line.split(',').map(|x| x.parse().unwrap()).collect();
            let (p, kappa, s) = (row[0] as usize, row[1], row[2]);
            let law = Cosine::new(p, kappa, 2);
            let plain = Cosine::new(p, kappa, 0);
            let values = |law: &Cosine| [law.ln_z(kappa), law.complement(kappa), law.mean(kappa), law.variance(kappa)];
            assert_eq!(values(&plain), values(&law));
            let [k] = Jet::second_order([kappa]);
            let (b, b1, b2) = law.complement(k).hessian();
            let ln_z = law.ln_z(kappa);
            let (_, q, q2) = law.lift_draw(k, s, 1.0 - s).hessian();
            // where S is near 1 its rounding moves 1 - S
            let floor = 0.1 * row[7].abs() / (1.0 + kappa);
            let errors = [
                (ln_z - row[3]).abs() / row[3].abs().max(1.0),
                (b / row[4] - 1.0).abs(),
                (b1[0] / row[5] - 1.0).abs(),
                (b2[0][0] - row[6]).abs() / row[6].abs().max(1e-3 * row[5].abs() / (1.0 + kappa)),
                (q[0] / row[7] - 1.0).abs(),
                (q2[0][0] - row[8]).abs() / row[8].abs().max(floor),
            ];
            for i in 0..6 {
                if errors[i] > worst[i] || errors[i].is_nan() {
                    (worst[i], at[i]) = (errors[i], [row[0], kappa, s]);
                }
            }
        }
        std::println!("{worst:?} {at:?}");
        assert!(worst[0] < 1e-14 && worst[1] < 1e-14 && worst[2] < 1e-13 && worst[3] < 4e-12, "{worst:?}");
        assert!(worst[4] < 1e-12 && worst[5] < 1e-10, "{worst:?}");
    }
}
