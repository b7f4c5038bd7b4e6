//! Random numbers by their place in a program: no state but a counter and a scope.
//!
//! The place number c of a scope has the key `mix(base + c γ)`, with SplitMix64's `mix` and γ, and `base` a hash of the
//! seed and of the places of the scopes around it. A run that takes another branch at one choice meets the same numbers
//! at all places that it shares with the first run.

use crate::noise::{GOLDEN, mix};
use core::convert::Infallible;
use rand::{SeedableRng, TryRng};

/// Sets a scope's own places apart from the stream of the place at which it opens.
const SCOPE: u64 = 0x5c09_e000_0000_0001;

/// The places of a scope, one after the other: what [`Coupled`](super::Coupled) keeps around a scope.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    base: u64,
    next: u64,
}

impl Places {
    /// The outermost scope of a run.
    #[inline]
    pub(crate) fn new(seed: u64) -> Self {
        Places { base: mix(seed.wrapping_add(GOLDEN)), next: 0 }
    }

    /// The random numbers of the next place.
    #[inline]
    pub(crate) fn stream(&mut self) -> Stream {
        self.next = self.next.wrapping_add(GOLDEN);
        Stream::at(mix(self.base.wrapping_add(self.next)))
    }

    /// The scope that opens at the next place.
    #[inline]
    pub(crate) fn scope(&mut self) -> Self {
        Places { base: mix(self.stream().key ^ SCOPE), next: 0 }
    }
}

/// The random numbers of one place of a program: SplitMix64 from the place's key, the key itself first.
///
/// It is a generator of the crate `rand`, so that anything can be drawn from it.
#[derive(Clone, Debug)]
pub struct Stream {
    key: u64,
    next: u64,
}

impl Stream {
    /// The stream of a key; keys are hashes, seeds of your own are not: [`Stream::new`] takes those.
    #[inline(always)]
    pub(crate) fn at(key: u64) -> Self {
        Stream { key, next: key }
    }

    /// The stream of a seed.
    ///
    /// ```
    /// use reparam::program::Stream;
    /// let u = reparam::noise::uniform(&mut Stream::new(1));
    /// assert_eq!(u, reparam::noise::uniform(&mut Stream::new(1)));
    /// ```
    pub fn new(seed: u64) -> Self {
        Stream::at(mix(seed.wrapping_add(GOLDEN)))
    }

    /// The key of the place: no two places of a run share it, but for collisions of 64-bit hashes.
    #[inline(always)]
    pub(crate) fn key(&self) -> u64 {
        self.key
    }

    /// Uniform on [0, 1): a multiple of 2^-53.
    ///
    /// ```
    /// use reparam::program::Stream;
    /// assert!((0.0..1.0).contains(&Stream::new(1).unit()));
    /// ```
    #[inline(always)]
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    #[inline(always)]
    fn word(&mut self) -> u64 {
        let word = self.next;
        self.key = self.key.wrapping_add(GOLDEN);
        self.next = mix(self.key);
        word
    }
}

impl SeedableRng for Stream {
    type Seed = [u8; 8];

    fn from_seed(seed: [u8; 8]) -> Self {
        Stream::new(u64::from_le_bytes(seed))
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }
    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    // scopes that share a place, nested or beside each other, or a stream that runs into the next place
    #[test]
    fn places_are_distinct() {
        let mut places = Places::new(7);
        let mut words = std::vec::Vec::new();
        for _ in 0..50 {
            let mut scope = places.scope();
            let mut inner = scope.scope();
            for p in [&mut places, &mut scope, &mut inner] {
                let mut s = p.stream();
                words.extend([s.next_u64(), s.next_u64(), s.next_u64()]);
            }
        }
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 450);
    }

    // a generator whose bits or neighbours hang together: mean and correlation of 1e6 uniforms, along places and along streams
    #[test]
    fn uniform_and_uncorrelated() {
        let n = 1_000_000;
        let mut places = Places::new(1);
        let along_places: std::vec::Vec<f64> = (0..n).map(|_| places.stream().unit()).collect();
        let mut stream = places.stream();
        let along_stream: std::vec::Vec<f64> = (0..n).map(|_| stream.unit()).collect();
        for u in [along_places, along_stream] {
            let mean = u.iter().sum::<f64>() / n as f64;
            let lag = u.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum::<f64>() / n as f64;
            // standard deviations 1/sqrt(12) and 1/12
            assert!((mean - 0.5).abs() < 5.0 * 0.2887e-3 && lag.abs() < 5.0 * 0.0834e-3, "{mean} {lag}");
        }
    }
}
