//! Standard noise in `f64`: the only place that touches the bits of a random number generator.
//!
//! A draw is this noise, which knows nothing of parameters, put through a differentiable map. Normal and exponential
//! noise come from the ziggurat of `rand_distr`, uniform noise from `rand`. [`Lanes`] makes many numbers at once, in
//! another way.

pub(crate) mod gamma;
pub(crate) mod lanes;

use rand::distr::{Distribution, Open01};
use rand::{Rng, RngExt};
use rand_distr::{Exp1, StandardNormal};

pub use lanes::Lanes;

/// Uniform on (0, 1): a multiple of 2^-53 that is neither 0 nor 1.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// let u = reparam::noise::uniform(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// assert!(0.0 < u && u < 1.0);
/// ```
#[inline]
pub fn uniform<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    Open01.sample(rng)
}

/// Uniform on [0, 1): a multiple of 2^-53, of the upper bits of one word.
#[inline(always)]
pub(crate) fn unit<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Normal with mean 0 and standard deviation 1.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// assert!(reparam::noise::normal(&mut Xoshiro256PlusPlus::seed_from_u64(1)).is_finite());
/// ```
#[inline]
pub fn normal<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    StandardNormal.sample(rng)
}

/// Exponential with mean 1; never 0, so that its logarithm is finite.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// assert!(reparam::noise::exponential(&mut Xoshiro256PlusPlus::seed_from_u64(1)) > 0.0);
/// ```
#[inline]
pub fn exponential<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    let e: f64 = Exp1.sample(rng);
    // one draw in 2^53 or so is 0: half the spacing of the ziggurat's first strip stands for it
    e.max(1e-17)
}

/// +1 or -1 with probability 1/2 each.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// assert_eq!(reparam::noise::sign(&mut Xoshiro256PlusPlus::seed_from_u64(1)).abs(), 1.0);
/// ```
#[inline]
pub fn sign<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    if rng.random::<bool>() { 1.0 } else { -1.0 }
}

/// 2^64 divided by the golden ratio, odd: the step of SplitMix64.
pub(crate) const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's output function, a bijection (Steele, Lea & Flood 2014; constants of Stafford's variant 13).
#[inline(always)]
pub(crate) fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
