//! Discrete laws and families behind references, as `any_law` has the continuous ones. Outcomes are integers.

use super::any_law::refused;
use super::any_number::AnyNumber;
use super::failure::Failure;
use crate::distr::{Discrete, DiscreteFamily, DiscreteUnivariate, Integer};
use crate::scalar::Scalar;
use core::marker::PhantomData;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::boxed::Box;

macro_rules! any_discrete_law {
    (of an outcome: $($trait:ident $of_outcome:ident,)+; of the law: $($of_law:ident)+) => {
        /// What [`DiscreteUnivariate`] has, without a generic method. An outcome beyond its type's range is the nearest of it.
        pub(crate) trait AnyDiscreteLaw<S> {
            fn sample(&self, rng: &mut Xoshiro256PlusPlus) -> i128;
            fn support(&self) -> (i128, i128);
            fn mode(&self) -> i128;
            fn quantile(&self, p: f64) -> Option<i128>;
            fn isf(&self, q: f64) -> Option<i128>;
            /// The outcome nearest to k of the outcomes' type.
            fn nearest(&self, k: i128) -> i128;
            $(fn $of_outcome(&self, k: i128) -> S;)+
            $(fn $of_law(&self) -> S;)+
        }

        impl<S: Scalar, L: DiscreteUnivariate<S>> AnyDiscreteLaw<S> for L {
            fn sample(&self, rng: &mut Xoshiro256PlusPlus) -> i128 {
                rand::distr::Distribution::sample(self, rng).to_i128()
            }
            fn support(&self) -> (i128, i128) {
                let (low, high) = DiscreteUnivariate::support(self);
                (low.to_i128(), high.to_i128())
            }
            fn mode(&self) -> i128 {
                DiscreteUnivariate::mode(self).to_i128()
            }
            fn quantile(&self, p: f64) -> Option<i128> {
                DiscreteUnivariate::quantile(self, p).map(Integer::to_i128)
            }
            fn isf(&self, q: f64) -> Option<i128> {
                DiscreteUnivariate::isf(self, q).map(Integer::to_i128)
            }
            fn nearest(&self, k: i128) -> i128 {
                <<L as Discrete<S>>::Outcome as Integer>::saturating_from(k).to_i128()
            }
            $(fn $of_outcome(&self, k: i128) -> S {
                $trait::$of_outcome(self, &Integer::saturating_from(k))
            })+
            $(fn $of_law(&self) -> S {
                DiscreteUnivariate::$of_law(self)
            })+
        }
    };
}

any_discrete_law! {
    of an outcome:
        Discrete ln_pmf, Discrete pmf,
        DiscreteUnivariate cdf, DiscreteUnivariate sf, DiscreteUnivariate ln_cdf, DiscreteUnivariate ln_sf,;
    of the law: mean variance entropy
}

/// The laws of a discrete family over one scalar.
pub(crate) trait DiscreteLaws<S> {
    /// The law with these integers and parameters, if the family takes them.
    fn law(&self, integers: &[i64], parameters: &[S]) -> Result<Box<dyn AnyDiscreteLaw<S> + '_>, Failure>;
}

/// A discrete family over the scalars of the checks.
pub(crate) trait AnyDiscreteFamily:
    DiscreteLaws<f64> + DiscreteLaws<AnyNumber<1>> + DiscreteLaws<AnyNumber<2>> + DiscreteLaws<AnyNumber<3>>
{
    /// The names of the real parameters.
    fn parameters(&self) -> &'static [&'static str];
}

/// The family `F` as a value.
pub(crate) struct DiscreteOf<F>(PhantomData<F>);

impl<F> DiscreteOf<F> {
    pub(crate) fn new() -> Self {
        DiscreteOf(PhantomData)
    }
}

impl<F: DiscreteFamily, S: Scalar + 'static> DiscreteLaws<S> for DiscreteOf<F> {
    fn law(&self, integers: &[i64], parameters: &[S]) -> Result<Box<dyn AnyDiscreteLaw<S> + '_>, Failure> {
        match F::law(integers, parameters) {
            Ok(law) => Ok(Box::new(law)),
            Err(e) => Err(refused(&e)),
        }
    }
}

impl<F: DiscreteFamily> AnyDiscreteFamily for DiscreteOf<F> {
    fn parameters(&self) -> &'static [&'static str] {
        F::PARAMETERS
    }
}
