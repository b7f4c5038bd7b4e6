//! Rejection sampling that can be differentiated.
//!
//! A rejection sampler draws a proposal and accepts it or draws again. Which proposal is accepted jumps with the parameters;
//! derivatives along the accepted proposal alone are wrong, sometimes by little: a well-known sampler of the von Mises-Fisher
//! law without its correction is 13 % off. Four ways that are right, or wrong in a known way:
//!
//! | way | derivatives | needs |
//! |---|---|---|
//! | [`Rejection`] | exact, of every order, by a dual weight | densities of target and proposal |
//! | [`Relaxed`] | biased by a temperature; one differentiable function | probability of acceptance |
//! | [`AdaptiveRejection`] | of the draw itself, by its distribution function | a smooth log-concave density in one dimension |
//! | [`implicit`](crate::implicit) on any sampler's draw | of the draw itself | its distribution function or that one's derivatives |
//!
//! Where one law has the last it has the least variance: the laws of [`distr`](crate::distr) do that.
//!
//! Stands on [`weighted`](crate::weighted) for the weights, on [`implicit`](crate::implicit) and [`distr`](crate::distr) for the rest.

mod adaptive;
mod exact;
mod hull;
mod normalizer;
mod relaxed;

pub use adaptive::{AdaptiveRejection, LnDensity};
pub use exact::{Candidate, Rejection};
pub use normalizer::ln_normalizer;
pub use relaxed::{Relaxed, RelaxedDraw};

use crate::parameter::LawError;
use core::fmt;

/// Proposals per draw before a sampler gives up, where it is not told another number.
pub const MOST_PROPOSALS: u64 = 1_000_000;

/// Why a rejection sampler was refused or gave no draw.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum RejectionError {
    /// A bound on a ratio of densities, a temperature or a starting point is out of its range.
    Refused(LawError),
    /// The logarithm of a density, or of a probability of acceptance, or its slope, is NaN, or it is infinite where it must
    /// not be.
    Density,
    /// A proposal's ratio of densities exceeds the bound: the envelope does not cover the target, and draws would follow
    /// another law.
    EnvelopeTooSmall {
        /// By how much the logarithm of the ratio exceeds the bound.
        ln_excess: f64,
    },
    /// The logarithm of a probability of acceptance is above 0.
    Probability,
    /// The density is not log-concave.
    NotLogConcave {
        /// Where it was noticed.
        at: f64,
    },
    /// No point of falling density was found towards an infinite end of the support.
    Support,
    /// None of this many proposals was accepted.
    TooManyProposals {
        /// The number of proposals.
        proposals: u64,
    },
}

impl fmt::Display for RejectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RejectionError::Refused(error) => error.fmt(f),
            RejectionError::Density => f.write_str("the logarithm of a density is NaN or infinite"),
            RejectionError::EnvelopeTooSmall { ln_excess } => {
                write!(f, "the envelope is too small: a ratio of densities exceeds the bound by a factor e^{ln_excess}")
            }
            RejectionError::Probability => f.write_str("a probability of acceptance is above 1"),
            RejectionError::NotLogConcave { at } => write!(f, "the density is not log-concave around {at}"),
            RejectionError::Support => {
                f.write_str("no point of falling density was found towards an infinite end of the support")
            }
            RejectionError::TooManyProposals { proposals } => {
                write!(f, "none of {proposals} proposals was accepted")
            }
        }
    }
}

impl core::error::Error for RejectionError {}

impl From<LawError> for RejectionError {
    fn from(error: LawError) -> Self {
        RejectionError::Refused(error)
    }
}
