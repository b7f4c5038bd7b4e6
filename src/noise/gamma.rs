//! Plain gamma noise, which the draws of the gamma, beta and Student's t laws start from.

use crate::noise;
use crate::scalar::math;
use rand::Rng;

/// The gamma law with rate 1 and a shape of at least 1, in doubles (Marsaglia & Tsang 2000, "A simple method for generating
/// gamma variables", ACM TOMS 26).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MarsagliaTsang {
    d: f64,
    c: f64,
}

impl MarsagliaTsang {
    #[inline]
    pub fn new(shape: f64) -> Self {
        let d = shape - 1.0 / 3.0;
        MarsagliaTsang { d, c: 1.0 / math::sqrt(9.0 * d) }
    }

    #[inline(always)]
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        loop {
            let n = noise::normal(rng);
            let root = 1.0 + self.c * n;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = noise::uniform(rng);
            let square = n * n;
            if u < 1.0 - 0.0331 * square * square || math::ln(u) < 0.5 * square + self.d * (1.0 - v + math::ln(v)) {
                return self.d * v;
            }
        }
    }
}

/// A gamma variable with rate 1 as g e^-e.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GammaNoise {
    pub g: f64,
    pub e: f64,
}

impl GammaNoise {
    #[inline]
    pub fn value(&self) -> f64 {
        if self.e == 0.0 { self.g } else { self.g * math::exp(-self.e) }
    }

    #[inline]
    pub fn ln(&self) -> f64 {
        math::ln(self.g) - self.e
    }
}

/// The gamma law with rate 1 and any shape a, in doubles: below 1 it is G(a + 1) e^(-E/a) with exponential E, whose logarithm
/// does not underflow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GammaSampler {
    shape: f64,
    /// Draws for the shape or, below 1, for one more.
    sampler: MarsagliaTsang,
}

impl GammaSampler {
    #[inline]
    pub fn new(shape: f64) -> Self {
        GammaSampler { shape, sampler: MarsagliaTsang::new(if shape < 1.0 { shape + 1.0 } else { shape }) }
    }

    #[inline(always)]
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> GammaNoise {
        let g = self.sampler.draw(rng);
        GammaNoise { g, e: if self.shape < 1.0 { noise::exponential(rng) / self.shape } else { 0.0 } }
    }
}
