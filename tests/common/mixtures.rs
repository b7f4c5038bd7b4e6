//! Mixtures as families, so that harness and tables see them.
#![allow(dead_code, reason = "each test program uses a part")]

use core::fmt;
use core::marker::PhantomData;
use reparam::distr::Family;
use reparam::prelude::*;

/// Parameters that a mixture refuses, for whatever reason.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the mixture refuses these parameters")
    }
}

impl std::error::Error for Refused {}

macro_rules! mixture {
    ($(#[$doc:meta])* $name:ident, $snake:literal, $law:ty, [$($parameter:ident),+], $make:expr) => {
        $(#[$doc])*
        pub struct $name<T>(PhantomData<T>);

        impl<T> Family for $name<T> {
            type Law<S: Scalar> = $law;
            type Error = Refused;
            const NAME: &'static str = $snake;
            const PARAMETERS: &'static [&'static str] = &[$(stringify!($parameter)),+];

            fn law<S: Scalar>(parameters: &[S]) -> Result<$law, Refused> {
                let &[$($parameter),+] = parameters else { panic!("parameters of {}", $snake) };
                (|| $make.ok())().ok_or(Refused)
            }
        }
    };
}

mixture!(
    /// Three normal laws by logits.
    NormalMixture3,
    "normal_mixture3",
    Mixture<S, [Normal<S>; 3]>,
    [l1, l2, l3, m1, m2, m3, s1, s2, s3],
    Mixture::from_logits(
        [l1, l2, l3],
        [Normal::new(m1, s1).ok()?, Normal::new(m2, s2).ok()?, Normal::new(m3, s3).ok()?]
    )
);

mixture!(
    /// Two normal laws with weights w and 1 - w.
    NormalMixture2,
    "normal_mixture2",
    Mixture<S, [Normal<S>; 2]>,
    [w, m1, s1, m2, s2],
    Mixture::new([w, -w + 1.0], [Normal::new(m1, s1).ok()?, Normal::new(m2, s2).ok()?])
);

mixture!(
    /// A light and a heavy tail, one of them on a half line.
    GammaAndCauchy,
    "gamma_and_cauchy",
    Mixture<S, (Gamma<S>, Cauchy<S>)>,
    [w1, w2, shape, location],
    Mixture::new([w1, w2], (Gamma::new(shape, 2.0.into()).ok()?, Cauchy::new(location, 0.5.into()).ok()?))
);
