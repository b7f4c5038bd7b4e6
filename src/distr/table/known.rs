//! Tables by the shapes that they are of, for those who keep tables of any law.

use super::{BetaInverse, BetaTable, GammaInverse, GammaTable, StudentTable, SymmetricInverse, VonMisesTable};

/// What a law's tables depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shapes {
    Gamma(f64),
    Beta(f64, f64),
    StudentT(f64),
    VonMises(f64),
}

/// A table of first derivatives and one of quantiles.
#[derive(Clone)]
#[allow(clippy::large_enum_variant, reason = "each is some kilobytes, and there are few")]
pub enum Tables {
    Gamma(GammaTable<1>, GammaInverse),
    Beta(BetaTable<2>, BetaInverse),
    StudentT(StudentTable<1>, SymmetricInverse),
    VonMises(VonMisesTable<1>, SymmetricInverse),
}
