//! How the draws of one law move with its parameters, as piecewise polynomials of the draw: what prepared laws keep.
//!
//! Parameters are fixed, so that a slope is a function of the draw alone. It is evaluated without a logarithm, an
//! exponential, a division or a loop whose length depends on the draw. Where a table does not reach, formulas answer,
//! as they do for orders that it does not hold.

mod beta;
mod cells;
mod chebyshev;
mod gamma;
mod inverse;
mod known;
mod student_t;
mod von_mises;

pub use beta::BetaTable;
pub use gamma::GammaTable;
pub use inverse::{BetaInverse, GammaInverse, Nearer, NoInverse, SymmetricInverse};
#[cfg(not(feature = "alloc"))]
pub use known::{Kept, Lent};
pub use known::{Known, Shapes, Tables};
pub use student_t::StudentTable;
pub use von_mises::VonMisesTable;

pub(crate) use gamma::{Formulas, GammaLift};

/// A table of derivatives, with the type of the quantile function's.
pub trait Table {
    /// The table of the quantile function.
    type Inverse;
}

impl<const M: usize> Table for GammaTable<M> {
    type Inverse = GammaInverse;
}

impl<const M: usize> Table for BetaTable<M> {
    type Inverse = BetaInverse;
}

impl<const M: usize> Table for StudentTable<M> {
    type Inverse = SymmetricInverse;
}

impl<const M: usize> Table for VonMisesTable<M> {
    type Inverse = SymmetricInverse;
}

/// A table of mpmath's numbers, whose columns are parameters, z and derivatives; a package has none, so that it is read
/// and not included.
#[cfg(test)]
pub(crate) fn reference(family: &str) -> std::vec::Vec<std::vec::Vec<f64>> {
    let text =
        std::fs::read_to_string(std::format!("tests/reference/{family}.csv")).expect("a table of the repository");
    text.lines().skip(1).map(|line| line.split(',').map(|x| x.parse().expect("a number")).collect()).collect()
}
