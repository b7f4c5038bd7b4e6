//! The law of a quotient of two beta variables.

mod integrals;

use crate::distr::form::of_logit::{BetaLogit, LogitLift as _, exp_of_value};
use crate::distr::form::{ByRoot, Inverted, Moments, NearEnd, Rooted, exp, law_of, share, tail_root};
use crate::distr::{KlDivergence, parameters};
use crate::implicit::{find_root, lift_root};
use crate::parameter::LawError;
use crate::quadrature::panels;
use crate::scalar::{Scalar, math};
use crate::special;
use integrals::{Ratio, Shapes};
use rand::Rng;

/// The law of Z = X/Y for independent X and Y of [`Beta`](crate::distr::Beta) laws with shapes a, b and c, d.
///
/// # Density function
/// f(z) = B(a + c, d)/(B(a, b) B(c, d)) z^(a-1) ₂F₁(a + c, 1 - b; a + c + d; z) for 0 <= z <= 1, and f(z) = g(1/z)/z² for z > 1, where g is the density
/// of Y/X (Pham-Gia 2000, "Distributions of the ratios of independent beta variables and applications", Communications in Statistics 29). At
/// z = 1 it has a kink, and is infinite if b + d <= 1.
///
/// # Derivatives
/// Draws are quotients of two draws of beta laws, each differentiated at its own fixed noise. Of quantiles they are dz/dθ = -(∂F/∂θ)/f at fixed
/// u = F(z), by a Newton step on a tail in the caller's arithmetic; third derivatives lose digits as the shapes grow, seven of them at 1000. At z = 1
/// the density has no slope, and second derivatives leave it out; where a quotient rounds to 1 and the density is infinite, derivatives of
/// quantiles are 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [a, b, c, d] = Jet::variables([2.0, 3.0, 4.0, 5.0]);
/// let z = BetaQuotient::new(a, b, c, d)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // X rises with a and falls with b, 1/Y the other way round
/// assert!(z.eps[0] > 0.0 && z.eps[1] < 0.0 && z.eps[2] < 0.0 && z.eps[3] > 0.0);
/// # Ok(()) }
/// ```
///
/// # Notes
/// The parameters in the order of TensorFlow Probability's `BetaQuotient`. Distribution functions and densities are integrals by the trapezoidal
/// rule, of some 50 to 500 evaluations of an incomplete beta function or of a density.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaQuotient<S> {
    numerator_alpha: S,
    numerator_beta: S,
    denominator_alpha: S,
    denominator_beta: S,
    numerator: BetaLogit<S>,
    denominator: BetaLogit<S>,
}

parameters! {
    BetaQuotient, "beta_quotient", "a quotient of beta variables";
    /// The law of X/Y, X of the beta law with shapes `numerator_alpha` and `numerator_beta` and Y of that with `denominator_alpha` and `denominator_beta`.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// // of two uniform variables: F(z) = z/2 up to 1
    /// let law = BetaQuotient::new(1.0, 1.0, 1.0, 1.0).unwrap();
    /// assert!((law.cdf(0.5) - 0.25).abs() < 1e-15);
    /// assert_eq!(BetaQuotient::new(1.0, 0.0, 1.0, 1.0).unwrap_err().parameter(), "numerator_beta");
    /// ```
    new(
        numerator_alpha: [1e-3, 1e7],
        numerator_beta: [1e-3, 1e7],
        denominator_alpha: [1e-3, 1e7],
        denominator_beta: [1e-3, 1e7]
    ) own coupling => BetaQuotient {
        numerator_alpha,
        numerator_beta,
        denominator_alpha,
        denominator_beta,
        numerator: BetaLogit::new(numerator_alpha, numerator_beta),
        denominator: BetaLogit::new(denominator_alpha, denominator_beta),
    }
}

impl<S: Scalar> BetaQuotient<S> {
    fn shapes(&self) -> Shapes<S> {
        Shapes { x: [self.numerator_alpha, self.numerator_beta], y: [self.denominator_alpha, self.denominator_beta] }
    }
}

/// Where b + d is below this, the integrals over ln(-w) go on beyond the range of doubles.
const SLOW: f64 = 0.06;

/// Divergences below this are taken without the terms of first order, which cancel.
const CLOSE: f64 = 1e-3;

impl<S: Scalar> Shapes<S> {
    /// `f` of these shapes and z for z <= 1, of the swapped ones and 1/z above; whether they were swapped comes first.
    fn fold<T>(self, z: S, f: impl FnOnce(bool, Self, Ratio<S>) -> T) -> T {
        if z.re() <= 1.0 { f(false, self, Ratio::new(z)) } else { f(true, self.swapped(), Ratio::inverse(z)) }
    }

    /// ln f(z)
    fn ln_pdf(self, z: S) -> S {
        self.fold(z, |_, shapes, ratio| shapes.ln_density(&ratio)) - z.ln()
    }

    /// A tail as a function of z. At 1, where the slope of the integrand is not integrable, it has its derivative in z from the density.
    fn ln_tail_at(self, z: S, upper: bool) -> S {
        if z.re() != 1.0 || S::ORDER == 0 {
            return self.fold(z, |swapped, shapes, ratio| shapes.ln_tail(&ratio, upper != swapped));
        }
        let ln = self.ln_tail(&Ratio::new(S::from(1.0)), upper);
        let slope = exp(self.ln_density(&Ratio::new(S::from(1.0))) - ln);
        let moved = (z - 1.0).chain(slope);
        if upper { ln - moved } else { ln + moved }
    }

    /// ∫ g(ln p, r) p dw over w < 0, p the density of w = ln(X/Y) and r = e^w, in v = ln(-w).
    fn integral_below(self, g: impl Fn(S, &Ratio<S>) -> S) -> S {
        let (low, high, tolerance) = self.reach_below();
        let at = |v: S| {
            let ratio = Ratio::from_ln(-v.exp());
            let ln_p = self.ln_density(&ratio);
            (exp(ln_p + v), g(ln_p, &ratio))
        };
        let inner = panels::integrate(S::from(low), S::from(high), tolerance, |v| {
            let (p, g) = at(v);
            if p.re() == 0.0 { S::from(0.0) } else { p * g }
        });
        let rate = self.x[1] + self.y[1];
        if rate.re() >= SLOW {
            return inner;
        }
        // g is a line there, and p e^v an exponential function
        let ((p, g0), (_, g1)) = (at(S::from(low)), at(S::from(low + 1.0)));
        inner + p.over(rate) * (g0 - (g1 - g0).over(rate))
    }

    /// ∫ (e^t - 1 - t) p dw over w < 0, t the logarithm of the second density over the first: of the divergence of close laws what
    /// is left where terms of first order cancel.
    fn divergence_below(self, other: Self) -> S {
        let (low, high, tolerance) = self.reach_below();
        let at = |v: S| {
            let ratio = Ratio::from_ln(-v.exp());
            let ln_p = self.ln_density(&ratio);
            [exp(ln_p + v), special::exp_m1_minus(other.ln_density(&ratio) - ln_p)]
        };
        let [_, inner] = panels::integrate_all(S::from(low), S::from(high), tolerance, |v| {
            let [p, g] = at(v);
            if p.re() == 0.0 { [p; 2] } else { [p, p * g] }
        });
        let rate = self.x[1] + self.y[1];
        if rate.re() >= SLOW {
            return inner;
        }
        // t is a line there, its exponential function nearly a parabola
        let [[p, g0], [_, g1], [_, g2]] = [0.0, 1.0, 2.0].map(|step| at(S::from(low + step)));
        let (slope, bend) = ((g1 * 4.0 - g0 * 3.0 - g2) * 0.5, g0 - g1 * 2.0 + g2);
        inner + p.over(rate) * (g0 - (slope - bend.over(rate)).over(rate))
    }

    /// The ends of the integrals over v = ln(-w), and their tolerance.
    fn reach_below(&self) -> (f64, f64, f64) {
        let [[a, b], [_, d]] = [self.x.map(S::re), self.y.map(S::re)];
        // p is C |w|^(k-1) below
        let low = (-42.0 / (b + d).min(1.0)).max(-700.0);
        // p falls as e^(a w) at the most slowly
        let high = math::ln(750.0 * (1.0 + 1.0 / a));
        // not below the rounding of ln p
        let tolerance = 1e-10 + 1e-14 * self.x.iter().chain(&self.y).map(|s| s.re()).sum::<f64>();
        (low, high, tolerance)
    }

    /// The w <= 0 where p(w) e^(k w) is largest, for k = 1 or -1.
    fn mode_below(self, k: f64) -> S {
        let plain = self.plain();
        let slope = |w: f64| {
            let [slope, curvature] = plain.slopes(&Ratio::from_ln(w));
            (slope + k, curvature - slope * slope)
        };
        let (low, high) = (-700.0, -1e-15);
        if slope(low).0 <= 0.0 {
            return S::from(f64::NEG_INFINITY);
        }
        if slope(high).0 >= 0.0 {
            return S::from(0.0);
        }
        let w = find_root(low, high, -0.5, slope);
        lift_root(w, |w: S| {
            let [slope, curvature] = self.slopes(&Ratio::from_ln(w));
            (slope + k).over(curvature - slope * slope)
        })
    }
}

impl<S: Scalar> Inverted<S> for BetaQuotient<S> {
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(f64::INFINITY))
    }
    fn ln_pdf_inside(&self, z: S) -> S {
        self.shapes().ln_pdf(z)
    }
    /// z^(a-1) B(a + c, d)/(B(a, b) B(c, d)) F(a + c, 1 - b; a + c + d; z), whose powers beyond the order of the derivatives do not count
    fn near_end(&self, _: bool, z: S) -> Option<NearEnd<S>> {
        let ([a, b], [c, d]) = (self.shapes().x, self.shapes().y);
        let (mut term, mut sum) = (S::from(1.0), S::from(1.0));
        for k in 0..S::ORDER {
            let k = k as f64;
            term = (term * (a + c + k) * (-b + (1.0 + k)) * z).over((a + c + d + k) * (k + 1.0));
            sum += term;
        }
        let ln_factor = sum.ln() + special::ln_beta(a + c, d) - special::ln_beta(a, b) - special::ln_beta(c, d);
        Some(NearEnd { exponent: a - 1.0, ln_factor })
    }
    fn ln_tail(&self, z: S, upper: bool) -> S {
        self.shapes().ln_tail_at(z, upper)
    }
    /// In w = ln z, on its side of 0.
    fn root(&self, ln: S, upper: bool) -> S {
        let (l, plain) = (ln.re(), self.shapes().plain());
        let at_one = Ratio::new(1.0);
        let ln_at_one = plain.ln_tail(&at_one, upper);
        let swapped = (l <= ln_at_one) == upper;
        let (shapes, upper_there) = if swapped { (plain.swapped(), !upper) } else { (plain, upper) };
        // e^w rounds to 0 below, and to 1 above but for 0
        let (low, high) = (-745.0, -0.25 * f64::EPSILON);
        let f = |w: f64| match w {
            0.0 => (ln_at_one, 0.0),
            w if w > high => (l, 0.0),
            w => {
                let ratio = Ratio::from_ln(w);
                (shapes.ln_tail(&ratio, upper_there), shapes.ln_density(&ratio))
            }
        };
        // the logarithms of tails are concave or nearly so: one step of Newton's method from 0 goes too far, towards a side from which all others are
        // short, and a line of the steepest slope not far enough
        let tangent = (l - ln_at_one).abs() * math::exp(ln_at_one - plain.ln_density(&at_one));
        let line = if upper_there { 1.0 } else { (ln_at_one - l) / shapes.x[0] };
        let start = match [tangent, line].map(|step| step.clamp(0.0, -0.5 * low)) {
            [tangent, line] if tangent > 0.0 => math::sqrt(tangent * if upper_there { tangent } else { line }),
            [_, line] => line,
        };
        let w = tail_root([low, 0.0], -start, l, upper_there, |w| {
            let (ln_tail, ln_p) = f(w);
            // beside the root rounding leads nowhere
            (if (ln_tail - l).abs() <= 1e-9 * l.abs().min(1.0) { l } else { ln_tail }, ln_p)
        });
        if w <= low + 0.1 {
            return S::from(if swapped { f64::INFINITY } else { 0.0 });
        }
        let (ln_tail, ln_p) = f(w);
        let step = (ln_tail - l) * math::exp(ln_tail - ln_p);
        let w = if w > high {
            0.0
        } else if upper_there {
            w + step
        } else {
            w - step
        };
        let root = math::exp(if swapped { -w } else { w });
        if S::ORDER == 0 {
            return S::from(root);
        }
        let sign = if upper_there { -1.0 } else { 1.0 };
        let shapes = if swapped { self.shapes().swapped() } else { self.shapes() };
        let step = |ln_tail: S, ln_p: S| (ln_tail - ln).with_re(0.0) * exp(ln_tail - ln_p) * sign;
        let lifted = if w == 0.0 {
            let at_one = Ratio::new(S::from(1.0));
            -step(shapes.ln_tail(&at_one, upper_there), shapes.ln_density(&at_one))
        } else {
            lift_root(w, |w: S| {
                let ratio = Ratio::from_ln(w);
                step(shapes.ln_tail(&ratio, upper_there), shapes.ln_density(&ratio))
            })
        };
        exp_of_value(if swapped { -lifted } else { lifted }, root)
    }
}

impl<S: Scalar> Rooted<S> for BetaQuotient<S> {
    type Draw = S;

    #[inline]
    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let noise = [self.numerator.draw(rng), self.denominator.draw(rng)];
        let [x, y] = noise.map(|n| n.unit().0);
        let value = if x > 1e-290 && y > 1e-290 {
            x / y
        } else {
            let [x, y] = noise.map(|n| n.at(n.theta()).ln_x);
            math::exp(x - y)
        };
        if S::ORDER == 0 {
            return S::from(value);
        }
        let [x, y] = [self.numerator.lift_draw(noise[0]), self.denominator.lift_draw(noise[1])];
        exp_of_value((-y).softplus() - (-x).softplus(), value)
    }
    /// -E[ln p] + E[ln Z] with the density p of ln Z, by quadrature
    fn entropy(&self) -> S {
        let below = self.shapes().integral_below(|ln_p, _| ln_p);
        let above = self.shapes().swapped().integral_below(|ln_p, _| ln_p);
        self.shapes().mean_ln() - (below + above)
    }
}

impl<S: Scalar> Moments<S> for BetaQuotient<S> {
    /// a/(a + b) (c + d - 1)/(c - 1) for c > 1, else infinite
    fn mean(&self) -> Option<S> {
        let ([a, b], [c, d]) = (self.shapes().x, self.shapes().y);
        Some(if c.re() > 1.0 { share(a, b) * (d.over(c - 1.0) + 1.0) } else { S::from(f64::INFINITY) })
    }
    /// Var X E[1/Y²] + (E X)² Var 1/Y for c > 2, infinite down to 1
    fn variance(&self) -> Option<S> {
        let ([a, b], [c, d]) = (self.shapes().x, self.shapes().y);
        if c.re() <= 1.0 {
            return None;
        }
        if c.re() <= 2.0 {
            return Some(S::from(f64::INFINITY));
        }
        let (s, t) = (a + b, c + d - 1.0);
        let mean = share(a, b);
        let of_x = mean * share(b, a).over(s + 1.0);
        let square = t.over(c - 1.0) * (t - 1.0).over(c - 2.0);
        let of_reciprocal = t.over(c - 1.0) * d.over(c - 1.0).over(c - 2.0);
        Some(of_x * square + mean * mean * of_reciprocal)
    }
    /// None where the density has no bound
    fn mode(&self) -> Option<S> {
        let shapes = self.shapes();
        if shapes.x[0].re() < 1.0 || shapes.x[1].re() + shapes.y[1].re() <= 1.0 {
            return None;
        }
        // f is p/z
        let below = shapes.mode_below(-1.0);
        Some(if below.re() < 0.0 { exp(below) } else { (-shapes.swapped().mode_below(1.0)).exp() })
    }
}

law_of!(BetaQuotient, |law| ByRoot(*law));

impl<S: Scalar> KlDivergence<S> for BetaQuotient<S> {
    /// By quadrature.
    fn kl_divergence(&self, other: &Self) -> S {
        let (first, second) = (self.shapes(), other.shapes());
        // with the mass, 1, in the integrals: panels follow values, and those of the logarithm's mean may all be 0
        let below = first.integral_below(|ln_p, r| ln_p - second.ln_density(r) + 1.0);
        let above = first.swapped().integral_below(|ln_p, r| ln_p - second.swapped().ln_density(r) + 1.0);
        let divergence = below + above - 1.0;
        if divergence.re() < CLOSE {
            first.divergence_below(second) + first.swapped().divergence_below(second.swapped())
        } else {
            divergence
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!(got == want || (got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
    }

    fn law(shapes: [f64; 4]) -> BetaQuotient<f64> {
        BetaQuotient::new(shapes[0], shapes[1], shapes[2], shapes[3]).unwrap()
    }

    /// Of uniform variables: F(z) = z/2, and 1 - 1/(2 z) above 1.
    #[test]
    fn of_uniform_variables() {
        let law = law([1.0; 4]);
        for z in [1e-300, 1e-9, 0.3, 0.999, 1.0] {
            // a rounding of the logarithm
            let bound = 2e-15 - 2e-16 * z.ln();
            close(law.cdf(z), 0.5 * z, bound);
            close(law.sf(1.0 / z), 0.5 * z, bound);
            close(law.pdf(z), 0.5, bound);
            close(law.quantile(0.5 * z), z, 2e-13);
        }
        close(law.pdf(0.0), 0.5, 1e-15);
        assert_eq!((law.pdf(-1.0), law.cdf(0.0), law.mean(), law.variance()), (0.0, 0.0, Some(f64::INFINITY), None));
        // 1 + ln 2
        close(law.entropy(), 1.693_147_180_559_945_3, 1e-14);
    }

    // mpmath: the trapezoidal rule on the density by 2F1 for the entropies, findroot for the modes
    #[test]
    fn moments() {
        let quotient = law([2.0, 3.0, 4.0, 5.0]);
        close(quotient.entropy(), 0.923_335_585_531_569_1, 1e-14);
        close(law([1.5, 40.0, 0.2, 0.9]).entropy(), 3.962_665_601_160_588_4, 1e-14);
        // 2/5 8/3, and E[Z²] = 1/5 (8 7)/(3 2)
        close(quotient.mean().unwrap(), 16.0 / 15.0, 1e-15);
        close(quotient.variance().unwrap(), 28.0 / 15.0 - (16.0 / 15.0) * (16.0 / 15.0), 1e-15);
        for (shapes, mode) in [
            ([2.0, 3.0, 4.0, 5.0], 0.634_424_845_141_366_1),
            ([3.0, 2.0, 40.0, 2.0], 0.697_674_418_604_651_2),
            ([30.0, 2.0, 3.0, 40.0], 10.061_617_368_358_745),
            ([1.0, 1.0, 1.0, 1.0], 0.0),
            // falls from 1 on, and rises to it
            ([3.0, 0.8, 2.0, 0.9], 1.0),
        ] {
            close(law(shapes).mode().unwrap(), mode, 1e-13);
        }
        // no bound at 0 or at 1
        assert_eq!((law([0.5, 1.0, 1.0, 1.0]).mode(), law([2.0, 0.3, 2.0, 0.4]).mode()), (None, None));
    }

    /// With b + d <= 1 the density is infinite at 1, which has much of the mass beside it.
    #[test]
    fn pole_at_one() {
        let law = law([1.0, 1e-3, 1.0, 1e-3]);
        assert_eq!(law.pdf(1.0), f64::INFINITY);
        close(law.cdf(1.0), 0.5, 1e-15);
        assert_eq!((law.quantile(0.4), law.isf(0.4)), (1.0, 1.0));
        let [b] = Jet::variables([1e-3]);
        let moved = BetaQuotient::new(1.0.into(), b, 1.0.into(), 1e-3.into()).unwrap();
        assert_eq!(moved.quantile(0.4.into()).eps, [0.0]);
    }

    /// The divergence from itself is 0 with its first derivatives, and no monotone map changes one.
    #[test]
    fn divergence() {
        let shapes = [2.0, 3.0, 4.0, 5.0];
        let [a, b, c, d] = Jet::<f64, 4>::variables(shapes);
        let moved = BetaQuotient::new(a, b, c, d).unwrap();
        let [a, b, c, d] = shapes.map(Jet::from);
        let fixed = BetaQuotient::new(a, b, c, d).unwrap();
        let divergence = moved.kl_divergence(&fixed);
        assert!(divergence.re.abs() < 1e-15 && divergence.eps.iter().all(|e| e.abs() < 1e-13), "{divergence:?}");
        // the quotient's inverse has the exchanged shapes
        let (first, second) = (law([1.5, 2.5, 3.0, 0.7]), law([2.0, 0.5, 1.0, 4.0]));
        let (inverse, other) = (law([3.0, 0.7, 1.5, 2.5]), law([1.0, 4.0, 2.0, 0.5]));
        close(first.kl_divergence(&second), inverse.kl_divergence(&other), 1e-13);
        // mpmath, by the double exponential rule on 2F1
        close(law([1.5, 2.5, 3.0, 0.75]).kl_divergence(&second), 3.594_785_163_685_701, 1e-13);
    }

    #[test]
    fn refuses() {
        assert_eq!(BetaQuotient::new(1e-4, 1.0, 1.0, 1.0).unwrap_err().parameter(), "numerator_alpha");
        assert_eq!(BetaQuotient::new(1.0, 1.0, f64::NAN, 1.0).unwrap_err().parameter(), "denominator_alpha");
        assert_eq!(BetaQuotient::new(1.0, 1.0, 1.0, 1e8).unwrap_err().parameter(), "denominator_beta");
    }
}
