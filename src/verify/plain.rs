//! A law in plain numbers behind a reference, so that its checks are compiled once for all laws.

use crate::distr::Continuous;
use core::fmt;
use rand_xoshiro::Xoshiro256PlusPlus;

macro_rules! plain {
    ($($method:ident($($x:ident)?) -> $result:ty;)+) => {
        /// What [`Continuous<f64>`] has, without a generic method.
        pub(crate) trait Plain {
            fn sample(&self, rng: &mut Xoshiro256PlusPlus) -> f64;
            $(fn $method(&self $(, $x: f64)?) -> $result;)+
        }

        impl<L: Continuous<f64>> Plain for L {
            fn sample(&self, rng: &mut Xoshiro256PlusPlus) -> f64 {
                rand::distr::Distribution::sample(self, rng)
            }
            $(fn $method(&self $(, $x: f64)?) -> $result {
                Continuous::$method(self $(, $x)?)
            })+
        }
    };
}

plain! {
    support() -> (f64, f64);
    ln_pdf(x) -> f64;
    pdf(x) -> f64;
    cdf(x) -> f64;
    sf(x) -> f64;
    ln_cdf(x) -> f64;
    ln_sf(x) -> f64;
    quantile(p) -> f64;
    isf(q) -> f64;
    quantile_ln(ln_p) -> f64;
    isf_ln(ln_q) -> f64;
    mean() -> Option<f64>;
    variance() -> Option<f64>;
    entropy() -> f64;
    mode() -> Option<f64>;
    median() -> f64;
}

impl fmt::Debug for dyn Plain + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a law")
    }
}
