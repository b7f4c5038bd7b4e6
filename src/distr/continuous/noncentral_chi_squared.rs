//! The noncentral chi-squared law.

use crate::distr::form::{ByRoot, Inverted, Moments, NearEnd, Rooted, bounded, exp, law_of, tail_root};
use crate::distr::{PoissonSampler, parameters};
use crate::implicit::{Slopes, find_root, lift_along_all, lift_root};
use crate::noise;
use crate::noise::gamma::GammaSampler;
use crate::parameter::LawError;
use crate::quadrature::integrate;
use crate::scalar::{Scalar, math};
use crate::special::inc_gamma::{Point, central_slope, fraction_with_slope, is_central, ln_weight, series_with_slope};
use crate::special::{digamma, inc_gamma_ln_p, inc_gamma_ln_q, ln_gamma};
use core::f64::consts::LN_2;
use rand::Rng;

/// The [noncentral chi-squared law](https://en.wikipedia.org/wiki/Noncentral_chi-squared_distribution) with ν degrees of freedom and
/// noncentrality λ: of the squared length of a normal vector in ν dimensions, of identity covariance, whose mean has the length
/// sqrt(λ).
///
/// # Density function
/// f(x) = Σ_k w_k (x/2)^(a+k-1) e^(-x/2) / (2 Γ(a + k)) with a = ν/2 and the Poisson weights w_k = e^(-λ/2) (λ/2)^k / k!, for x > 0.
///
/// # Derivatives
/// At fixed u = F(z), with the density f_ν: dz/dλ = f_(ν+2)(z)/f_ν(z), and dz/dν is the mean of those of the gamma laws that are mixed,
/// given z; sums of positive terms in the stable direction of their recurrences. Higher ones follow from these. Defined everywhere.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [df, noncentrality] = Jet::variables([3.0, 2.0]);
/// let z = NoncentralChiSquared::new(df, noncentrality)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // both move draws to the right
/// assert!(z.eps[0] > 0.0 && z.eps[1] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is (N + sqrt(λ))² plus a chi-squared variable with ν - 1 degrees of freedom; for ν < 1 a chi-squared one with ν + 2 K degrees, K
/// Poisson. Tails are sums of Poisson weights times incomplete gamma functions, these by the recurrence in the stable direction, all
/// terms positive: some 20 sqrt(λ) of them count. Beyond x = 1e9 the upper tail is 0, and its quantiles are infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoncentralChiSquared<S> {
    df: S,
    noncentrality: S,
}

parameters! {
    NoncentralChiSquared, "noncentral_chi_squared", "a noncentral chi-squared law";
    /// The law with `df` degrees of freedom and this noncentrality.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// assert_eq!(NoncentralChiSquared::new(3.0, 2.0).unwrap().variance(), Some(14.0));
    /// assert!(NoncentralChiSquared::new(3.0, -1.0).is_err());
    /// ```
    new(df: [1e-2, 1e6], noncentrality: [1e-10, 1e5])
}

impl<S: Scalar> NoncentralChiSquared<S> {
    fn re(&self) -> NoncentralChiSquared<f64> {
        NoncentralChiSquared { df: self.df.re(), noncentrality: self.noncentrality.re() }
    }

    fn sums(&self, x: S) -> Sums<S> {
        let y = x * 0.5;
        // half of the smallest double is 0
        let ln_y = if y.re() > 0.0 { y.ln() } else { x.ln() - LN_2 };
        Sums::new(self.df * 0.5, self.noncentrality * 0.5, y, ln_y)
    }

    /// Whether the lower tail is the smaller, up to a part of the width.
    fn is_low(&self, x: S) -> bool {
        x.re() < self.df.re() + self.noncentrality.re()
    }
}

/// ν, λ and the logarithm of a tail move ln x; the sign is that of dF/d(tail).
struct Movement {
    sign: f64,
}

impl Slopes<3> for Movement {
    fn slopes<S: Scalar>(&self, [df, noncentrality, ln]: [S; 3], ln_x: S) -> [S; 3] {
        let ln_y = ln_x - LN_2;
        let sums = Sums::new(df * 0.5, noncentrality * 0.5, ln_y.exp(), ln_y);
        let (of_a, of_l) = sums.slopes();
        // a draw's tail is a constant, whatever it is
        let of_ln = if ln.re() < 0.0 { (ln - sums.ln_density().0 - ln_y).exp() * self.sign } else { S::from(0.0) };
        [of_a * 0.5, of_l * 0.5, of_ln]
    }
}

/// Where the upper tail is given up.
const BEYOND: f64 = 1e9;

/// a = ν/2, l = λ/2 and y = x/2, and the terms from `first` to `last` that count, of which that at `centre` is about the largest.
struct Sums<S> {
    a: S,
    l: S,
    y: S,
    ln_y: S,
    first: f64,
    centre: f64,
    last: f64,
}

impl<S: Scalar> Sums<S> {
    fn new(a: S, l: S, y: S, ln_y: S) -> Self {
        // (l y)^k / (k! Γ(a + k)) is largest where k (a + k) = l y
        let (half, product) = (0.5 * a.re(), l.re() * y.re());
        let centre = math::floor(product / (half + math::sqrt(half * half + product)));
        let reach = math::floor(9.5 * math::sqrt(centre + 1.0)) + 25.0;
        let mut last = centre + reach;
        if centre < 1.0 {
            // far fewer where l y is small, so that none is below the range of doubles
            let (mut product, mut k) = (1.0, 0.0);
            while k < last && product > 1e-45 {
                let step = l.re() * (y.re() / ((k + 1.0) * (a.re() + k + 1.0))).min(1.0);
                if step < 1e-100 {
                    break;
                }
                product *= step;
                k += 1.0;
            }
            last = k;
        }
        Sums { a, l, y, ln_y, first: (centre - reach).max(0.0), centre, last }
    }

    /// ln of t_k = y^(a+k) e^-y / Γ(a + k + 1).
    fn ln_term(&self, k: f64) -> S {
        ln_weight(&Point::of(self.a + k, self.y, self.ln_y))
    }

    /// ln of w_k t_k with w_k = l^k e^-l / k!.
    fn ln_product(&self, k: f64) -> S {
        ln_weight(&Point::new(S::from(k), self.l)) + self.ln_term(k)
    }

    /// ln Σ w_k P(a + k, y) = ln Σ w_k t_k R_k, downward from the last, R_k = P(a + k, y)/t_k = 1 + R_(k+1) y/(a + k + 1).
    fn ln_lower(&self) -> S {
        let at_centre = self.ln_product(self.centre);
        let mut k = self.last;
        let mut product = exp(self.ln_product(k) - at_centre.re());
        let shape = self.a + k;
        let mut ratio = if is_central(shape.re(), self.y.re()) {
            exp(inc_gamma_ln_p(shape, self.y) - self.ln_term(k))
        } else {
            series_with_slope(shape, self.y).0
        };
        let mut sum = product * ratio;
        let inverse = (self.l * self.y).recip();
        // the product at the centre counts, not that at the start
        let mut unit = product;
        while k > self.first {
            product *= (self.a + k) * inverse * k;
            ratio = ratio * self.y.over(self.a + k) + 1.0;
            sum += product * ratio;
            k -= 1.0;
            if k == self.centre {
                unit = product;
            }
        }
        sum.over(unit).ln() + at_centre
    }

    /// ln Σ w_k Q(a + k, y) = ln Σ w_k t_k R_k, upward from the first, R_(k+1) = Q(a + k + 1, y)/t_(k+1) = (R_k + 1) (a + k + 1)/y.
    fn ln_upper(&self) -> S {
        let unit = self.ln_product(self.centre).re();
        let mut k = self.first;
        let mut product = exp(self.ln_product(k) - unit);
        let mut ratio = exp(inc_gamma_ln_q(self.a + k, self.y) - self.ln_term(k));
        let mut sum = product * ratio;
        let inverse = self.y.recip();
        while k < self.last {
            k += 1.0;
            let step = (self.a + k) * inverse;
            ratio = (ratio + 1.0) * step;
            product *= self.l.over(step) / k;
            sum += product * ratio;
        }
        sum.ln() + unit
    }

    /// R_k of a tail and its derivative in a, from L_k = ln y - ψ(a + k + 1).
    fn start(&self, k: f64, lower: bool, ln_ratio: S) -> (S, S) {
        let shape = self.a + k;
        if is_central(shape.re(), self.y.re()) {
            // H_k = d ln y/d ln a of the gamma law
            let moved = central_slope(shape, self.y.over(shape).ln()) + 1.0;
            let ln_tail = if lower { inc_gamma_ln_p(shape, self.y) } else { inc_gamma_ln_q(shape, self.y) };
            let ratio = exp(ln_tail - self.ln_term(k));
            (ratio, if lower { -moved } else { moved } - ratio * ln_ratio)
        } else if lower {
            series_with_slope(shape, self.y)
        } else {
            let (fraction, relative_slope) = fraction_with_slope(shape, self.y);
            (fraction * shape, fraction * (relative_slope * shape + 1.0))
        }
    }

    /// d ln y/da and d ln y/dl at a fixed tail: Σ w_k t_k H_k and Σ w_k t_k over Σ w_k t_k (a + k), H_k = -(∂/∂a) P(a + k, y) / t_k.
    ///
    /// H_k = -(R_k L_k + R_k'), or R_k L_k + R_k' with the R_k of Q, L_k = ln y - ψ(a + k + 1): the recurrences of the tails and their
    /// derivatives in a.
    fn slopes(&self) -> (S, S) {
        let unit = self.ln_product(self.centre).re();
        let lower = self.y.re() < (self.a + self.l).re().max(1.0);
        let mut k = if lower { self.last } else { self.first };
        let mut product = exp(self.ln_product(k) - unit);
        let mut ln_ratio = self.ln_y - digamma(self.a + k + 1.0);
        let (mut ratio, mut slope) = self.start(k, lower, ln_ratio);
        let (mut moved, mut sum, mut density) = (S::from(0.0), S::from(0.0), S::from(0.0));
        // no powers of 1/y, which may be beyond the range of doubles
        let (inverse_product, inverse) = ((-(self.ln_y + self.l.ln())).exp(), (-self.ln_y).exp());
        loop {
            moved += product * (ratio * ln_ratio + slope);
            sum += product;
            density += product * (self.a + k);
            if lower {
                if k <= self.first {
                    break;
                }
                let below = (self.a + k).recip();
                let step = self.y * below;
                product *= (self.a + k) * inverse_product * k;
                slope = (slope - ratio * below) * step;
                ratio = ratio * step + 1.0;
                ln_ratio += below;
                k -= 1.0;
            } else {
                if k >= self.last {
                    break;
                }
                k += 1.0;
                let step = (self.a + k) * inverse;
                slope = slope * step + (ratio + 1.0) * inverse;
                ratio = (ratio + 1.0) * step;
                ln_ratio -= (self.a + k).recip();
                product *= self.l.over(step) / k;
            }
        }
        (if lower { -moved } else { moved }.over(density), sum.over(density))
    }

    /// ln of the density of y, Σ w_k t_k (a + k)/y, and mean and variance of k under its terms.
    fn ln_density(&self) -> (S, S, S) {
        let unit = self.ln_product(self.centre).re();
        let mut k = self.first;
        let product = self.l * self.y;
        let mut term = exp(self.ln_product(k) - unit) * (self.a + k);
        let (mut sum, mut first, mut second) = (S::from(0.0), S::from(0.0), S::from(0.0));
        loop {
            let d = k - self.centre;
            sum += term;
            first += term * d;
            second += term * (d * d);
            if k >= self.last {
                break;
            }
            term *= product.over((self.a + k) * (k + 1.0));
            k += 1.0;
        }
        let mean = first.over(sum);
        (sum.ln() - self.ln_y + unit, mean + self.centre, second.over(sum) - mean * mean)
    }
}

impl<S: Scalar> Inverted<S> for NoncentralChiSquared<S> {
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, x: S) -> S {
        if x.re() > BEYOND {
            return S::from(f64::NEG_INFINITY);
        }
        self.sums(x).ln_density().0 - LN_2
    }
    /// y^(a-1)/2 e^(-y-l) Σ (l y)^k/(k! Γ(a + k)), y = x/2: powers beyond the order of the derivatives do not count
    fn near_end(&self, _: bool, x: S) -> Option<NearEnd<S>> {
        let (a, l, y) = (self.df * 0.5, self.noncentrality * 0.5, x * 0.5);
        let (mut term, mut sum) = (S::from(1.0), S::from(1.0));
        for k in 0..S::ORDER {
            term = (term * l * y).over((a + k as f64) * (k as f64 + 1.0));
            sum += term;
        }
        Some(NearEnd { exponent: a - 1.0, ln_factor: sum.ln() - y - l - a * LN_2 - ln_gamma(a) })
    }
    fn ln_tail(&self, x: S, upper: bool) -> S {
        if x.re() > BEYOND {
            return S::from(if upper { f64::NEG_INFINITY } else { 0.0 });
        }
        let low = self.is_low(x);
        let ln = if low { self.sums(x).ln_lower() } else { self.sums(x).ln_upper() };
        if low != upper { ln } else { (-exp(ln)).ln_1p() }
    }
    /// Along ln x.
    fn lift(&self, x: f64, ln: S, upper: bool) -> S {
        if S::ORDER == 0 || !(1e-300..BEYOND).contains(&x) {
            return S::from(x);
        }
        let sign = if upper { -1.0 } else { 1.0 };
        let parameters = [self.df, self.noncentrality, ln];
        let ln_x = lift_along_all(math::ln(x), parameters, &Movement { sign });
        bounded((ln_x.with_re(0.0).exp() * x).with_re(x))
    }
    fn root(&self, ln: S, upper: bool) -> S {
        let (law, l) = (self.re(), ln.re());
        // in ln x; where F at the smallest double is above, the quantile is 0
        let (low, high) = (-708.0, math::ln(BEYOND));
        if law.ln_tail(math::exp(low), upper) > l && !upper {
            return S::from(0.0);
        }
        if upper && law.ln_tail(BEYOND, true) > l {
            return S::from(f64::INFINITY);
        }
        let start = math::ln(law.df + law.noncentrality);
        let t = tail_root([low, high], start, l, upper, |t| {
            let x = math::exp(t);
            (law.ln_tail(x, upper), law.ln_pdf_inside(x) + t)
        });
        // what the rounding of ln x costs, by a last step in x
        let x = math::exp(t);
        let ln_tail = law.ln_tail(x, upper);
        let step = (ln_tail - l) * math::exp(ln_tail - law.ln_pdf_inside(x));
        let better = if upper { x + step } else { x - step };
        self.lift(if (better - x).abs() < 1e-10 * x { better } else { x }, ln, upper)
    }
}

impl<S: Scalar> Rooted<S> for NoncentralChiSquared<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let (df, noncentrality) = (self.df.re(), self.noncentrality.re());
        let chi_squared = |df: f64, rng: &mut R| 2.0 * GammaSampler::new(0.5 * df).draw(rng).value();
        let x = if df < 1.0 {
            chi_squared(df + 2.0 * PoissonSampler::draw_once(0.5 * noncentrality, rng) as f64, rng)
        } else {
            let n = noise::normal(rng) + math::sqrt(noncentrality);
            n * n + if df > 1.0 { chi_squared(df - 1.0, rng) } else { 0.0 }
        };
        self.lift(x, S::from(0.0), !self.is_low(S::from(x)))
    }
    /// -∫ f ln f over t = ln x by panels of 16 points, of the power x^(a-1) below 1e-17 in closed form.
    fn entropy(&self) -> S {
        let law = self.re();
        let smallest = math::ln(law.root(-45.0, false).max(1e-300));
        let (low, high) = (smallest.max(-40.0), math::ln(law.root(-45.0, true)));
        let panels = 24 + ((high - low) / 1.5) as usize;
        let bulk = integrate(S::from(low), S::from(high), panels, |t| {
            let x = t.exp();
            let ln = self.ln_pdf_inside(x);
            -(exp(ln + t) * ln)
        });
        if smallest > -40.0 {
            return bulk;
        }
        let (a, x) = (self.df * 0.5, S::from(math::exp(low)));
        let ln = self.ln_pdf_inside(x);
        bulk - (exp(ln) * x).over(a) * (ln - (a - 1.0).over(a))
    }
}

impl<S: Scalar> Moments<S> for NoncentralChiSquared<S> {
    /// ν + λ
    fn mean(&self) -> Option<S> {
        Some(self.df + self.noncentrality)
    }
    /// 2 (ν + 2 λ)
    fn variance(&self) -> Option<S> {
        Some((self.df + self.noncentrality * 2.0) * 2.0)
    }
    /// The root of y = a - 1 + E\[k\] under the terms of the density at 2 y, for ν > 2; below, the density has no bound.
    fn mode(&self) -> Option<S> {
        let law = self.re();
        let (a, l) = (0.5 * law.df, 0.5 * law.noncentrality);
        if a <= 1.0 {
            return None;
        }
        let root = find_root((a - 1.0) * (1.0 - 1e-12), a + l, a + l - 1.0, |y| {
            let (_, mean, variance) = Sums::new(a, l, y, y.ln()).ln_density();
            (y - (a - 1.0) - mean, 1.0 - variance / y)
        });
        let (a, l) = (self.df * 0.5, self.noncentrality * 0.5);
        Some(
            lift_root(root, |y: S| {
                let (_, mean, variance) = Sums::new(a, l, y, y.ln()).ln_density();
                (y - (a - 1.0) - mean).over(-variance.over(y) + 1.0)
            }) * 2.0,
        )
    }
}

law_of!(NoncentralChiSquared, |law| ByRoot(*law));

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 2e-14 * want.abs().max(1.0), "{got} for {want}");
    }

    // values: mpmath, by quadrature and root finding at 25 digits
    #[test]
    fn entropy_and_mode() {
        for (df, noncentrality, entropy, mode) in [
            (3.0, 2.0, 2.537598442296828, Some(2.1328108141517483)),
            (0.3, 5.0, 2.4012440306772502, None),
            (20.0, 100.0, 4.4558245290664935, Some(117.07904181930431)),
        ] {
            let law = NoncentralChiSquared::new(df, noncentrality).unwrap();
            close(law.entropy(), entropy);
            assert_eq!(law.mode().is_some(), mode.is_some());
            if let (Some(got), Some(want)) = (law.mode(), mode) {
                close(got, want);
            }
        }
    }

    /// A tiny noncentrality leaves the chi-squared law.
    #[test]
    fn central_limit() {
        let (law, central) = (NoncentralChiSquared::new(5.0, 1e-10).unwrap(), ChiSquared::new(5.0).unwrap());
        for x in [1e-100, 0.1, 5.0, 30.0, 900.0] {
            for (got, want) in [(law.ln_cdf(x), central.ln_cdf(x)), (law.ln_sf(x), central.ln_sf(x))] {
                assert!((got - want).abs() <= 1e-7 * want.abs(), "{x}: {got} for {want}");
            }
        }
    }
}
