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

/// A table of first derivatives, with one of quantiles for those who ask for it, or one of first and second derivatives.
#[derive(Clone)]
#[allow(clippy::large_enum_variant, reason = "each is some kilobytes, and there are few")]
pub enum Tables {
    Gamma(GammaTable<1>, Option<GammaInverse>),
    Beta(BetaTable<2>, Option<BetaInverse>),
    StudentT(StudentTable<1>, Option<SymmetricInverse>),
    VonMises(VonMisesTable<1>, Option<SymmetricInverse>),
    SecondOfGamma(GammaTable<2>),
    SecondOfBeta(BetaTable<5>),
    SecondOfStudentT(StudentTable<2>),
    SecondOfVonMises(VonMisesTable<2>),
}

/// Who keeps tables of laws: a handle of a program, mostly.
pub trait Known {
    /// The tables of these shapes, if there are any; a law that is drawn asks once a draw.
    #[inline(always)]
    fn tables(&mut self, shapes: Shapes) -> Option<&Tables> {
        let _ = shapes;
        None
    }
}

impl<K: Known> Known for &mut K {
    #[inline(always)]
    fn tables(&mut self, shapes: Shapes) -> Option<&Tables> {
        K::tables(self, shapes)
    }
}

/// Nobody.
impl Known for () {}

/// What a handle keeps where there is no heap for tables.
#[cfg(not(feature = "alloc"))]
#[derive(Clone, Debug, Default)]
pub struct Kept(());

/// The same for a handle of one run.
#[cfg(not(feature = "alloc"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct Lent<'p>(core::marker::PhantomData<&'p ()>);

#[cfg(not(feature = "alloc"))]
impl Kept {
    /// The same for a handle of one run that does not count.
    pub(crate) fn lent(&self) -> Lent<'_> {
        Lent::default()
    }

    /// The same for handles of one run each.
    pub(crate) fn lend(&mut self) -> Lent<'_> {
        Lent::default()
    }
}

#[cfg(not(feature = "alloc"))]
impl Known for Kept {}

#[cfg(not(feature = "alloc"))]
impl Known for Lent<'_> {}
