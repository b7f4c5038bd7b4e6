//! Laws and families behind references, so that the checks are compiled once for all of them: of each law only its methods are, in
//! plain numbers and once for each order of derivatives.

use super::any_number::AnyNumber;
use super::failure::Failure;
use crate::distr::{Continuous, Family, methods};
use crate::scalar::Scalar;
use core::fmt;
use core::marker::PhantomData;
use rand_xoshiro::Xoshiro256PlusPlus;
use std::boxed::Box;
use std::string::ToString;

macro_rules! any_law {
    ($($method:ident($($x:ident)?) -> $result:ty;)+) => {
        /// What [`Continuous`] has, without a generic method.
        pub(crate) trait AnyLaw<S> {
            fn sample(&self, rng: &mut Xoshiro256PlusPlus) -> S;
            $(fn $method(&self $(, $x: S)?) -> $result;)+
        }

        impl<S: Scalar, L: Continuous<S>> AnyLaw<S> for L {
            fn sample(&self, rng: &mut Xoshiro256PlusPlus) -> S {
                rand::distr::Distribution::sample(self, rng)
            }
            $(fn $method(&self $(, $x: S)?) -> $result {
                Continuous::$method(self $(, $x)?)
            })+
        }
    };
}

methods!(any_law);

impl<S> fmt::Debug for dyn AnyLaw<S> + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a law")
    }
}

/// The laws of a family over one scalar.
pub(crate) trait Laws<S> {
    /// The law with these parameters, if the family takes them.
    fn law(&self, parameters: &[S]) -> Result<Box<dyn AnyLaw<S> + '_>, Failure>;
}

/// A family over the scalars of the checks.
pub(crate) trait AnyFamily: Laws<f64> + Laws<AnyNumber<1>> + Laws<AnyNumber<2>> + Laws<AnyNumber<3>> {
    /// The parameters' names.
    fn parameters(&self) -> &'static [&'static str];

    /// [`Family::DRAWS_ARE_QUANTILES`].
    fn draws_are_quantiles(&self) -> bool;
}

/// The family `F` as a value.
pub(crate) struct Of<F>(PhantomData<F>);

impl<F> Of<F> {
    pub(crate) fn new() -> Self {
        Of(PhantomData)
    }
}

impl<F: Family, S: Scalar + 'static> Laws<S> for Of<F> {
    fn law(&self, parameters: &[S]) -> Result<Box<dyn AnyLaw<S> + '_>, Failure> {
        match F::law(parameters) {
            Ok(law) => Ok(Box::new(law)),
            Err(e) => Err(refused(&e)),
        }
    }
}

impl<F: Family> AnyFamily for Of<F> {
    fn parameters(&self) -> &'static [&'static str] {
        F::PARAMETERS
    }

    fn draws_are_quantiles(&self) -> bool {
        F::DRAWS_ARE_QUANTILES
    }
}

/// Parameters that a constructor does not take.
pub(crate) fn refused(e: &dyn core::error::Error) -> Failure {
    Failure { property: "the parameters are valid", found: e.to_string() }
}
