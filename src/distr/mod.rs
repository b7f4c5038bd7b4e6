//! Laws: densities, distribution functions, quantiles, moments, and draws that carry derivatives.
//!
//! A law is generic over its scalar. `Normal<f64>` draws plain numbers; `Normal<Jet<f64, 2>>`, made of two jets, draws
//! numbers that carry their derivatives with respect to the two parameters. The value of a draw is the same, bit for
//! bit, whatever the scalar.
//!
//! ```
//! use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
//! use reparam::prelude::*;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let [shape, rate] = Jet::variables([2.5, 2.0]);
//! let law = Gamma::new(shape, rate)?;
//! let z = law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1)); // z.eps = [dz/dshape, dz/drate]
//! assert!((z.eps[1] + z.re / 2.0).abs() < 1e-14 * z.re); // 1/rate is a scale
//! # Ok(()) }
//! ```
//!
//! # Laws
//!
//! | on | laws |
//! |---|---|
//! | an interval | [`Uniform`], [`LogUniform`], [`Arcsine`], [`Triangular`], [`Bates`], [`Beta`], [`BetaProportion`], [`Pert`], [`Kumaraswamy`], [`ContinuousBernoulli`], [`LogitNormal`], [`TruncatedPowerLaw`], [`TruncatedNormal`], [`TruncatedLogistic`] |
//! | a half-line | [`Exponential`], [`Gamma`], [`Erlang`], [`GeneralizedGamma`], [`InverseGamma`], [`ChiSquared`], [`NoncentralChiSquared`], [`InverseChiSquared`], [`ScaledInverseChiSquared`], [`Chi`], [`Nakagami`], [`Rayleigh`], [`Maxwell`], [`LogNormal`], [`LogLogistic`], [`Weibull`], [`Frechet`], [`Gompertz`], [`Dagum`], [`Pareto`], [`GeneralizedPareto`], [`Levy`], [`InverseGaussian`], [`BetaPrime`], [`BetaQuotient`], [`FisherF`], [`GammaGamma`], [`HalfNormal`], [`HalfCauchy`], [`HalfStudentT`], [`FoldedNormal`] |
//! | the line | [`Normal`], [`StudentT`], [`Laplace`], [`AsymmetricLaplace`], [`Logistic`], [`HyperbolicSecant`], [`SoftLaplace`], [`Cauchy`], [`Gumbel`], [`Gev`], [`Moyal`], [`JohnsonSU`], [`SinhArcsinh`], [`SkewNormal`], [`TwoPieceNormal`], [`GeneralizedNormal`], [`NormalInverseGaussian`], [`Stable`], [`ExponentiallyModifiedGaussian`], [`Horseshoe`], [`LogGamma`], [`LogitBeta`] |
//! | the circle | [`VonMises`] |
//! | whole numbers | [`Bernoulli`], [`Binomial`], [`BetaBinomial`], [`NegativeBinomial`], [`Geometric`], [`Poisson`], [`GammaPoisson`], [`Skellam`], [`Hypergeometric`], [`Zipf`], [`Zeta`], [`DiscreteUniform`], [`Categorical`], [`OrderedLogistic`], [`ZeroInflated`] |
//! | vectors of whole numbers, permutations | [`OneHotCategorical`], [`Multinomial`], [`DirichletMultinomial`], [`PlackettLuce`] |
//! | vectors | `MultivariateNormal`, `LowRankNormal`, `MultivariateStudentT`, `Independent` |
//! | proportions | `Dirichlet`, `LogDirichlet`, `LogisticNormal` |
//! | the sphere | `VonMisesFisher`, `PowerSpherical`, `UniformSphere`, `ProjectedNormal` |
//! | matrices | `Wishart`, `InverseWishart`, `LkjCholesky`, `MatrixNormal` |
//! | made of other laws | [`Truncated`], [`Transformed`], [`Mixture`], [`FactorizedMixture`], `Affine`, `MultivariateTransformed` |
//! | given by a function | [`FromCdf`], [`FromLogDensity`] |
//!
//! Those in plain type need the feature `nalgebra`.
//!
//! # The range of parameters
//! Parameters are between -1e150 and 1e150, positive ones between 1e-150 and 1e150: their squares and reciprocals are then
//! doubles, and formulas hold. Constructors refuse what is outside, as they refuse infinities and NaN. Bounds of a
//! truncation may be infinite. Values at such extremes may overflow to infinity or underflow to 0; so may derivatives, and
//! where the formula of one sums infinities of both signs it is NaN. A mean or variance whose factors overflow and underflow
//! may be NaN where a parameter is beyond 1e40 or below 1e-40.
//!
//! Draws of continuous laws come from rand's trait `Distribution<S>`, everything else from [`Continuous`]. Discrete laws draw plain
//! outcomes, and their probabilities are those of [`Discrete`] and [`DiscreteUnivariate`].

mod affine;
mod alternating;
mod beta_logit;
pub mod bijection;
mod box_cox;
mod continuous;
mod discrete;
mod exp_of;
mod family;
mod form;
pub(crate) mod gamma_family;
mod interval;
mod inverted;
pub(crate) mod magnitude;
mod marsaglia_tsang;
pub mod mixture;
#[cfg(feature = "nalgebra")]
mod multivariate;
mod numeric;
mod of_normal;
mod panels;
mod parameter;
mod quadrature;
mod truncation;

pub use continuous::*;
pub use discrete::*;
pub use family::Family;
pub use mixture::{FactorizedMixture, Mixture, MixtureError};
#[cfg(feature = "nalgebra")]
pub use multivariate::*;
pub use numeric::{Cdf, FromCdf, FromCdfError, FromLogDensity, FromLogDensityError, LogDensity};
pub use parameter::{LawError, Range};

pub(crate) use affine::{Placed, Standard, affine};
pub(crate) use alternating::{alternating_sum, half_line, mean_softplus};
pub(crate) use box_cox::{BoxCox, Powers};
pub(crate) use exp_of::{ExpOf, bounded, exp, exp_of, exp_times_exp_m1, ln_ratio, times_exp};
pub(crate) use family::{count, errors, family, laws};
pub(crate) use form::{ByRoot, Even, Form, Half, Moments, Rooted, Size, Symmetric, law_of};
pub(crate) use inverted::{Inverted, inverted, tail_root};
pub(crate) use of_normal::{Increasing, OfNormal, ln_hypot_1, product, sinh};
pub(crate) use parameter::{Parameter, check, parameters, range};
pub(crate) use quadrature::{mean_across_kink, mean_of_even, mean_over_levels, mean_over_normal};

use crate::scalar::Scalar;
use core::f64::consts::LN_2;
use rand::distr::Distribution;

/// A continuous law on the real line, with parameters, arguments and results of one scalar type.
///
/// Arguments that are constants are written `2.0.into()` or `S::from(2.0)`. At every argument of a double each method has
/// a value, and NaN only for NaN or for a probability outside [0, 1].
///
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Normal::new(1.0, 2.0)?;
/// assert_eq!(law.cdf(1.0), 0.5);
/// assert_eq!(law.mean(), Some(1.0));
///
/// // the derivative of the 97.5 % quantile in mean and standard deviation
/// let [mean, std_dev] = Jet::variables([1.0, 2.0]);
/// let q = Normal::new(mean, std_dev)?.quantile(0.975.into());
/// assert!((q.eps[0] - 1.0).abs() < 1e-15 && (q.eps[1] - 1.959963984540054).abs() < 1e-15);
/// # Ok(()) }
/// ```
pub trait Continuous<S: Scalar>: Distribution<S> {
    /// The ends of the support, -inf and inf among them.
    fn support(&self) -> (S, S);

    /// The logarithm of the density; -inf outside the support.
    fn ln_pdf(&self, x: S) -> S;

    /// The density f(x) = dF/dx; 0 outside the support.
    fn pdf(&self, x: S) -> S {
        self.ln_pdf(x).exp()
    }

    /// The distribution function F(x) = P(X <= x), accurate in the lower tail.
    fn cdf(&self, x: S) -> S;

    /// The survival function 1 - F(x) = P(X > x), accurate in the upper tail.
    fn sf(&self, x: S) -> S;

    /// ln F(x), accurate in both tails.
    fn ln_cdf(&self, x: S) -> S;

    /// ln(1 - F(x)), accurate in both tails.
    fn ln_sf(&self, x: S) -> S;

    /// The x with F(x) = p: the inverse of [`Continuous::cdf`]. NaN for p outside [0, 1].
    fn quantile(&self, p: S) -> S;

    /// The x with 1 - F(x) = q: the inverse of [`Continuous::sf`]. NaN for q outside [0, 1].
    fn isf(&self, q: S) -> S;

    /// The x with ln F(x) = `ln_p`, in closed form where the law has one: for probabilities below the range of doubles.
    fn quantile_ln(&self, ln_p: S) -> S {
        if ln_p.re() < -LN_2 { self.quantile(ln_p.exp()) } else { self.isf(-ln_p.exp_m1()) }
    }

    /// The x with ln(1 - F(x)) = `ln_q`, in closed form where the law has one.
    fn isf_ln(&self, ln_q: S) -> S {
        if ln_q.re() < -LN_2 { self.isf(ln_q.exp()) } else { self.quantile(-ln_q.exp_m1()) }
    }

    /// E\[X\]: infinite where the integral diverges to infinity, `None` where it does not exist.
    fn mean(&self) -> Option<S>;

    /// E[(X - E X)²]: infinite where the integral diverges, `None` where the mean is not finite.
    fn variance(&self) -> Option<S>;

    /// The differential entropy -E[ln f(X)], in nats.
    fn entropy(&self) -> S;

    /// The point of highest density; `None` where there is no single one or the density has no bound.
    fn mode(&self) -> Option<S>;

    /// The x with F(x) = 1/2.
    fn median(&self) -> S {
        self.quantile(S::from(0.5))
    }
}

/// The Kullback-Leibler divergence between two laws of one family, in closed form.
pub trait KlDivergence<S: Scalar> {
    /// E[ln f(X) - ln g(X)] for X from self, f the density of self and g that of `other`, in nats; infinite where `other`
    /// gives no density to a part of the support of self.
    fn kl_divergence(&self, other: &Self) -> S;
}

/// The largest size of a parameter, and the reciprocal of the smallest: their squares and products are doubles.
const LARGEST: f64 = 1e150;

/// Whether a parameter is a number in [-1e150, 1e150].
#[inline]
pub(crate) fn in_range<S: Scalar>(x: S) -> bool {
    x.re().abs() <= LARGEST
}

/// Whether a parameter is a number in [1e-150, 1e150].
#[inline]
pub(crate) fn positive<S: Scalar>(x: S) -> bool {
    (1.0 / LARGEST..=LARGEST).contains(&x.re())
}

/// Whether a number is in [0, 1].
#[inline]
pub(crate) fn is_probability<S: Scalar>(p: S) -> bool {
    (0.0..=1.0).contains(&p.re())
}
