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
//! | a half-line | [`Exponential`], [`Gamma`], [`Erlang`], [`GeneralizedGamma`], [`InverseGamma`], [`ChiSquared`], [`NoncentralChiSquared`], [`InverseChiSquared`], [`ScaledInverseChiSquared`], [`Chi`], [`Nakagami`], [`Rayleigh`], [`Rice`], [`Maxwell`], [`LogNormal`], [`LogLogistic`], [`BirnbaumSaunders`], [`Weibull`], [`Frechet`], [`Gompertz`], [`Dagum`], [`BurrXII`], [`Pareto`], [`Lomax`], [`GeneralizedPareto`], [`Levy`], [`InverseGaussian`], [`GeneralizedInverseGaussian`], [`BetaPrime`], [`BetaQuotient`], [`FisherF`], [`GammaGamma`], [`HalfNormal`], [`HalfCauchy`], [`HalfStudentT`], [`FoldedNormal`] |
//! | the line | [`Normal`], [`StudentT`], [`NoncentralT`], [`Laplace`], [`AsymmetricLaplace`], [`Logistic`], [`HyperbolicSecant`], [`SoftLaplace`], [`Cauchy`], [`Gumbel`], [`Gev`], [`Moyal`], [`JohnsonSU`], [`SinhArcsinh`], [`SkewNormal`], [`SkewT`], [`TwoPieceNormal`], [`GeneralizedNormal`], [`NormalInverseGaussian`], [`Stable`], [`ExponentiallyModifiedGaussian`], [`Horseshoe`], [`LogGamma`], [`LogitBeta`] |
//! | the circle | [`VonMises`] |
//! | whole numbers | [`Bernoulli`], [`Binomial`], [`BetaBinomial`], [`NegativeBinomial`], [`Geometric`], [`Poisson`], [`GammaPoisson`], [`Skellam`], [`Hypergeometric`], [`Zipf`], [`Zeta`], [`DiscreteUniform`], [`Categorical`], [`OrderedLogistic`], [`ZeroInflated`] |
//! | vectors of whole numbers, permutations | [`OneHotCategorical`], [`Multinomial`], [`DirichletMultinomial`], [`PlackettLuce`] |
//! | vectors | `MultivariateNormal`, `LowRankNormal`, `MultivariateStudentT`, `Independent` |
//! | proportions | `Dirichlet`, `LogDirichlet`, `LogisticNormal` |
//! | the sphere | `VonMisesFisher`, `PowerSpherical`, `UniformSphere`, `ProjectedNormal` |
//! | matrices | `Wishart`, `InverseWishart`, `LkjCholesky`, `MatrixNormal` |
//! | made of other laws | [`Truncated`], [`Censored`], [`Transformed`], [`Mixture`], [`FactorizedMixture`], `Affine`, `MultivariateTransformed` |
//! | given by a function | [`FromCdf`], [`FromQuantile`], [`FromLogDensity`] |
//! | a half-line, 0 with a probability | [`Tweedie`] |
//! | one point | [`Delta`] |
//!
//! Those in plain type need the feature `nalgebra`.
//!
//! A law that is drawn from often may have tables of its derivatives and of its quantiles: [`Prepare`]. Many draws at once
//! go into slices: [`fill`](fn@fill), and [`fill_in_lanes`] where programs are compiled for processors with wide vectors.
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

pub mod bijection;
#[cfg(feature = "serde")]
pub(crate) mod bound;
mod continuous;
mod discrete;
mod divergence;
mod family;
mod fill;
pub(crate) mod form;
pub(crate) mod in_lanes;
mod law;
pub mod mixture;
#[cfg(feature = "nalgebra")]
mod multivariate;
mod numeric;
#[cfg(feature = "alloc")]
mod often;
mod prepared;
mod table;

pub use crate::noise::Lanes;
pub use crate::parameter::{LawError, Parameter, Range};
pub use continuous::*;
pub use discrete::*;
pub use family::Family;
pub use fill::fill;
pub use in_lanes::{InLanes, fill_in_lanes};
pub use law::{Continuous, Coordinates, Joint, KlDivergence};
pub use mixture::{FactorizedMixture, Mixture};
#[cfg(feature = "nalgebra")]
pub use multivariate::*;
pub use numeric::{Cdf, FromCdf, FromLogDensity, FromQuantile, LogDensity, Quantile};
pub use prepared::{Prepare, Prepared};

pub(crate) use family::{count, family, getters, laws, parameters};
pub(crate) use law::{draw_at, draw_at_by, methods};
#[cfg(feature = "alloc")]
pub(crate) use often::{Counts, Kept, Lent, Often, One, What};
pub(crate) use table::Known;
#[cfg(not(feature = "alloc"))]
pub(crate) use table::{Kept, Lent};
