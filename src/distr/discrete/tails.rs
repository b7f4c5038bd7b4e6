//! The four tail functions of a law, from two.

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
