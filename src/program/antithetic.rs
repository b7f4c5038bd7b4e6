//! Pairs of runs on mirrored noise.

use super::chance::{Guard, MOST_CHOICES, stand_in};
use super::choice::ChoiceLaw;
use super::stream::Stream;
use super::{Chance, Fault};
use crate::distr::{self, Continuous, Coordinates, Joint, Known};
use crate::noise;
use crate::scalar::{Scalar, math};
use rand::Rng;

/// One of a pair of runs: with `mirrored`, uniform noise u becomes 1 - u, normal noise z becomes -z, and laws are drawn
/// by their quantiles at 1 - u. Two runs with generators in the same state, one mirrored, are negatively dependent
/// wherever results are monotone.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::{prelude::*, program::Antithetic};
/// let rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let law = Normal::new(3.0, 2.0).unwrap();
/// let pair = [false, true].map(|mirrored| Antithetic::new(rng.clone(), mirrored).draw(&law));
/// assert!((pair[0] + pair[1] - 6.0).abs() < 1e-14);
/// ```
#[derive(Clone, Debug)]
pub struct Antithetic<R, L = ()> {
    rng: R,
    mirrored: bool,
    guard: Guard,
    /// Tables of laws.
    laws: L,
}

impl<R: Rng> Antithetic<R> {
    /// The handle of a generator.
    #[inline(always)]
    pub fn new(rng: R, mirrored: bool) -> Self {
        Antithetic::with_limit(rng, mirrored, MOST_CHOICES)
    }

    /// The same with a limit to the number of choices.
    #[inline(always)]
    pub fn with_limit(rng: R, mirrored: bool, choices: u64) -> Self {
        Antithetic::with_laws(rng, mirrored, choices, ())
    }
}

impl<R: Rng, L> Antithetic<R, L> {
    /// The same with tables of laws.
    #[inline(always)]
    pub(crate) fn with_laws(rng: R, mirrored: bool, choices: u64, laws: L) -> Self {
        Antithetic { rng, mirrored, guard: Guard::new(choices), laws }
    }

    #[inline(always)]
    fn word(&mut self) -> u64 {
        let w = self.rng.next_u64();
        if self.mirrored { !w } else { w }
    }
}

/// Uniform on (0, 1) from a word: 52 bits and a half, so exact, symmetric about 1/2, and never 0 or 1.
#[inline(always)]
pub(crate) fn open_unit(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// That of the exponential law with mean 1.
#[inline]
pub(crate) fn exponential_quantile(u: f64) -> f64 {
    -math::ln_1p(-u)
}

impl<R: Rng, L> Coordinates for Antithetic<R, L> {
    #[inline]
    fn uniform(&mut self) -> f64 {
        open_unit(self.word())
    }
    fn generator(&mut self) -> impl Rng {
        Stream::at(self.word())
    }
}

impl<S: Scalar, R: Rng, K: Known> Chance<S> for Antithetic<R, K> {
    type Mark = ();

    #[inline]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        let mut noise = Stream::at(self.word());
        match self.guard.next(law) {
            Ok(_) => law.draw(&mut noise),
            Err(()) => stand_in(law.support(), &mut noise),
        }
    }
    #[inline]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        distr::draw_at_by(law, open_unit(self.word()), &mut self.laws)
    }
    #[inline]
    fn draw_joint<L: Joint<S>>(&mut self, law: &L) -> L::Point {
        law.draw_at(self)
    }
    #[inline]
    fn uniform(&mut self) -> f64 {
        open_unit(self.word())
    }
    #[inline]
    fn normal(&mut self) -> f64 {
        let z = noise::normal(&mut self.rng);
        if self.mirrored { -z } else { z }
    }
    #[inline]
    fn exponential(&mut self) -> f64 {
        exponential_quantile(open_unit(self.word()))
    }
    fn generator(&mut self) -> impl Rng {
        &mut self.rng
    }
    #[inline(always)]
    fn open(&mut self) {}
    #[inline(always)]
    fn close(&mut self, (): ()) {}
    #[inline(always)]
    fn fault(&self) -> Option<Fault> {
        self.guard.fault
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::{Continuous, Gumbel};
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    /// What a pair sees of one number: u and 1 - u, z and -z, quantiles at both.
    #[test]
    fn pairs_are_mirrored() {
        let law = Gumbel::new(1.0, 2.0).expect("valid");
        let pair =
            |seed| [false, true].map(|mirrored| Antithetic::new(Xoshiro256PlusPlus::seed_from_u64(seed), mirrored));
        for seed in 0..20 {
            let [u, v] = pair(seed).map(|mut chance| Chance::<f64>::uniform(&mut chance));
            assert_eq!(u, 1.0 - v);
            let [u, v] = pair(seed).map(|mut chance| Chance::<f64>::normal(&mut chance));
            assert_eq!(u, -v);
            let [u, v]: [f64; 2] = pair(seed).map(|mut chance| law.cdf(chance.draw(&law)));
            assert!((u + v - 1.0).abs() < 1e-12, "{u} {v}");
        }
    }
}
