//! The four tail functions of a law, from two or from one.

use crate::scalar::Scalar;

/// The tail methods of `DiscreteUnivariate` from the inherent `tail(&self, k, upper)` and `ln_tail(&self, k, upper)`.
macro_rules! tails {
    () => {
        fn cdf(&self, k: &Self::Outcome) -> S {
            self.tail(*k, false)
        }
        fn sf(&self, k: &Self::Outcome) -> S {
            self.tail(*k, true)
        }
        fn ln_cdf(&self, k: &Self::Outcome) -> S {
            self.ln_tail(*k, false)
        }
        fn ln_sf(&self, k: &Self::Outcome) -> S {
            self.ln_tail(*k, true)
        }
    };
}
pub(crate) use tails;

/// The two tails at a point by the logarithm of the smaller one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SmallerTail<S> {
    upper: bool,
    ln: S,
}

impl<S: Scalar> SmallerTail<S> {
    /// From the logarithm of either tail: of the one that should be the smaller first, and of the other where it is not.
    pub fn new(guess_upper: bool, ln_tail: impl Fn(bool) -> S) -> Self {
        let guess = SmallerTail { upper: guess_upper, ln: ln_tail(guess_upper) };
        if guess.ln.re() < -core::f64::consts::LN_2 {
            return guess;
        }
        let other = SmallerTail { upper: !guess_upper, ln: ln_tail(!guess_upper) };
        if other.ln.re() < guess.ln.re() { other } else { guess }
    }

    pub fn of(&self, upper: bool) -> S {
        if self.upper == upper { self.ln.exp() } else { -self.ln.exp_m1() }
    }

    pub fn ln_of(&self, upper: bool) -> S {
        if self.upper == upper { self.ln } else { self.ln.ln_1m_exp() }
    }
}
