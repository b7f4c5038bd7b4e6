//! Monte Carlo expectations: the value, gradient and Hessian of E[f(θ, noise)], each with its standard error.
//!
//! # Which one?
//! | your program | entry | result |
//! |---|---|---|
//! | draws that move smoothly with the parameters | [`pathwise`] | gradient; [`pathwise_hessian`]: the Hessian as well |
//! | the same, to many digits, few important draws | [`quasi`] | gradient by quasi-random points; [`quasi_hessian`] |
//! | discrete choices: coins, cells, branches | [`mix`] | gradient by replay and scores |
//! | counts, populations, reactions: many choices | [`martingale`] | gradient by scores whose noise is mostly known |
//! | counts, and single choices that matter | [`mix`] with [`controls`](Estimator::controls) | gradient by replay and both scores |
//! | populations of ten thousand and more | [`finite_difference`] | gradient, with a bias that is estimated |
//! | counts, second derivatives | [`martingale_hessian`] | Hessian, with such a bias |
//! | cells that are empty; single choices that matter | [`replay`] | gradient; [`replay_hessian`] |
//! | anything with choices, second derivatives | [`score_hessian`] | Hessian by scores; [`score`]: the gradient |
//! | kinks (`max`, `abs`), second derivatives | [`kinked_hessian`] | Hessian by the score of the pathwise derivative |
//! | jumps in draws of laws | [`likelihood_ratio`] | gradient by scores of the draws; [`likelihood_ratio_hessian`] |
//! | one draw into a black box with jumps | [`measure_valued`] | one derivative |
//! | draws with few parameters each, a model with its own gradient | [`local`] | gradient at the cost of the model's |
//! | samples that come with their gradients | [`with_gradient`] | what is estimated from them |
//!
//! Beyond the mean: [`value_at_risk`] (quantile and the mean beyond it), [`exceedance`] (probability and excess over a
//! threshold), [`ln_mean_exp`], and any smooth function of expectations by [`Estimator::function`].
//!
//! [`compare`] runs all that apply side by side and says which is best and which is wrong; [`auto`] takes the best.
//!
//! Less noise:
//!
//! | what is known | entry | |
//! |---|---|---|
//! | results are monotone in the draws, or nearly odd | [`antithetic`] | pairs on mirrored noise |
//! | one or two draws decide most | [`stratified`] | a grid over them |
//! | many draws whose effects add up | [`latin_hypercube`] | a cell a point in every dimension |
//! | something with a known mean | [`ControlVariates`] | regression on it, in loops of your own |
//! | what matters is rare | [`Chance::draw_from`](crate::program::Chance::draw_from), [`self_normalized`] | draws from another law, with weights |
//! | the last choice or kink can be summed out | [`Chance::sum_out`](crate::program::Chance::sum_out), [`Chance::threshold_weight`](crate::program::Chance::threshold_weight) | conditional Monte Carlo |
//! | coarser models are cheaper | [`multilevel`] | differences of levels |
//! | a difference is wanted | [`difference`] | common random numbers |
//!
//! The number of parameters is fixed in the types, `[f64; N]`, or known at run time, `&[f64]`:
//!
//! | any number N of parameters | cost of a sample |
//! |---|---|
//! | [`score_dyn`], [`martingale_dyn`] | one run in larger numbers, if numbers depend on few parameters each |
//! | [`replay_dyn`], [`mix_dyn`] | three and four runs, likewise |
//! | [`pathwise_dyn`], [`pathwise_program_dyn`] | N/8 runs in jets |
//! | [`quasi_dyn`], [`latin_hypercube_dyn`], [`stratified_dyn`], [`antithetic_dyn`], [`likelihood_ratio_dyn`] | the same |
//! | [`finite_difference_dyn`] | 2 N + 1 plain runs; along random directions as many as are wanted |
//! | [`forward_gradient`] | one run in jets, for more noise |
//! | [`local`], [`with_gradient`] | that of your gradient |
//! | [`pathwise_hessian_dyn`], [`pathwise_hessian_diagonal`], [`pathwise_hessian_vector`] | second derivatives |
//!
//! For thousands of parameters there is reverse mode, in the crate `reparam-adjoint` beside this one; its page says when
//! which mode wins.
//!
//! [`pathwise`] takes a closure of the parameters and a handle for random numbers, which is a generator too. All others
//! take a [`Program`](crate::program::Program), written with [`program!`](crate::program!): they run it in several
//! kinds of numbers. Both return a number, an array or a `Vec` of numbers, or a `Result` of one of these; what is
//! estimated has the same shape.
//!
//! A closure's or program's derivative may be taken inside the expectation if it is continuous in its parameters at
//! fixed noise (and differentiable except at kinks): what is drawn may depend on parameters smoothly, which branch is
//! taken may not. Branches are for choices, drawn through the handle.
//!
//! As with num-dual's `gradient` and `hessian`, the closure receives the numbers of the order asked for, and one
//! function that is generic over [`Scalar`](crate::scalar::Scalar) serves all of them. It returns a number, or a
//! `Result` of one, so that `?` works on the constructors of laws.
//!
//! ```
//! use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
//! use reparam::distr::LawError;
//! use reparam::{estimate, prelude::*};
//!
//! // E[z^2] = mean^2 + std_dev^2
//! fn square<S: Scalar, R: Rng>([mean, std_dev]: [S; 2], rng: &mut R) -> Result<S, LawError> {
//!     Ok(Normal::new(mean, std_dev)?.sample(rng).powi(2))
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
//! let e = estimate::pathwise([0.3, 1.2], square).samples(100_000).run(&mut rng)?;
//! assert!((e.gradient[0] - 0.6).abs() < 5.0 * e.gradient_se[0]);
//! println!("{e}"); // value ± standard error, and the same for each derivative
//!
//! let h = estimate::pathwise_hessian([0.3, 1.2], square).samples(100_000).run(&mut rng)?;
//! assert_eq!(h.hessian[0][0], 2.0);
//! assert!((h.hessian[1][1] - 2.0).abs() < 5.0 * h.hessian_se[1][1]);
//! # Ok(()) }
//! ```
//!
//! # Seeds and threads
//! `run` takes one number of a generator as the seed of all samples, `run_seed` takes the seed itself, and `par_run`
//! (feature `rayon`) runs on all cores. All give the same bits for one seed, for any number of threads: samples come in
//! blocks of [`BLOCK`], each with random numbers of its own, and blocks are added up along one tree. An error names
//! sample and seed, and `rerun` repeats that sample alone.
//!
//! [`Estimator::part`] runs some of the blocks and [`Estimator::of_parts`] puts parts together, that were run on
//! several machines say; [`Estimator::run_while`] stops at a precision, after a time, or when told to.
//! [`Estimator::function`] estimates smooth functions of expectations, [`Estimator::covariances`] keeps the covariances
//! of all numbers of an estimate. What an estimate can see of its own weaknesses
//! is in its [`Notes`].
//!
//! # Laws that are drawn again and again
//! Gamma, beta, Student's t and von Mises laws, and what is made of them, have draws whose derivatives are dear. Where
//! [`Chance::draw`](crate::program::Chance::draw) and [`Chance::draw_joint`](crate::program::Chance::draw_joint) draw them with the
//! same shapes in sample after sample, they get tables, as [`prepared`](crate::distr::Prepare::prepared) laws have, on their own: a pilot of 2
//! to 16 runs (or batches of them) looks for them, in estimates of 512 or more. That holds for the estimators whose runs carry derivatives:
//! pathwise ones, [`score`], [`replay`], [`mix`], [`martingale`], [`kinked_hessian`], [`local`], [`with_gradient`] and what is made of them. Draws
//! have the same bits as without tables, and derivatives the same digits, except that Student's t below 40 degrees of freedom moves at a
//! fixed probability, which has less variance. [`quasi`] and [`antithetic`] draw by quantiles, which are from tables too, to 1e-13.
//!
//! Draws by `law.sample(&mut chance.generator())` keep their formulas, as do mixtures and truncated laws.

mod antithetic;
mod baseline;
mod blocks;
mod choices;
#[cfg(feature = "alloc")]
mod chunks;
#[cfg(feature = "std")]
mod compare;
mod components;
mod control_variate;
#[cfg(feature = "alloc")]
mod covariance;
#[cfg(feature = "alloc")]
mod curvature;
mod difference;
#[cfg(feature = "alloc")]
mod dynamic;
mod error;
mod estimator;
#[cfg(feature = "alloc")]
mod flat;
#[cfg(feature = "alloc")]
mod forward;
mod function;
mod kinked;
mod likelihood_ratio;
mod ln_mean_exp;
#[cfg(feature = "alloc")]
mod local;
mod measure_valued;
mod moments;
#[cfg(feature = "alloc")]
mod multilevel;
mod notes;
#[cfg(feature = "alloc")]
mod partial;
#[cfg(feature = "alloc")]
mod passes;
mod pathwise;
mod pilot;
#[cfg(feature = "alloc")]
mod quasi;
mod relative;
mod report;
mod returned;
mod scatter;
#[cfg(feature = "alloc")]
mod second;
mod self_normalized;
#[cfg(feature = "alloc")]
mod tables;
#[cfg(feature = "alloc")]
mod tail;
#[cfg(feature = "rayon")]
mod threads;
#[cfg(feature = "alloc")]
mod with_gradient;

pub use antithetic::{Antithetic, Mirrored, antithetic, antithetic_hessian};
#[cfg(feature = "alloc")]
pub use antithetic::{AntitheticDyn, antithetic_dyn};
pub use baseline::{MovingAverage, leave_one_out};
pub use choices::*;
#[cfg(feature = "std")]
pub use compare::{
    Auto, AutoError, AutoEstimate, Compare, Compared, Comparison, Kind, PILOT, Referee, Verdict, auto, compare,
};
pub use components::{Component, Components};
pub use control_variate::ControlVariates;
#[cfg(feature = "alloc")]
pub use covariance::{Covariances, Number, WithCovariances};
#[cfg(feature = "alloc")]
pub use curvature::{Curvature, CurvatureEstimate};
pub use difference::{Difference, difference};
#[cfg(feature = "alloc")]
pub use dynamic::{Chunks, pathwise_chunks, pathwise_dyn, pathwise_program_dyn};
pub use error::EstimateError;
pub use estimator::{BLOCK, DEFAULT_SAMPLES, Estimator, Sampler, Seeds, Stopped};
#[cfg(feature = "alloc")]
pub use forward::{Random, forward_gradient};
pub use function::{Moved, OfExpectations};
pub use kinked::{Kinked, kinked_hessian};
pub use likelihood_ratio::{DrawsByScores, LikelihoodRatio, likelihood_ratio, likelihood_ratio_hessian};
#[cfg(feature = "alloc")]
pub use likelihood_ratio::{LikelihoodRatioDyn, likelihood_ratio_dyn};
pub use ln_mean_exp::{LnMeanExp, ln_mean_exp};
#[cfg(feature = "alloc")]
pub use local::{DrawHandle, Draws, Local, LocalState, local};
pub use measure_valued::{MeasureValued, WeakDerivative, measure_valued};
pub use moments::{Block, Moments};
#[cfg(feature = "alloc")]
pub use multilevel::{Level, Multilevel, MultilevelEstimate, multilevel};
pub use notes::Notes;
#[cfg(feature = "alloc")]
pub use partial::{MergeError, Partial, PartialOf, Prepared};
#[cfg(feature = "alloc")]
pub use passes::{Body, OfClosure, OfProgram, Passes, Pattern};
pub use pathwise::{Closure, Handle, Smooth, pathwise, pathwise_hessian, pathwise_program, pathwise_program_hessian};
#[cfg(feature = "alloc")]
pub use quasi::{
    Points, Quasi, QuasiDyn, latin_hypercube, latin_hypercube_dyn, quasi, quasi_dyn, quasi_hessian, stratified,
    stratified_dyn,
};
pub use relative::Relative;
#[cfg(feature = "alloc")]
pub use relative::RelativeDyn;
pub use report::{Corrected, Estimate, HessianEstimate, Matrices, Named, Order, Row, Rows};
pub use returned::{Returned, Sure};
pub use scatter::Scatter;
#[cfg(feature = "alloc")]
pub use second::{
    AllPairs, Diagonal, Direction, pathwise_hessian_diagonal, pathwise_hessian_dyn, pathwise_hessian_vector,
};
pub use self_normalized::{Effective, SelfNormalized, self_normalized};
#[cfg(feature = "alloc")]
pub use tail::*;
#[cfg(feature = "alloc")]
pub use with_gradient::{GradientSource, WithGradient, with_gradient};
