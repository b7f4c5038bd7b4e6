//! One scalar for many types of numbers: which one is known at run time only, so that a law is compiled once for all types that
//! carry derivatives to the same order.
//!
//! A law knows a scalar by the trait alone. What it computes in [`AnyNumber`] is therefore what it computes in the type held, to
//! the bit.

use crate::scalar::{Jet, Scalar, zero_and_one};
use core::cell::Cell;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use std::vec::Vec;

std::thread_local! {
    /// The type that constants take: a plain number does not say for which it is meant.
    static CONSTANTS: Cell<Kind> = const { Cell::new(Kind::First) };
}

macro_rules! numbers {
    ($($(#[$cfg:meta])* $kind:ident($type:ty), $name:literal, $variable:expr, |$x:ident| $derivatives:expr;)+) => {
        /// A type of numbers with derivatives in one variable.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Kind {
            $($(#[$cfg])* $kind,)+
        }

        impl Kind {
            /// All of them.
            pub(crate) const ALL: &[Kind] = &[$($(#[$cfg])* Kind::$kind,)+];

            /// The type's name.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $($(#[$cfg])* Kind::$kind => $name,)+
                }
            }

            /// The highest order of derivative that it carries.
            pub(crate) fn order(self) -> usize {
                match self {
                    $($(#[$cfg])* Kind::$kind => <$type>::ORDER,)+
                }
            }
        }

        /// A number of one of the types that carry derivatives to this order.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) enum AnyNumber<const ORDER: usize> {
            $($(#[$cfg])* $kind($type),)+
        }

        impl<const ORDER: usize> AnyNumber<ORDER> {
            /// The variable at x, as a number of the type that constants take.
            pub(crate) fn variable(x: f64) -> Self {
                match CONSTANTS.get() {
                    $($(#[$cfg])* Kind::$kind => AnyNumber::$kind($variable(x)),)+
                }
            }

            /// The value and the derivatives in the variable, NaN beyond the type's order.
            pub(crate) fn derivatives(self) -> [f64; 4] {
                let mut all = [f64::NAN; 4];
                match self {
                    $($(#[$cfg])* AnyNumber::$kind($x) => all[..=<$type>::ORDER].copy_from_slice(&$derivatives),)+
                }
                all
            }
        }

        impl<const ORDER: usize> From<f64> for AnyNumber<ORDER> {
            #[inline(never)]
            fn from(x: f64) -> Self {
                match CONSTANTS.get() {
                    $($(#[$cfg])* Kind::$kind => AnyNumber::$kind(x.into()),)+
                }
            }
        }

        zero_and_one!([const ORDER: usize] AnyNumber<ORDER>);

        impl<const ORDER: usize> Scalar for AnyNumber<ORDER> {
            const ORDER: usize = ORDER;

            #[inline(never)]
            fn re(self) -> f64 {
                match self {
                    $($(#[$cfg])* AnyNumber::$kind(x) => Scalar::re(x),)+
                }
            }

            #[inline(never)]
            fn max_abs(self) -> f64 {
                match self {
                    $($(#[$cfg])* AnyNumber::$kind(x) => x.max_abs(),)+
                }
            }

            #[inline(never)]
            fn lift(self, derivatives: &[f64]) -> Self {
                match self {
                    $($(#[$cfg])* AnyNumber::$kind(x) => AnyNumber::$kind(x.lift(derivatives)),)+
                }
            }

            #[inline(never)]
            fn with_re(self, re: f64) -> Self {
                match self {
                    $($(#[$cfg])* AnyNumber::$kind(x) => AnyNumber::$kind(x.with_re(re)),)+
                }
            }

            #[inline(never)]
            fn chain(self, slope: Self) -> Self {
                match (self, slope) {
                    $($(#[$cfg])* (AnyNumber::$kind(a), AnyNumber::$kind(b)) => AnyNumber::$kind(a.chain(b)),)+
                    _ => two_types(),
                }
            }

            #[inline(never)]
            fn over(self, denominator: Self) -> Self {
                match (self, denominator) {
                    $($(#[$cfg])* (AnyNumber::$kind(a), AnyNumber::$kind(b)) => AnyNumber::$kind(a.over(b)),)+
                    _ => two_types(),
                }
            }
        }

        impl<const ORDER: usize> Neg for AnyNumber<ORDER> {
            type Output = Self;
            #[inline(never)]
            fn neg(self) -> Self {
                match self {
                    $($(#[$cfg])* AnyNumber::$kind(x) => AnyNumber::$kind(-x),)+
                }
            }
        }

        operator!(Add add, AddAssign add_assign: $($(#[$cfg])* $kind)+);
        operator!(Sub sub, SubAssign sub_assign: $($(#[$cfg])* $kind)+);
        operator!(Mul mul, MulAssign mul_assign: $($(#[$cfg])* $kind)+);
        operator!(Div div, DivAssign div_assign: $($(#[$cfg])* $kind)+);
    };
}

macro_rules! operator {
    ($trait:ident $method:ident, $assign:ident $assigned:ident: $($(#[$cfg:meta])* $kind:ident)+) => {
        impl<const ORDER: usize> $trait for AnyNumber<ORDER> {
            type Output = Self;
            #[inline(never)]
            fn $method(self, other: Self) -> Self {
                match (self, other) {
                    $($(#[$cfg])* (AnyNumber::$kind(a), AnyNumber::$kind(b)) => AnyNumber::$kind(a.$method(b)),)+
                    _ => two_types(),
                }
            }
        }

        impl<const ORDER: usize> $trait<f64> for AnyNumber<ORDER> {
            type Output = Self;
            #[inline(never)]
            fn $method(self, constant: f64) -> Self {
                match self {
                    $($(#[$cfg])* AnyNumber::$kind(x) => AnyNumber::$kind(x.$method(constant)),)+
                }
            }
        }

        impl<const ORDER: usize> $assign for AnyNumber<ORDER> {
            #[inline(never)]
            fn $assigned(&mut self, other: Self) {
                match (self, other) {
                    $($(#[$cfg])* (AnyNumber::$kind(a), AnyNumber::$kind(b)) => a.$assigned(b),)+
                    _ => two_types(),
                }
            }
        }
    };
}

/// Numbers outlive their type's turn only by a fault of the checks.
#[cold]
fn two_types() -> ! {
    panic!("numbers of two types in one formula")
}

numbers! {
    First(Jet<f64, 1>), "Jet<f64, 1>", |x| Jet::variable(x, 0), |x| [x.re, x.eps[0]];
    Pair(Jet<f64, 2>), "Jet<f64, 2>", |x| Jet::variable(x, 1), |x| [x.re, x.eps[1]];
    Second(Jet<Jet<f64, 1>, 1>), "Jet<Jet<f64, 1>, 1>", second, |x| [x.re.re, x.re.eps[0], x.eps[0].eps[0]];
    Third(Jet<Jet<Jet<f64, 1>, 1>, 1>), "Jet<Jet<Jet<f64, 1>, 1>, 1>", |x| Jet::variable(second(x), 0),
        |x| [x.re.re.re, x.re.re.eps[0], x.re.eps[0].eps[0], x.eps[0].eps[0].eps[0]];
    #[cfg(feature = "num-dual")]
    Dual(num_dual::Dual64), "Dual64", |x| num_dual::Dual64::new(x, 1.0), |x| [x.re, x.eps];
    #[cfg(feature = "num-dual")]
    Dual2(num_dual::Dual2_64), "Dual2_64", |x| num_dual::Dual2_64::new(x, 1.0, 0.0), |x| [x.re, x.v1, x.v2];
    #[cfg(feature = "num-dual")]
    Dual3(num_dual::Dual3_64), "Dual3_64", |x| num_dual::Dual3_64::new(x, 1.0, 0.0, 0.0), |x| [x.re, x.v1, x.v2, x.v3];
    #[cfg(feature = "num-dual")]
    HyperDual(num_dual::HyperDual64), "HyperDual64", |x| num_dual::HyperDual64::new(x, 1.0, 1.0, 0.0),
        |x| [x.re, x.eps1, x.eps1eps2];
    // a constant, whose derivatives take no memory
    #[cfg(feature = "num-dual")]
    DualVec(num_dual::DualSVec64<2>), "DualSVec64<2>", |x: f64| x.into(), |x| [x.re, 0.0];
    #[cfg(feature = "num-dual")]
    DualOfDual(num_dual::Dual<num_dual::Dual64>), "Dual<Dual64>",
        |x| num_dual::Dual::new(num_dual::Dual64::new(x, 1.0), num_dual::Dual64::new(1.0, 0.0)),
        |x| [x.re.re, x.eps.re, x.eps.eps];
}

fn second(x: f64) -> Jet<Jet<f64, 1>, 1> {
    Jet::variable(Jet::variable(x, 0), 0)
}

/// The result of a computation whose constants take this type.
pub(crate) fn in_kind<T>(kind: Kind, compute: impl FnOnce() -> T) -> T {
    let before = CONSTANTS.replace(kind);
    let result = compute();
    CONSTANTS.set(before);
    result
}

/// Variables at these numbers.
pub(crate) fn variables<const ORDER: usize>(at: &[f64]) -> Vec<AnyNumber<ORDER>> {
    at.iter().map(|x| AnyNumber::variable(*x)).collect()
}
