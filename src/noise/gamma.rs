//! Plain gamma noise, which the draws of the gamma, beta and Student's t laws start from.

use crate::noise;
use crate::noise::lanes::elementary::{ln, times_exp};
use crate::noise::lanes::{LANES, Lanes, NORMALS, exponential, open01};
use crate::scalar::math;
use rand::Rng;

/// The gamma law with rate 1 and a shape of at least 1, in doubles (Marsaglia & Tsang 2000, "A simple method for generating
/// gamma variables", ACM TOMS 26).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MarsagliaTsang {
    d: f64,
    c: f64,
}

/// The k of the squeeze of the law with this c: all u below 1 - k n⁴ are accepted. Theirs, 0.0331, holds for every shape and is
/// that of shape 1: with it a tenth of all draws asks for logarithms, with one of the shape 2 % at 2.5 and 1 in 1000 at 50. It
/// is not kept, as laws are copied and draws of Student's t law cost a sixth more with it.
#[inline]
fn squeeze(c: f64) -> f64 {
    // in brackets an upper bound of 9 max (1 - e^h)/(c n)⁴ c², h the logarithms' bound of ln u: `tests/reference/make_squeeze.py`
    (0.78 + 2.47 * c) * (c * c / 9.0)
}

impl MarsagliaTsang {
    #[inline]
    pub fn new(shape: f64) -> Self {
        let d = shape - 1.0 / 3.0;
        MarsagliaTsang { d, c: 1.0 / math::sqrt(9.0 * d) }
    }

    #[inline(always)]
    pub fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        // no draw changes: what lies between the two squeezes the logarithms accept, as long as they are not mere rounding
        let squeeze = if self.d < 1e4 { squeeze(self.c) } else { 0.0331 };
        loop {
            let n = noise::normal(rng);
            let root = 1.0 + self.c * n;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = noise::uniform(rng);
            let square = n * n;
            if u < 1.0 - squeeze * square * square || math::ln(u) < 0.5 * square + self.d * (1.0 - v + math::ln(v)) {
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

/// Candidates of one round of [`GammaSampler::draw_in_lanes`].
const ROUND: usize = 256;

impl MarsagliaTsang {
    /// d times a candidate v, whose root is 1 + c n, at once or by the inequality with logarithms.
    #[inline(always)]
    fn accepts(&self, n: f64, v: f64, u: f64) -> bool {
        v > 0.0 && ln(u) < 0.5 * (n * n) + self.d * (1.0 - v + ln(v))
    }

    /// The candidates of as many steps as asked for, and of each an exponential number if these are asked for; how many
    /// are accepted, which come first.
    #[inline(never)]
    fn round(
        &self,
        lanes: &mut Lanes,
        steps: usize,
        kept: &mut [f64; ROUND],
        mut e: Option<&mut [f64; ROUND]>,
    ) -> usize {
        let (mut n, mut v, mut u) = ([0.0; ROUND], [0.0; ROUND], [0.0; ROUND]);
        let squeeze = squeeze(self.c);
        let mut own = lanes.clone();
        for step in 0..steps {
            let at = step * NORMALS;
            own.normal_step(n[at..].first_chunk_mut().expect("a step of the round"));
            for at in [at, at + LANES] {
                own.step(u[at..].first_chunk_mut().expect("a step of the round"), open01);
            }
            if let Some(e) = &mut e {
                for at in [at, at + LANES] {
                    own.step(e[at..].first_chunk_mut().expect("a step of the round"), exponential);
                }
            }
        }
        *lanes = own;
        for ((v, u), n) in v.iter_mut().zip(&mut u).zip(&n) {
            let root = 1.0 + self.c * n;
            *v = root * root * root;
            let square = n * n;
            // accepted at once: below all logarithms
            *u = if (*u < 1.0 - squeeze * square * square) & (root > 0.0) { -1.0 } else { *u };
        }
        let mut count = 0;
        for i in 0..steps * NORMALS {
            kept[count] = self.d * v[i];
            if let Some(e) = &mut e {
                e[count] = e[i];
            }
            count += usize::from(u[i] < 0.0 || self.accepts(n[i], v[i], u[i]));
        }
        count
    }
}

impl GammaSampler {
    /// So many draws in lanes, one after the other: `each` gets its number, the noise and the noise's value.
    ///
    /// A step makes 16 candidates of two words of every lane for their normal numbers, two for the uniform ones and, for
    /// shapes below 1, two for exponential ones. Elementary functions are those of lanes, so that draws are the same on
    /// every target.
    #[inline(always)]
    pub fn draw_in_lanes(&self, lanes: &mut Lanes, draws: usize, mut each: impl FnMut(usize, GammaNoise, f64)) {
        let (mut g, mut e, mut x) = ([0.0; ROUND], [0.0; ROUND], [0.0; ROUND]);
        let mut done = 0;
        while done < draws {
            let left = draws - done;
            // 19 of 20 candidates are accepted, or more
            let steps = (left + left / 16).div_ceil(NORMALS).min(ROUND / NORMALS);
            let found = if self.shape < 1.0 {
                let found = self.sampler.round(lanes, steps, &mut g, Some(&mut e));
                for ((x, g), e) in x.iter_mut().zip(&g).zip(&mut e) {
                    *e /= self.shape;
                    *x = times_exp(*g, -*e);
                }
                found
            } else {
                let found = self.sampler.round(lanes, steps, &mut g, None);
                x = g;
                found
            };
            let found = found.min(left);
            for i in 0..found {
                each(done + i, GammaNoise { g: g[i], e: e[i] }, x[i]);
            }
            done += found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the squeeze accepts the logarithms accept: 1 - k n⁴ is below e^h, by a thousandth of what both are from 1.
    #[test]
    fn squeeze_is_inside() {
        for shape in [1.0, 1.001, 1.1, 1.3, 1.7, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0, 30.0, 100.0, 1e3, 1e4, 1e6] {
            let law = MarsagliaTsang::new(shape);
            for i in -1999..6000 {
                let y = f64::from(i) / 2000.0;
                // 1 - v + 3 ln(1 + y) + 9 y²/2, its series where these cancel
                let h = if y.abs() < 0.05 {
                    -(4..30).map(|n| 3.0 * (-y).powi(n) / f64::from(n)).sum::<f64>()
                } else {
                    3.0 * y.ln_1p() - 3.0 * y + 1.5 * y * y - y * y * y
                };
                let (rejected, squeezed) = (-(law.d * h).exp_m1(), squeeze(law.c) * (y / law.c).powi(4));
                assert!(squeezed >= 1.001 * rejected, "{shape} {y}: {squeezed} {rejected}");
            }
        }
    }
}
