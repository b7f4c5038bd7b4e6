//! A law from its quantile function.

use crate::distr::Continuous;
use crate::implicit::{find_root, lift_root};
use crate::noise;
use crate::parameter::{LawError, check, is_probability};
use crate::quadrature::sum_over_levels;
use crate::scalar::{Jet, Scalar, math};
use rand::Rng;
use rand::distr::Distribution;

/// A quantile function of N parameters, over any scalar; [`FromQuantile`] makes a law of it.
///
/// As everywhere, the real part of a result must not depend on the scalar: branch on [`Scalar::re`] and divide by
/// [`Scalar::over`].
pub trait Quantile<const N: usize> {
    /// The x with F(x) = p and 1 - F(x) = q, rising with p.
    ///
    /// Both are given, q = 1 - p, because the smaller one has all digits where the other one is next to 1: use the
    /// smaller. At 0 the ends of the support are asked for, which may be infinite.
    fn quantile<S: Scalar>(&self, parameters: [S; N], p: S, q: S) -> S;
}

/// The law with a quantile function of your own, differentiable in its parameters to any order.
///
/// # Density function
/// f(x) = 1/Q'(p) at the p with Q(p) = x, from the derivative of [`Quantile::quantile`] by a jet.
///
/// # Derivatives
/// A draw is Q(u; θ) with uniform u, in the arithmetic of the scalar. The distribution function and the density carry
/// derivatives by Newton steps from the root of Q(p; θ) = x ([`lift_root`](crate::implicit::lift_root)).
///
/// # Example
/// The g-and-k law, of data that are skewed by g and have heavier tails for a larger k (Rayner & MacGillivray 2002,
/// "Numerical maximum likelihood estimation for the g-and-k and generalized g-and-h distributions", Statistics and
/// Computing 12).
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// use reparam::special::{normal_isf, normal_quantile};
///
/// /// a + b (1 + 0.8 tanh(g z/2)) (1 + z²)^k z, z the normal quantile.
/// #[derive(Clone, Copy)]
/// struct GAndK;
/// impl Quantile<4> for GAndK {
///     fn quantile<S: Scalar>(&self, [a, b, g, k]: [S; 4], p: S, q: S) -> S {
///         let z = if p.re() < q.re() { normal_quantile(p) } else { normal_isf(q) };
///         if z.re().is_infinite() {
///             return z;
///         }
///         a + b * ((g * z * 0.5).tanh() * 0.8 + 1.0) * ((z * z).ln_1p() * k).exp() * z
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = FromQuantile::new(GAndK, Jet::variables([3.0, 1.0, 2.0, 0.5]))?;
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert_eq!(z.eps[0], 1.0);
/// assert!((law.cdf(z).eps[3]).abs() < 1e-14); // a draw stays at its probability
/// # Ok(()) }
/// ```
///
/// # Notes
/// Probabilities below 1e-308 are 0. Mean, variance and entropy are integrals over the quantile by the tanh-sinh rule
/// with 117 points, to about 1e-10 for smooth laws. The constructor looks at Q at 129 points: what it refuses is no
/// quantile function; what it accepts may still fall in between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FromQuantile<L, S, const N: usize> {
    law: L,
    parameters: [S; N],
}

/// How far out the logit of a probability is followed: to 1e-304.
const REACH: f64 = 700.0;

impl<S: Scalar, L: Quantile<N>, const N: usize> FromQuantile<L, S, N> {
    /// The law with this quantile function at these parameters.
    ///
    /// # Errors
    /// If the `quantile` is found at one of 129 probabilities from 0 to 1 to be NaN or smaller than at a smaller
    /// probability, or has one value at all of them.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// #[derive(Debug)]
    /// struct Falling;
    /// impl Quantile<0> for Falling {
    ///     fn quantile<S: Scalar>(&self, _: [S; 0], _: S, q: S) -> S {
    ///         q
    ///     }
    /// }
    /// let error = FromQuantile::<_, f64, 0>::new(Falling, []).unwrap_err();
    /// assert!(error.to_string().contains("must be a number that is not smaller than before"));
    /// ```
    pub fn new(law: L, parameters: [S; N]) -> Result<Self, LawError> {
        let plain = parameters.map(S::re);
        let at = |i: i32| {
            // t³: dense around 1/2
            let t = f64::from(i) / 64.0;
            let logit = REACH * t * t * t;
            match i {
                -64 => law.quantile(plain, 0.0, 1.0),
                64 => law.quantile(plain, 1.0, 0.0),
                _ => law.quantile(plain, math::sigmoid(logit), math::sigmoid(-logit)),
            }
        };
        let first = at(-64);
        let mut quantile = first;
        for i in -64..=64 {
            let x = at(i);
            // infinite ones are equal, finite ones up to rounding
            let rises = x >= quantile || x >= quantile - 1e-12 * quantile.abs();
            check!("a law from a quantile function", quantile, x; "a number that is not smaller than before" if rises);
            quantile = x;
        }
        let spreads = first < quantile;
        check!("a law from a quantile function", quantile, first; "larger at 1 than at 0" if spreads);
        Ok(FromQuantile { law, parameters })
    }

    /// The parameters.
    pub fn parameters(&self) -> [S; N] {
        self.parameters
    }

    /// The point where both probabilities are these; NaN where they are none.
    fn at(&self, p: S, q: S) -> S {
        if is_probability(p) && is_probability(q) {
            self.law.quantile(self.parameters, p, q)
        } else {
            S::from(f64::NAN)
        }
    }

    /// x and dx/dt at the probability whose logit is t.
    fn along<T: Scalar>(&self, parameters: [T; N], t: T) -> (T, T) {
        let t = Jet::<T, 1>::variable(t, 0);
        let x = self.law.quantile(parameters.map(Jet::constant), t.sigmoid(), (-t).sigmoid());
        (x.re, x.eps[0])
    }

    /// The logit of F(x), infinite outside the support.
    fn logit(&self, x: S) -> S {
        let (low, high) = self.support();
        if x.re() <= low.re() || x.re() >= high.re() || x.re().is_nan() {
            return match x.re() {
                r if r <= low.re() => S::from(f64::NEG_INFINITY),
                r if r >= high.re() => S::from(f64::INFINITY),
                _ => S::from(f64::NAN),
            };
        }
        let plain = self.parameters.map(S::re);
        let beyond = |t: f64| if t < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
        let root = find_root(-REACH, REACH, 0.0, |t| {
            if t.abs() >= REACH {
                return (beyond(t), 0.0);
            }
            let (at, slope) = self.along(plain, t);
            (at - x.re(), slope)
        });
        if S::ORDER == 0 {
            return S::from(root);
        }
        lift_root(root, |t: S| {
            let (at, slope) = self.along(self.parameters, t);
            // flat, or a jump: no derivatives there
            if slope.re() > 0.0 && slope.re().is_finite() { (at - x).with_re(0.0).over(slope) } else { S::from(0.0) }
        })
    }

    /// ∫ g(x) du, `None` where levels below e^-40 or points beyond 1e300 still count.
    fn expectation(&self, g: impl Fn(S, S) -> S) -> Option<S> {
        let (mut all, mut outer) = (0.0, 0.0);
        let mean = sum_over_levels(|ln_u, ln_v, weight| {
            let x = self.at(S::from(math::exp(ln_u)), S::from(math::exp(ln_v)));
            let term = g(x, S::from(ln_u - ln_v)) * weight;
            let is_outer = ln_u.min(ln_v) < -40.0 || x.re().abs() > 1e300;
            all += term.re().abs();
            outer += if is_outer { term.re().abs() } else { 0.0 };
            term
        });
        (outer < f64::INFINITY && outer <= 1e-8 * all).then_some(mean)
    }

    /// ln f at the logit t: ln(p q) - ln(dx/dt).
    fn ln_density(&self, t: S) -> S {
        let (_, slope) = self.along(self.parameters, t);
        -(t.softplus() + (-t).softplus()) - slope.ln()
    }
}

impl<S: Scalar, L: Quantile<N>, const N: usize> Distribution<S> for FromQuantile<L, S, N> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        let u = noise::uniform(rng);
        self.law.quantile(self.parameters, S::from(u), S::from(1.0 - u))
    }
}

impl<S: Scalar, L: Quantile<N>, const N: usize> Continuous<S> for FromQuantile<L, S, N> {
    fn support(&self) -> (S, S) {
        let (zero, one) = (S::from(0.0), S::from(1.0));
        (self.law.quantile(self.parameters, zero, one), self.law.quantile(self.parameters, one, zero))
    }

    fn ln_pdf(&self, x: S) -> S {
        let t = self.logit(x);
        if t.re().is_infinite() { S::from(f64::NEG_INFINITY) } else { self.ln_density(t) }
    }

    fn cdf(&self, x: S) -> S {
        self.logit(x).sigmoid()
    }

    fn sf(&self, x: S) -> S {
        (-self.logit(x)).sigmoid()
    }

    fn ln_cdf(&self, x: S) -> S {
        -(-self.logit(x)).softplus()
    }

    fn ln_sf(&self, x: S) -> S {
        -self.logit(x).softplus()
    }

    fn quantile(&self, p: S) -> S {
        self.at(p, -p + 1.0)
    }

    fn isf(&self, q: S) -> S {
        self.at(-q + 1.0, q)
    }

    fn quantile_ln(&self, ln_p: S) -> S {
        self.at(ln_p.exp(), -ln_p.exp_m1())
    }

    fn isf_ln(&self, ln_q: S) -> S {
        self.at(-ln_q.exp_m1(), ln_q.exp())
    }

    /// By the tanh-sinh rule with 117 points over the quantile; `None` where that does not converge.
    fn mean(&self) -> Option<S> {
        self.expectation(|x, _| x)
    }

    /// By the tanh-sinh rule with 117 points over the quantile; `None` where that does not converge.
    fn variance(&self) -> Option<S> {
        let mean = self.mean()?;
        self.expectation(|x, _| (x - mean) * (x - mean))
    }

    /// By the tanh-sinh rule with 117 points over the quantile; NaN where that does not converge.
    fn entropy(&self) -> S {
        self.expectation(|_, t| -self.ln_density(t)).unwrap_or(S::from(f64::NAN))
    }

    /// Not searched for.
    fn mode(&self) -> Option<S> {
        None
    }
}
