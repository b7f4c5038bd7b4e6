//! Mixtures: laws whose density is a weighted sum of others', with draws that carry every derivative.

mod components;
mod entropy;
mod factorized;
mod lift;
mod overlap;
#[cfg(feature = "serde")]
mod serde;
mod weights;

pub use components::{Component, Components};
pub use factorized::FactorizedMixture;

use crate::distr::Continuous;
use crate::distr::numeric::Side;
use crate::noise;
use crate::parameter::LawError;
use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use rand::Rng;
use rand::distr::Distribution;
use weights::Weights;

/// A [mixture](https://en.wikipedia.org/wiki/Mixture_distribution): a law chosen among several with given probabilities.
///
/// The components `C` are an array `[D; K]` or a `Vec<D>` of laws of one type, or a tuple of laws of different types.
///
/// # Density function
/// f(x) = Σ w_k f_k(x) with weights w_k that add up to 1.
///
/// # Derivatives
/// The component and the draw z from it are chosen in plain numbers. The derivatives are those of z as a function of weights and
/// parameters at fixed u = F(z; θ), F being the distribution function of the mixture: dz/dθ = -(Σ ∂(w_k F_k)/∂θ) / f(z)
/// (Graves 2016, "Stochastic backpropagation through mixture density distributions"). They are had to every order from
/// where the component that makes most of the density has z at a fixed probability of its own: what the smaller tail of the mixture
/// has then too much, over the mean density on the way, is how far z moves beside it. So a draw moves continuously with the
/// weights; none of the noise in the choice is left.
///
/// # Components that are far apart
/// For the derivatives in the weights this rests on a distribution function that rises everywhere between the
/// components. Across a gap no draw passes, and the mean of the derivatives is wrong: uniform laws on [0, 1] and
/// [2, 3], the first of weight 1/4, give -1.002 ± 0.001 for dE\[z\]/dw, which is -2. Where there is next to no density
/// between, the mean is right, but made of events that no sample has: N(0, 1) and N(12, 1) with weights 1/2 give
/// 8.57 ± 0.24 from a million draws, not 12. Derivatives in the components' parameters do not suffer.
/// [`Mixture::overlap`] tells, and `weighted::score_component` makes draws whose weight carries the derivative in the
/// weights: the component chosen plainly, the draw moving with its parameters.
///
/// Where the density is 0 or infinite at z the derivatives do not exist; they are then given as 0. At the edge of a gap between
/// supports those of quantiles are from the side of the component whose support ends there.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [weight, mean, rate] = Jet::variables([0.3, -1.0, 2.0]);
/// let law = Mixture::new([weight, -weight + 1.0], (Normal::new(mean, 1.0.into())?, Exponential::new(rate)?))?;
/// assert_eq!(law.mean().map(Scalar::re), Some(0.3 * -1.0 + 0.7 * 0.5));
/// let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// println!("{} moves with the weight by {}", z.re, z.eps[0]);
/// # Ok(()) }
/// ```
///
/// # Notes
/// Probabilities are summed by their logarithms, so both tails are accurate as far as the components' logarithms are. Quantiles are
/// found between the smallest and largest of the components' by Newton's method in a bracket. In a gap between supports the
/// distribution function is constant: the quantile of that very probability is the lower edge of the gap.
///
/// A draw costs, beside one of a component, two logarithmic tails and a few densities in every component and one quantile, where
/// derivatives are asked for.
/// A mixture of one component is that component, bit for bit.
///
/// The entropy is an integral over the line in panels between quantiles of the components, halved until Gauss-Legendre rules
/// agree to 1e-11. Its second derivatives in a weight of 0 leave out what is beyond the components' quantiles of 1e-20:
/// 1e-5 of it for a component five standard deviations away, more for one farther off; first ones leave out nothing that
/// counts. The mode is not searched for, other than that of a single component.
#[derive(Clone, Debug)]
pub struct Mixture<S: Scalar, C: Components<S>> {
    components: C,
    weights: Weights<S, C::Values>,
}

impl<S: Scalar, C: Components<S, Values: Copy> + Copy> Copy for Mixture<S, C> {}

impl<S: Scalar, C: Components<S, Values: PartialEq> + PartialEq> PartialEq for Mixture<S, C> {
    fn eq(&self, other: &Self) -> bool {
        self.components == other.components && self.weights.linear() == other.weights.linear()
    }
}

impl<S: Scalar, C: Components<S>> Mixture<S, C> {
    /// The mixture with weights proportional to these: they are divided by their sum.
    ///
    /// A weight of 0 is allowed, and draws have derivatives in it.
    ///
    /// # Errors
    /// If a weight is not in [0, 1e150] or none is at least 1e-150, or if their number is not that of the components.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let laws = [Uniform::new(0.0, 1.0).unwrap(), Uniform::new(2.0, 3.0).unwrap()];
    /// let law = Mixture::new([1.0, 3.0], laws).unwrap();
    /// assert_eq!(law.weights(), &[0.25, 0.75]);
    /// assert_eq!(law.quantile(0.25), 1.0);
    /// assert_eq!(Mixture::new([0.0, 0.0], laws).unwrap_err().parameter(), "weights");
    /// ```
    pub fn new(weights: C::Values, components: C) -> Result<Self, LawError> {
        Ok(Mixture { weights: Weights::from_weights(weights, &components)?, components })
    }

    /// The mixture with weights proportional to the exponentials of these. A logit of -inf is a weight of 0, without derivatives.
    ///
    /// # Errors
    /// If a logit is not in [-1e150, 1e150] and not -inf, if all are -inf, or if their number is not that of the components.
    ///
    /// ```
    /// use reparam::prelude::*;
    /// let laws = [Normal::new(0.0, 1.0).unwrap(), Normal::new(5.0, 1.0).unwrap()];
    /// assert_eq!(Mixture::from_logits([0.0, 0.0], laws), Mixture::new([0.5, 0.5], laws));
    /// assert_eq!(Mixture::from_logits([0.0, f64::NAN], laws).unwrap_err().parameter(), "logits");
    /// ```
    pub fn from_logits(logits: C::Values, components: C) -> Result<Self, LawError> {
        Ok(Mixture { weights: Weights::from_logits(logits, &components)?, components })
    }

    /// The weights, which add up to 1.
    pub fn weights(&self) -> &C::Values {
        self.weights.linear()
    }

    /// The components.
    pub fn components(&self) -> &C {
        &self.components
    }

    /// The only component, if there is one.
    #[inline]
    fn only(&self) -> Option<&dyn Component<S>> {
        (self.components.count() == 1).then(|| self.components.get(0))
    }

    /// The components that have a share.
    fn positive(&self) -> impl Iterator<Item = &dyn Component<S>> {
        (0..self.components.count()).filter(|k| self.weights.is_positive(*k)).map(|k| self.components.get(k))
    }

    /// f of each component.
    #[inline]
    fn each(&self, f: impl Fn(&dyn Component<S>) -> S) -> C::Values {
        self.components.values(|k| f(self.components.get(k)))
    }

    /// `value` inside the support, else the limit, NaN for NaN.
    #[inline]
    fn inside(&self, x: S, below: f64, above: f64, value: impl FnOnce() -> S) -> S {
        let (low, high) = Continuous::support(self);
        let limit = if x.re().is_nan() {
            f64::NAN
        } else if x.re() < low.re() || x.re() == f64::NEG_INFINITY {
            below
        } else if x.re() > high.re() || x.re() == f64::INFINITY {
            above
        } else {
            return value();
        };
        // a component with a weight of 0 that moves may reach there
        if x.re().is_finite() && self.has_moving_zero() { value().with_re(limit) } else { S::from(limit) }
    }

    /// Whether a weight is 0 in value but has derivatives.
    #[inline]
    fn has_moving_zero(&self) -> bool {
        S::ORDER > 0 && self.weights().as_ref().iter().any(|w| w.re() == 0.0 && w.max_abs() > 0.0)
    }

    /// ln F or ln(1 - F), from the logarithm of the smaller.
    fn ln_of(&self, side: Side, x: S) -> S {
        let direct = self.ln_tail(side, x);
        if direct.re() <= -LN_2 {
            return direct;
        }
        // rounding may put it above 0
        let ln = self.ln_tail(side.other(), x).min(S::from(0.0)).ln_1m_exp();
        if !self.has_moving_zero() {
            return ln;
        }
        // the logarithm's slope may be beyond the doubles where the probability's is not
        let small = self.weights.mean(|k| {
            let component = self.components.get(k);
            if side == Side::Lower { component.sf(x) } else { component.cdf(x) }
        });
        (-small).ln_1p().with_re(ln.re())
    }
}

impl<S: Scalar, C: Components<S>> Distribution<S> for Mixture<S, C> {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> S {
        if self.components.count() == 1 {
            return self.components.sample(0, rng);
        }
        let k = self.weights.at(noise::uniform(rng));
        let z = self.components.sample(k, rng).re();
        self.lifted(z)
    }
}

impl<S: Scalar, C: Components<S>> Continuous<S> for Mixture<S, C> {
    fn has_atoms(&self) -> bool {
        self.positive().any(|c| c.has_atoms())
    }

    fn support(&self) -> (S, S) {
        let ends = self.positive().map(|c| c.support());
        ends.reduce(|(low, high), (l, h)| (low.min(l), high.max(h))).unwrap_or((S::from(f64::NAN), S::from(f64::NAN)))
    }

    fn ln_pdf(&self, x: S) -> S {
        if let Some(only) = self.only() {
            return only.ln_pdf(x);
        }
        let outside = f64::NEG_INFINITY;
        self.inside(x, outside, outside, || self.weights.ln_sum(&self.each(|c| c.ln_pdf(x))))
    }

    fn pdf(&self, x: S) -> S {
        if let Some(only) = self.only() {
            return only.pdf(x);
        }
        self.inside(x, 0.0, 0.0, || self.weights.mean(|k| self.components.get(k).pdf(x)))
    }

    fn cdf(&self, x: S) -> S {
        if let Some(only) = self.only() {
            return only.cdf(x);
        }
        self.inside(x, 0.0, 1.0, || self.weights.mean(|k| self.components.get(k).cdf(x)).min(S::from(1.0)))
    }

    fn sf(&self, x: S) -> S {
        if let Some(only) = self.only() {
            return only.sf(x);
        }
        self.inside(x, 1.0, 0.0, || self.weights.mean(|k| self.components.get(k).sf(x)).min(S::from(1.0)))
    }

    fn ln_cdf(&self, x: S) -> S {
        if let Some(only) = self.only() {
            return only.ln_cdf(x);
        }
        self.inside(x, f64::NEG_INFINITY, 0.0, || self.ln_of(Side::Lower, x))
    }

    fn ln_sf(&self, x: S) -> S {
        if let Some(only) = self.only() {
            return only.ln_sf(x);
        }
        self.inside(x, 0.0, f64::NEG_INFINITY, || self.ln_of(Side::Upper, x))
    }

    fn quantile(&self, p: S) -> S {
        if let Some(only) = self.only() {
            return only.quantile(p);
        }
        if p.re() <= 0.5 {
            self.at(Side::Lower, p.re(), p.ln())
        } else {
            self.at(Side::Upper, 1.0 - p.re(), (-p).ln_1p())
        }
    }

    fn isf(&self, q: S) -> S {
        if let Some(only) = self.only() {
            return only.isf(q);
        }
        if q.re() <= 0.5 {
            self.at(Side::Upper, q.re(), q.ln())
        } else {
            self.at(Side::Lower, 1.0 - q.re(), (-q).ln_1p())
        }
    }

    fn quantile_ln(&self, ln_p: S) -> S {
        if let Some(only) = self.only() {
            return only.quantile_ln(ln_p);
        }
        if ln_p.re() <= -LN_2 {
            self.at(Side::Lower, ln_p.exp().re(), ln_p)
        } else {
            self.at(Side::Upper, -ln_p.exp_m1().re(), ln_p.ln_1m_exp())
        }
    }

    fn isf_ln(&self, ln_q: S) -> S {
        if let Some(only) = self.only() {
            return only.isf_ln(ln_q);
        }
        if ln_q.re() <= -LN_2 {
            self.at(Side::Upper, ln_q.exp().re(), ln_q)
        } else {
            self.at(Side::Lower, -ln_q.exp_m1().re(), ln_q.ln_1m_exp())
        }
    }

    /// Σ w_k E_k; `None` where a component has none, or infinities of both signs meet.
    fn mean(&self) -> Option<S> {
        let mut means = self.positive().map(|c| c.mean());
        if means.any(|m| m.is_none()) {
            return None;
        }
        let mean = self.weights.mean(|k| self.components.get(k).mean().unwrap_or(S::from(f64::NAN)));
        (!mean.re().is_nan()).then_some(mean)
    }

    /// Σ w_k (Var_k + (E_k - E)²)
    fn variance(&self) -> Option<S> {
        let mean = Continuous::mean(self)?;
        if !mean.re().is_finite() || self.positive().any(|c| c.variance().is_none()) {
            return None;
        }
        Some(self.weights.mean(|k| {
            let c = self.components.get(k);
            let (m, v) = (c.mean().unwrap_or(S::from(f64::NAN)), c.variance().unwrap_or(S::from(f64::NAN)));
            if v.re().is_finite() { v + (m - mean) * (m - mean) } else { v }
        }))
    }

    fn entropy(&self) -> S {
        match self.only() {
            Some(only) => only.entropy(),
            None => self.integrated_entropy(),
        }
    }

    /// That of a single component; `None` for more.
    fn mode(&self) -> Option<S> {
        self.only()?.mode()
    }

    fn median(&self) -> S {
        match self.only() {
            Some(only) => only.median(),
            None => Continuous::quantile(self, S::from(0.5)),
        }
    }
}
