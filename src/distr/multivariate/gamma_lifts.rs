//! Where the gamma variables that a vector or a matrix is made of take their derivatives from.

use crate::distr::form::Tabled;
use crate::distr::form::of_gamma::StandardGamma;
use crate::distr::table::{Formulas, GammaInverse, GammaTable, Known, Nearer, NoInverse, Shapes, Tables};
use crate::noise::gamma::GammaNoise;
use crate::scalar::Scalar;
use core::cell::RefCell;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OVector};

/// How the draws of several gamma variables get their derivatives.
pub(super) trait GammaLifts {
    /// The logarithm of a draw of variable i.
    fn lift_ln<S: Scalar>(&self, i: usize, gamma: &StandardGamma<S>, noise: &GammaNoise) -> S;
}

impl GammaLifts for Formulas {
    #[inline]
    fn lift_ln<S: Scalar>(&self, _: usize, gamma: &StandardGamma<S>, noise: &GammaNoise) -> S {
        gamma.lift_ln(noise)
    }
}

/// By the tables of a handle, for those of the variables that it has some of.
pub(super) struct OfHandle<'k, K>(RefCell<&'k mut K>);

impl<'k, K: Known> OfHandle<'k, K> {
    pub fn new(known: &'k mut K) -> Self {
        OfHandle(RefCell::new(known))
    }
}

impl<K: Known> GammaLifts for OfHandle<'_, K> {
    #[inline]
    fn lift_ln<S: Scalar>(&self, _: usize, gamma: &StandardGamma<S>, noise: &GammaNoise) -> S {
        let mut known = self.0.borrow_mut();
        let tables = known.tables(Shapes::Gamma(gamma.shape.re()));
        if S::ORDER == 2 {
            let table = if let Some(Tables::SecondOfGamma(table)) = tables { Some(table) } else { None };
            gamma.lift_ln_by(&table, noise)
        } else {
            let table = if let Some(Tables::Gamma(table, _)) = tables { Some(table) } else { None };
            gamma.lift_ln_by(&table, noise)
        }
    }
}

/// A table for each.
impl<D: Dim, const M: usize> GammaLifts for OVector<GammaTable<M>, D>
where
    DefaultAllocator: Allocator<D>,
{
    #[inline]
    fn lift_ln<S: Scalar>(&self, i: usize, gamma: &StandardGamma<S>, noise: &GammaNoise) -> S {
        gamma.lift_ln_by(&self[i], noise)
    }
}

/// How several gamma variables are drawn at coordinates.
pub(super) trait GammaQuantiles {
    /// The logarithm of variable i at the uniform number u.
    fn ln_at<S: Scalar>(&self, i: usize, gamma: &StandardGamma<S>, u: f64) -> S;
}

impl GammaQuantiles for NoInverse {
    #[inline]
    fn ln_at<S: Scalar>(&self, _: usize, gamma: &StandardGamma<S>, u: f64) -> S {
        gamma.ln_at(u)
    }
}

/// By tables of derivatives and of quantiles, where they reach.
impl<D: Dim, const M: usize> GammaQuantiles for (&OVector<GammaTable<M>, D>, &OVector<GammaInverse, D>)
where
    DefaultAllocator: Allocator<D>,
{
    #[inline]
    fn ln_at<S: Scalar>(&self, i: usize, gamma: &StandardGamma<S>, u: f64) -> S {
        match Nearer::new(u, false).and_then(|at| self.1[i].noise(at)) {
            Some(noise) => gamma.lift_ln_by(&self.0[i], &noise),
            None => gamma.ln_at(u),
        }
    }
}

/// The tables of quantiles.
pub(super) fn gamma_inverses<S: Scalar, D: Dim>(gammas: &OVector<StandardGamma<S>, D>) -> OVector<GammaInverse, D>
where
    DefaultAllocator: Allocator<D>,
{
    let (rows, columns) = gammas.shape_generic();
    OVector::from_fn_generic(rows, columns, |i, _| gammas[i].inverse())
}

/// The tables.
pub(super) fn gamma_tables<S: Scalar, D: Dim, const M: usize>(
    gammas: &OVector<StandardGamma<S>, D>,
) -> OVector<GammaTable<M>, D>
where
    DefaultAllocator: Allocator<D>,
{
    let (rows, columns) = gammas.shape_generic();
    OVector::from_fn_generic(rows, columns, |i, _| gammas[i].table())
}

/// A law of vectors or matrices that is drawn by `drawn_by(tables, rng)`, with `tables` of its gamma variables.
macro_rules! prepared_by_gammas {
    ($law:ident, $point:ty) => {
        impl<S: $crate::scalar::Scalar, D: ::nalgebra::Dim> $crate::distr::Prepare for $law<S, D>
        where
            ::nalgebra::DefaultAllocator: $crate::linalg::Square<D>,
        {
            type First = ::nalgebra::OVector<$crate::distr::table::GammaTable<1>, D>;
            type Second = ::nalgebra::OVector<$crate::distr::table::GammaTable<2>, D>;
            type Inverse = ::nalgebra::OVector<$crate::distr::table::GammaInverse, D>;

            fn first(&self) -> Self::First {
                self.tables()
            }

            fn second(&self) -> Self::Second {
                self.tables()
            }

            fn inverse(&self) -> Self::Inverse {
                self.inverses()
            }
        }

        impl<S: $crate::scalar::Scalar, D: ::nalgebra::Dim, const M: usize, Q> ::rand::distr::Distribution<$point>
            for $crate::distr::Prepared<$law<S, D>, ::nalgebra::OVector<$crate::distr::table::GammaTable<M>, D>, Q>
        where
            ::nalgebra::DefaultAllocator: $crate::linalg::Square<D>,
        {
            fn sample<R: ::rand::Rng + ?Sized>(&self, rng: &mut R) -> $point {
                self.law().drawn_by(self.table(), rng)
            }
        }

        /// Draws at coordinates are the law's own.
        impl<S: $crate::scalar::Scalar, D: ::nalgebra::Dim, const M: usize> $crate::distr::Joint<S>
            for $crate::distr::Prepared<$law<S, D>, ::nalgebra::OVector<$crate::distr::table::GammaTable<M>, D>>
        where
            ::nalgebra::DefaultAllocator: $crate::linalg::Square<D>,
        {
            type Point = $point;

            fn draw_at(&self, coordinates: &mut impl $crate::distr::Coordinates) -> $point {
                self.law().draw_at(coordinates)
            }
        }

        /// Draws at coordinates are from the tables.
        impl<S: $crate::scalar::Scalar, D: ::nalgebra::Dim, const M: usize> $crate::distr::Joint<S>
            for $crate::distr::Prepared<
                $law<S, D>,
                ::nalgebra::OVector<$crate::distr::table::GammaTable<M>, D>,
                ::nalgebra::OVector<$crate::distr::table::GammaInverse, D>,
            >
        where
            ::nalgebra::DefaultAllocator: $crate::linalg::Square<D>,
        {
            type Point = $point;

            fn draw_at(&self, coordinates: &mut impl $crate::distr::Coordinates) -> $point {
                self.law().drawn_at(&(self.table(), self.inverse()), coordinates)
            }
        }
    };
}
pub(super) use prepared_by_gammas;

#[cfg(test)]
mod tests {
    use crate::distr::{Dirichlet, InverseWishart, LogDirichlet, Prepare, Wishart};
    use crate::scalar::Jet;
    use nalgebra::{OMatrix, SMatrix, SVector};
    use rand::distr::Distribution;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    type Jet3 = Jet<f64, 3>;

    /// The values of one and the other are the same bits, derivatives the same to 1e-12 of the largest of the matrix.
    fn agree<const R: usize, const C: usize>(
        law: &impl Distribution<SMatrix<Jet3, R, C>>,
        table: &impl Distribution<SMatrix<Jet3, R, C>>,
    ) {
        let mut rngs = [2, 2].map(Xoshiro256PlusPlus::seed_from_u64);
        for _ in 0..500 {
            let (want, got): (OMatrix<Jet3, _, _>, OMatrix<Jet3, _, _>) =
                (law.sample(&mut rngs[0]), table.sample(&mut rngs[1]));
            let size = want.iter().flat_map(|x| x.eps).fold(0.0f64, |m, e| m.max(e.abs()));
            for (want, got) in want.iter().zip(got.iter()) {
                assert_eq!(want.re.to_bits(), got.re.to_bits());
                for k in 0..3 {
                    assert!((want.eps[k] - got.eps[k]).abs() <= 1e-12 * size, "{got:?}, not {want:?}");
                }
            }
        }
    }

    #[test]
    fn tables_agree_with_formulas() {
        let alpha = SVector::from(Jet::variables([0.3, 1.0, 25.0]));
        let law = Dirichlet::new(alpha).unwrap();
        agree::<3, 1>(&law, &law.prepared());
        agree::<3, 1>(&law, &law.prepared_to_second_order());
        let law = LogDirichlet::new(alpha).unwrap();
        agree::<3, 1>(&law, &law.prepared());
        let [df, one, other] = Jet::variables([5.5, 1.0, 0.3]);
        let zero = Jet::from(0.0);
        let factor = SMatrix::<Jet3, 2, 2>::new(one, zero, other, one);
        let law = Wishart::from_cholesky(df, factor).unwrap();
        agree::<2, 2>(&law, &law.prepared());
        let law = InverseWishart::from_cholesky(df, factor).unwrap();
        agree::<2, 2>(&law, &law.prepared());
    }
}
