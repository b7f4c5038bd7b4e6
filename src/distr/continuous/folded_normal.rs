//! The folded normal law.

use crate::distr::form::{Asked, NearEnd, at_certainty, with_ends};
use crate::distr::{Continuous, parameters};
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::{LawError, is_probability};
use crate::scalar::{Scalar, math};
use crate::special;
use crate::special::mean_softplus;
use core::f64::consts::{FRAC_1_SQRT_2, LN_2};
use rand::Rng;
use rand::distr::Distribution;

/// The [folded normal law](https://en.wikipedia.org/wiki/Folded_normal_distribution): |Y| with Y normal of mean μ and standard
/// deviation σ.
///
/// # Density function
/// f(x) = (φ((x - μ)/σ) + φ((x + μ)/σ)) / σ for x >= 0, φ the standard normal density.
///
/// # Derivatives
/// A draw is z = |y|, y = μ + σ ε with standard normal ε: dz/dμ = sign y and dz/dσ = ε sign y. The derivatives of
/// [`Continuous::quantile`] at fixed p are others, dz/dμ = tanh(μ z/σ²) among them, the mean of the former given z: both are
/// derivatives of draws of this law, coupled differently over the parameters, and expectations have one gradient. A draw has
/// no derivative at y = 0, which has probability 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mu, sigma] = Jet::variables([1.0, 0.5]);
/// let z = FoldedNormal::new(mu, sigma)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0].abs(), 1.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The law is the same for μ and -μ. The distribution function is a sum of positive terms or a product in each of four regions, so that
/// neither a small x nor a small μ costs digits; the quantile is found by Newton's method on the smaller tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldedNormal<S> {
    mu: S,
    sigma: S,
}

/// x in the frame of the law, with a = |μ|/σ: x/σ, a, x/σ - a and x/σ + a.
struct Standardized<S> {
    z: S,
    a: S,
    below: S,
    above: S,
}

/// Which form of the distribution function is free of cancellation.
enum Region {
    /// x and μ small: an integral over [0, x].
    Small,
    /// μ small: an integral over [0, μ] on top of the half-normal law's tail.
    NearlyHalfNormal,
    /// x < |μ|: the lower tail of the nearer normal law, less the other's.
    Below,
    /// x >= |μ|: the upper tails of both.
    Above,
}

impl<S: Scalar> Standardized<S> {
    fn region(&self) -> Region {
        if (self.a * self.z).re() <= 1.0 {
            if self.z.re() <= 1.0 { Region::Small } else { Region::NearlyHalfNormal }
        } else if self.below.re() < 0.0 {
            Region::Below
        } else {
            Region::Above
        }
    }

    /// Whether the excess over the half-normal law is a small part, in either tail.
    fn is_nearly_half_normal(&self) -> bool {
        let (a, z) = (self.a.re(), self.z.re());
        a <= 0.1 && a * z <= 1.0 && z < 35.0
    }

    /// F/(2 φ(a)) = z ∫_0^1 cosh(a z t) exp(-(z t)²/2) dt.
    fn small(&self) -> S {
        let az = self.a * self.z;
        self.z * unit_integral(|t| (az * t).cosh() * (self.z * self.z * (-0.5 * t * t)).exp())
    }

    /// (1 - F - 2 Q(z))/(2 φ(z)) = a ∫_0^1 sinh(a z t) exp(-(a t)²/2) dt, Q the normal's upper tail.
    fn excess(&self) -> S {
        let az = self.a * self.z;
        self.a * unit_integral(|t| (az * t).sinh() * (self.a * self.a * (-0.5 * t * t)).exp())
    }

    /// Q(z + a)/Q(|z - a|), both in the same direction from their centres.
    fn tail_ratio(&self) -> S {
        let near = if self.below.re() < 0.0 { -self.below } else { self.below };
        (self.a * self.z * -2.0).exp() * special::normal_hazard(near).over(special::normal_hazard(self.above))
    }
}

/// Where |μ| x/σ² is above this, the fold's part is below exp(-40).
const NO_FOLD: f64 = 20.0;

/// ∫_0^1 f(t) dt by the Gauss-Legendre rule of eight points (nodes and weights: Abramowitz & Stegun, table 25.4).
fn unit_integral<S: Scalar>(f: impl Fn(f64) -> S) -> S {
    const RULE: [(f64, f64); 4] = [
        (0.1834346424956498, 0.362683783378362),
        (0.525532409916329, 0.31370664587788727),
        (0.7966664774136267, 0.22238103445337448),
        (0.9602898564975363, 0.10122853629037626),
    ];
    RULE.iter()
        .fold(S::from(0.0), |sum, &(node, weight)| sum + (f(0.5 - 0.5 * node) + f(0.5 + 0.5 * node)) * (0.5 * weight))
}

parameters! {
    FoldedNormal, "folded_normal", "a folded normal law";
    /// The law of |Y|, Y normal with mean μ and standard deviation σ.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(FoldedNormal::new(0.5, 1.0).unwrap().mode(), Some(0.0));
    /// assert_eq!(FoldedNormal::new(0.0, -1.0).unwrap_err().parameter(), "sigma");
    /// ```
    new(mu: REAL, sigma: POSITIVE)
}

impl<S: Scalar> FoldedNormal<S> {
    /// |μ|, smooth at 0 for the even functions that it goes into.
    fn centre(&self) -> S {
        if self.mu.re() < 0.0 { -self.mu } else { self.mu }
    }

    /// `f` of the standardized x; a limit at or below 0 and where x/σ is infinite.
    fn at(&self, x: S, at_zero: f64, at_infinity: f64, f: impl Fn(Standardized<S>) -> S) -> S {
        if x.re() <= 0.0 {
            return S::from(at_zero);
        }
        let standardized = self.standardize(x);
        // beyond it squares are beyond the doubles, and so is the logarithm of the tail
        if standardized.z.re() > 2e154 { S::from(at_infinity) } else { f(standardized) }
    }

    fn with_ends(&self, x: S, asked: Asked, answer: impl FnOnce(S) -> S) -> S {
        let near = |_, d| Some(NearEnd::smooth(self.ln_pdf(d)));
        with_ends(x, asked, || self.support(), near, answer)
    }

    fn standardize(&self, x: S) -> Standardized<S> {
        let (m, sigma) = (self.centre(), self.sigma);
        Standardized { z: x.over(sigma), a: m.over(sigma), below: (x - m).over(sigma), above: (x + m).over(sigma) }
    }

    /// The Newton step to x = |μ| + σ n(x), n being the normal quantile that the fold shifts by a little: so written, the
    /// second derivatives are as small as the fold's part in them. `folded` is 1 ± [`Standardized::tail_ratio`].
    fn step_beside_fold(&self, x: S, n: S, folded: S, at: &Standardized<S>) -> S {
        let slope = ((at.a * at.z * -2.0).exp() + 1.0).over(folded);
        (x - self.centre() - self.sigma * n).with_re(0.0).over(slope)
    }

    /// The same law in `f64` with σ = 1 and μ >= 0.
    fn unit(&self) -> FoldedNormal<f64> {
        FoldedNormal { mu: self.mu.re().abs() / self.sigma.re(), sigma: 1.0 }
    }

    /// The same to x = σ n(x), n being the quantile of the half-normal law that a small μ shifts by a little.
    fn step_beside_half_normal(&self, x: S, n: S, at: &Standardized<S>) -> S {
        let slope = (at.a * at.a * -0.5).exp() * (at.a * at.z).cosh();
        (x - self.sigma * n).with_re(0.0).over(slope)
    }

    /// The x with F(x) = p, for p in (0, 1/2].
    fn lower_root(&self, p: S) -> S {
        let (unit, p0) = (self.unit(), p.re());
        let a = unit.mu;
        // from F = 2 φ(a) z + ... or from one of two bounds, the half-normal law and the law that is not folded
        let linear = p0 / (2.0 * special::normal_pdf(a));
        let unfolded = special::normal_quantile(p0);
        if a * (a + unfolded) > NO_FOLD {
            return self.sigma * special::normal_quantile(p) + self.centre();
        }
        let bound = (a + unfolded).max(special::erf_inv(p0) / FRAC_1_SQRT_2);
        let start = if linear.max(a * linear) < 0.5 { linear } else { bound };
        let z = find_root(0.0, a + 10.0, start, |z| {
            let cdf = unit.cdf(z);
            (math::ln(cdf / p0), unit.pdf(z) / cdf)
        });
        lift_root(z * self.sigma.re(), |x| {
            let at = self.standardize(x);
            if let Region::Below = at.region() {
                let folded = -at.tail_ratio() + 1.0;
                return self.step_beside_fold(x, special::normal_quantile_ln(p.ln() - folded.ln()), folded, &at);
            }
            if at.is_nearly_half_normal() {
                let n = special::erf_inv(p + special::normal_pdf(at.z) * at.excess() * 2.0) / FRAC_1_SQRT_2;
                return self.step_beside_half_normal(x, n, &at);
            }
            let ln_cdf = self.ln_cdf(x);
            (ln_cdf - p.ln()).with_re(0.0) * (ln_cdf - self.ln_pdf(x)).exp()
        })
    }

    /// The x with ln(1 - F(x)) = `ln_q`, for `ln_q` finite and at most -ln 2.
    fn upper_root(&self, ln_q: S) -> S {
        let (unit, l) = (self.unit(), ln_q.re());
        let a = unit.mu;
        // Q(z - a) <= 1 - F(z) <= 2 Q(z - a)
        let low = a + special::normal_isf_ln(l);
        if a * low > NO_FOLD {
            return self.sigma * special::normal_isf_ln(ln_q) + self.centre();
        }
        let high = a + special::normal_isf_ln(l - LN_2);
        let z = find_root(low, high * (1.0 + 1e-9), if a < 1.0 { high } else { low * (1.0 + 1e-12) }, |z| {
            let ln_sf = unit.ln_sf(z);
            (ln_sf - l, -math::exp(unit.ln_pdf(z) - ln_sf))
        });
        lift_root(z * self.sigma.re(), |x| {
            let at = self.standardize(x);
            if let Region::Above = at.region() {
                let folded = at.tail_ratio() + 1.0;
                return self.step_beside_fold(x, special::normal_isf_ln(ln_q - folded.ln()), folded, &at);
            }
            if at.is_nearly_half_normal() {
                // Q(n) = q/2 - φ(z) times the excess, without squares of q that underflow
                let part = (special::normal_ln_pdf(at.z) + LN_2 - ln_q).exp() * at.excess();
                let n = special::normal_isf_ln(ln_q - LN_2 + (-part).ln_1p());
                return self.step_beside_half_normal(x, n, &at);
            }
            let ln_sf = self.ln_sf(x);
            -(ln_sf - ln_q).with_re(0.0) * (ln_sf - self.ln_pdf(x)).exp()
        })
    }
}

impl<S: Scalar> Distribution<S> for FoldedNormal<S> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        (self.sigma * noise::normal(rng) + self.mu).abs()
    }
}

impl<S: Scalar> Continuous<S> for FoldedNormal<S> {
    fn support(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf(&self, x: S) -> S {
        if x.re() < 0.0 || x.re().is_infinite() {
            return S::from(f64::NEG_INFINITY);
        }
        let m = self.centre();
        let (z, a) = (x.over(self.sigma), m.over(self.sigma));
        if z.re().is_infinite() {
            return S::from(f64::NEG_INFINITY);
        }
        let az = a * z;
        let ln_pdf = if az.re() < 1.0 {
            // 2 φ(z) exp(-a²/2) cosh(a z), cosh² = 1 + sinh²
            let sinh = az.sinh();
            special::normal_ln_pdf(z) + LN_2 - a * a * 0.5 + (sinh * sinh).ln_1p() * 0.5
        } else {
            special::normal_ln_pdf((x - m).over(self.sigma)) + (az * -2.0).exp().ln_1p()
        };
        if ln_pdf.re().is_infinite() { S::from(ln_pdf.re()) } else { ln_pdf - self.sigma.ln() }
    }
    fn cdf(&self, x: S) -> S {
        self.with_ends(x, Asked::Cdf, |x| {
            self.at(x, 0.0, 1.0, |at| match at.region() {
                Region::Small => at.small() * special::normal_pdf(at.a) * 2.0,
                Region::Below => special::normal_cdf(at.below) * (-at.tail_ratio() + 1.0),
                _ => -self.sf(x) + 1.0,
            })
        })
    }
    fn sf(&self, x: S) -> S {
        self.with_ends(x, Asked::Sf, |x| {
            self.at(x, 1.0, 0.0, |at| match at.region() {
                Region::NearlyHalfNormal => (special::normal_sf(at.z) + special::normal_pdf(at.z) * at.excess()) * 2.0,
                Region::Above => special::normal_sf(at.below) * (at.tail_ratio() + 1.0),
                _ => -self.cdf(x) + 1.0,
            })
        })
    }
    fn ln_cdf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnCdf, |x| {
            self.at(x, f64::NEG_INFINITY, 0.0, |at| match at.region() {
                Region::Small => at.small().ln() + special::normal_ln_pdf(at.a) + LN_2,
                Region::Below => special::normal_ln_cdf(at.below) + (-at.tail_ratio()).ln_1p(),
                _ => (-self.sf(x)).ln_1p(),
            })
        })
    }
    fn ln_sf(&self, x: S) -> S {
        self.with_ends(x, Asked::LnSf, |x| {
            self.at(x, 0.0, f64::NEG_INFINITY, |at| match at.region() {
                Region::NearlyHalfNormal => {
                    special::normal_ln_sf(at.z) + (special::normal_hazard(at.z) * at.excess()).ln_1p() + LN_2
                }
                Region::Above => special::normal_ln_sf(at.below) + at.tail_ratio().ln_1p(),
                _ => (-self.cdf(x)).ln_1p(),
            })
        })
    }
    fn quantile(&self, p: S) -> S {
        let quantile = |p: S| match p.re() {
            _ if !is_probability(p) => S::from(f64::NAN),
            0.0 => S::from(0.0),
            u if u > 0.5 => self.isf(-p + 1.0),
            _ => self.lower_root(p),
        };
        at_certainty(p, true, quantile, |x| self.pdf(x))
    }
    fn isf(&self, q: S) -> S {
        let isf = |q: S| match q.re() {
            _ if !is_probability(q) => S::from(f64::NAN),
            0.0 => S::from(f64::INFINITY),
            u if u >= 0.5 => self.quantile(-q + 1.0),
            _ => self.upper_root(q.ln()),
        };
        at_certainty(q, false, isf, |x| self.pdf(x))
    }
    fn quantile_ln(&self, ln_p: S) -> S {
        let quantile_ln = |ln_p: S| {
            if ln_p.re() > -LN_2 { self.isf(-ln_p.exp_m1()) } else { self.quantile(ln_p.exp()) }
        };
        at_certainty(ln_p, true, quantile_ln, |x| self.pdf(x))
    }
    fn isf_ln(&self, ln_q: S) -> S {
        let isf_ln = |ln_q: S| match ln_q.re() {
            f64::NEG_INFINITY => S::from(f64::INFINITY),
            l if l > -LN_2 => self.quantile(-ln_q.exp_m1()),
            l if l.is_nan() => S::from(l),
            _ => self.upper_root(ln_q),
        };
        at_certainty(ln_q, false, isf_ln, |x| self.pdf(x))
    }
    /// 2 σ φ(a) + |μ| erf(a/sqrt 2), a = |μ|/σ
    fn mean(&self) -> Option<S> {
        let a = self.centre().over(self.sigma);
        Some(self.sigma * special::normal_pdf(a) * 2.0 + self.centre() * special::erf(a * FRAC_1_SQRT_2))
    }
    /// σ² (1 - d (2 a + d)) with d = (mean - |μ|)/σ = 2 φ(a) (h(a) - a)/h(a), h the normal's hazard; for small a = |μ|/σ the mean square
    /// σ² + μ² less the square of the mean, whose slope is of the size of a
    fn variance(&self) -> Option<S> {
        let a = self.centre().over(self.sigma);
        if a.re() < 1.0 {
            let mean = self.mean()?;
            return Some(self.sigma * self.sigma + self.centre() * self.centre() - mean * mean);
        }
        let d = special::normal_pdf(a) * special::normal_hazard_excess(a).over(special::normal_hazard(a)) * 2.0;
        Some(self.sigma * self.sigma * (-d * (a * 2.0 + d) + 1.0))
    }
    /// ln(σ sqrt(2πe)) - E[ln(1 + exp(-2 a (a + N)))], N standard normal
    fn entropy(&self) -> S {
        let normal = self.sigma.ln() + 1.4189385332046727;
        let a = self.centre().over(self.sigma);
        // nothing is left of the fold beyond
        if a.re() > 40.0 { normal } else { normal - mean_softplus(a * a * -2.0, a * 2.0) }
    }
    /// 0 for |μ| <= σ; beyond, the largest root of z = a tanh(a z)
    fn mode(&self) -> Option<S> {
        let unit = self.unit();
        let a = unit.mu;
        if a <= 1.0 {
            return Some(S::from(0.0));
        }
        let root = find_root(math::acosh(a) / a, a, a * math::tanh(a * a), |z| {
            let t = math::tanh(a * z);
            (z - a * t, 1.0 - a * a * (1.0 - t * t))
        });
        let a = self.centre().over(self.sigma);
        let z = lift_root(root, |z: S| {
            let t = (a * z).tanh();
            (z - a * t).over(a * a * (t * t - 1.0) + 1.0)
        });
        Some(self.sigma * z)
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 5e-15 * want.abs(), "{got} for {want}");
    }

    // values: mpmath, by quadrature and root finding at 60 digits
    #[test]
    fn moments() {
        for (mu, sigma, mean, variance, entropy, mode) in [
            (0.0, 2.0, 1.5957691216057307, 1.4535209105296746, 1.4189385332046727, 0.0),
            (0.5, 1.0, 0.8955931148026121, 0.44791297271815534, 0.8372128348294636, 0.0),
            (-1.5, 1.0, 1.5586135875252093, 0.8207236847817969, 1.252568659166101, 1.4632437386096905),
            (3.0, 0.75, 3.0000107178876486, 0.5624356925592352, 1.1311629256758664, 2.999999999999924),
            (-8.0, 1.0, 8.0000000000000002, 0.9999999999999976, 1.418938533204671, 8.0),
            (1000.0, 0.5, 1000.0, 0.25, 0.7257913526447274, 1000.0),
        ] {
            let law = FoldedNormal::new(mu, sigma).unwrap();
            close(law.mean().unwrap(), mean);
            close(law.variance().unwrap(), variance);
            close(law.entropy(), entropy);
            close(law.mode().unwrap(), mode);
        }
    }

    #[test]
    fn tails() {
        // (a, F(1e-300), ln(1 - F(40)))
        for (mu, cdf, ln_sf) in [
            (0.0, 7.978845608028655e-301, -803.9152948331938),
            (0.001, 7.978841618606847e-301, -803.9144945475921),
            (1.0, 4.839414490382867e-301, -765.0831565643775),
            (3.0, 8.863696823876014e-303, -689.0305855768906),
        ] {
            let law = FoldedNormal::new(mu, 1.0).unwrap();
            close(law.cdf(1e-300), cdf);
            close(law.quantile(cdf), 1e-300);
            close(law.ln_sf(40.0), ln_sf);
            close(law.isf_ln(ln_sf), 40.0);
        }
    }

    // the derivative at fixed probability is tanh(μ z/σ²), to full relative accuracy where it is small
    #[test]
    fn coupling_of_quantiles() {
        for (mu, p) in [(1e-8, 0.3), (1e-8, 0.9), (-1e-5, 0.999), (0.7, 0.01), (2.0, 0.6), (-30.0, 1e-9)] {
            let [m, s] = Jet::variables([mu, 2.0]);
            let x = FoldedNormal::new(m, s).unwrap().quantile(p.into());
            close(x.eps[0], (mu * x.re / 4.0).tanh());
        }
        // even in μ
        let [m] = Jet::second_order([0.0]);
        let x = FoldedNormal::new(m, 1.0.into()).unwrap().quantile(0.7.into());
        assert_eq!(x.re.eps, [0.0]);
        close(x.eps[0].eps[0], x.re.re);
    }

    /// Far outside, where x/σ is no double and μ/σ may be 0.
    #[test]
    fn no_density_far_out() {
        for (mu, sigma, x) in
            [(0.0, 1e-20, 1e300), (0.0, 0.1855, f64::MAX), (1e-300, 1e-150, 1e160), (-3.0, 1e-10, 1e305)]
        {
            let law = FoldedNormal::new(mu, sigma).unwrap();
            assert_eq!((law.ln_pdf(x), law.pdf(x)), (f64::NEG_INFINITY, 0.0));
            let [mu, sigma, x] = Jet::second_order([mu, sigma, x]);
            let (_, slopes, curvatures) = FoldedNormal::new(mu, sigma).unwrap().pdf(x).hessian();
            assert!(slopes.iter().chain(curvatures.as_flattened()).all(|d| *d == 0.0));
        }
    }
}
