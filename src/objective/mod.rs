//! Objectives of variational inference: bounds on ln p(x) whose gradients have little noise.
//!
//! A model gives ln p(x, z) for latent numbers z, a variational law q(z; φ) stands in for the posterior p(z | x), and
//! E[ln p(x, z) - ln q(z; φ)], the evidence lower bound (ELBO), is made large. The draws of q move with φ; so does ln q, in
//! two ways: along the draw, and at a draw that stays. The second, the score of q, has mean 0 and is only noise.
//!
//! | function of one sample | bound | first derivative |
//! |---|---|---|
//! | [`elbo`] | ELBO | total |
//! | [`sticking_the_landing`] | ELBO | without the score: no noise at all where q is the posterior |
//! | [`importance_weighted`] | importance-weighted ELBO of K draws (IWAE), which rises to ln p(x) | total |
//! | [`doubly_reparameterized`] | the same | without scores (DReG): its signal grows with K where that of the total sinks |
//!
//! | | bias of the bound | bias of its gradient | variance of the gradient in φ | cost | source |
//! |---|---|---|---|---|---|
//! | [`elbo`] | -KL(q, posterior) | none | that of a score even at the optimum | ln p, ln q | Kingma & Welling 2014 |
//! | `ln_p + q.entropy()` | the same | none | no score; that of ln p alone | ln p | the same |
//! | [`sticking_the_landing`] | the same | none | 0 at the optimum; above that of [`elbo`] far from it, sometimes | ln p, ln q twice | Roeder, Wu & Duvenaud 2017 |
//! | [`importance_weighted`] | about -Var(w)/(2 K E\[w\]²) for many draws | none | relative to the gradient it grows like K | K of [`elbo`] | Burda, Grosse & Salakhutdinov 2016, equation 8; Rainforth et al. 2018 |
//! | [`doubly_reparameterized`] | the same | none | relative to the gradient it falls like 1/K; 0 at the optimum | K times ln p twice, ln q twice | Tucker, Lawson, Gu & Maddison 2019 |
//!
//! "None" is for the first derivatives, and for a q whose support does not depend on φ: the mean of its score is 0 then.
//! [`elbo`] and [`importance_weighted`] are right to every order; the other two leave out what has mean 0 to the first
//! order only, and refuse to compile for second derivatives.
//!
//! All are functions of one sample, generic over the scalar: they go into the closures and programs of
//! [`estimate`](crate::estimate), whatever the number of parameters, and of the crate `reparam-adjoint`. ln p may depend on
//! the parameters that are differentiated, too: then it is a model that is fitted along.
//!
//! ```
//! use reparam::{estimate, objective, prelude::*};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // z ~ N(0, 1), x ~ N(z, 1), and x = 2 was seen: the posterior is N(1, 1/√2)
//! fn ln_joint<S: Scalar>(z: &S) -> Result<S, LawError> {
//!     let (prior, likelihood) = (Normal::new(S::from(0.0), S::from(1.0))?, Normal::new(*z, S::from(1.0))?);
//!     Ok(prior.ln_pdf(*z) + likelihood.ln_pdf(S::from(2.0)))
//! }
//! let at = |mean: f64, ln_sd: f64| {
//!     estimate::pathwise([mean, ln_sd], |[mean, ln_sd], chance| {
//!         objective::sticking_the_landing(&Normal::new(mean, ln_sd.exp())?, ln_joint, chance)
//!     })
//!     .run_seed(1)
//! };
//! let e = at(0.5, 0.0)?;
//! assert!((e.gradient[0] - 1.0).abs() < 5.0 * e.gradient_se[0]); // x - 2 m
//! let e = at(1.0, -0.5 * 2f64.ln())?;
//! assert!(e.gradient_se[0] < 1e-14); // the landing
//! # let ln_evidence = Normal::new(0.0, 2f64.sqrt())?.ln_pdf(2.0);
//! # assert!((e.value - ln_evidence).abs() < 1e-14 && e.value_se < 1e-14);
//! # Ok(()) }
//! ```
//!
//! What is drawn may be one number, a vector, or several independent ones: pairs, arrays and `Vec`s of laws are laws here
//! ([`Variational`]). For laws of your own, a chain of draws or a flow, there are the parts: [`path`] of the two densities, and
//! the sums over draws, [`ImportanceWeighted`] and [`DoublyReparameterized`].
//!
//! With numbers of few parameters each and a model that has its own gradient, the draw and ln q along it are two numbers
//! for [`estimate::local`](crate::estimate::local): [`ln_density_along`].
//!
//! Gradients for q with discrete numbers are those of choices: a [`program!`](crate::program!) that draws k by a choice, and
//! returns ln p(x, k) - ln q(k). For bounds of several draws [`vimco`] has less noise.
//!
//! At fixed random numbers, for line searches, the derivative must be that of the value: [`elbo`] and
//! [`importance_weighted`], or `ln_p + q.entropy()`. The others are right on average only.

mod bound;
mod elbo;
mod law;
mod vimco;

pub use bound::{DoublyReparameterized, ImportanceWeighted};
pub use elbo::{doubly_reparameterized, elbo, importance_weighted, sticking_the_landing};
pub use law::{Detach, Joined, OfNumber, OfPoint, Variational, ln_density_along, path, score};
pub use vimco::vimco;
