//! Eight generators side by side, whose noise a compiler makes in vector registers.

pub(crate) mod elementary;

use super::{GOLDEN, mix};
use crate::scalar::math;
use elementary::{ln, sin_cos_quarter};

/// Generators.
pub(super) const LANES: usize = 8;

/// Normal numbers of a step.
pub(super) const NORMALS: usize = 2 * LANES;

/// Eight generators xoshiro256++ side by side, which fill slices with noise.
///
/// Lane k is the `Xoshiro256PlusPlus` of `rand_xoshiro` from the same seed after k jumps: 2^128 numbers apart from its
/// neighbours, so that no two meet (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS
/// 47). Numbers come from the lanes in turn. Everything is plain arithmetic on arrays of eight, without branches,
/// calls or tables, which the compiler turns into vector instructions of the target.
///
/// # A stream of its own
/// The numbers differ from those that `sample` makes of any generator: the ziggurat there takes another word where it
/// rejects, which lanes cannot do one by one. Normal draws are those of Box & Muller (1958), exponential ones -ln u.
/// They are the same, to the last bit, on every target, with vector instructions and without.
///
/// A method takes as many words of every lane as the slice needs, and discards what is left of the last step (of 8
/// numbers, of 16 normal ones): a shorter slice has the first numbers of a longer one, but two calls are one call only
/// if the first slice has a multiple of 16 numbers.
///
/// # When it pays
/// With `RUSTFLAGS="-C target-cpu=native"` on a processor with AVX2 or AVX-512. The default target of x86-64 has vectors
/// of two doubles and no rotations of words: there the noise of [`uniform`](super::uniform), [`normal`](super::normal)
/// and [`exponential`](super::exponential) is faster (`docs/speed.md`).
///
/// ```
/// use reparam::noise::Lanes;
/// let mut lanes = Lanes::seed_from_u64(1);
/// let mut z = [0.0; 1000];
/// lanes.normals(&mut z);
/// assert!((z.iter().sum::<f64>() / 1000.0).abs() < 0.1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lanes {
    /// The four words of the state, of each lane.
    state: [[u64; LANES]; 4],
}

impl Lanes {
    /// The lanes of a seed: SplitMix64 makes the first, as `rand_xoshiro` does, jumps the others.
    ///
    /// ```
    /// use reparam::noise::Lanes;
    /// assert!(Lanes::seed_from_u64(1) != Lanes::seed_from_u64(2));
    /// ```
    pub fn seed_from_u64(seed: u64) -> Self {
        let mut state = core::array::from_fn(|i| mix(seed.wrapping_add(GOLDEN.wrapping_mul(i as u64 + 1))));
        let mut lanes = Lanes { state: [[0; LANES]; 4] };
        for k in 0..LANES {
            for (words, word) in lanes.state.iter_mut().zip(state) {
                words[k] = word;
            }
            state = moved(state, &JUMP);
        }
        lanes
    }

    /// Moves every lane by 2^192 numbers: lanes for another thread or another part of the work, which meet none of
    /// these.
    ///
    /// ```
    /// use reparam::noise::Lanes;
    /// let here = Lanes::seed_from_u64(1);
    /// let mut there = here.clone();
    /// there.long_jump();
    /// assert!(here != there);
    /// ```
    pub fn long_jump(&mut self) {
        for k in 0..LANES {
            let state = moved(self.state.map(|words| words[k]), &LONG_JUMP);
            for (words, word) in self.state.iter_mut().zip(state) {
                words[k] = word;
            }
        }
    }

    /// Uniform on (0, 1): odd multiples of 2^-53, as [`uniform`](super::uniform)'s.
    ///
    /// ```
    /// use reparam::noise::Lanes;
    /// let mut u = [0.0; 100];
    /// Lanes::seed_from_u64(1).uniforms(&mut u);
    /// assert!(u.iter().all(|u| 0.0 < *u && *u < 1.0));
    /// ```
    pub fn uniforms(&mut self, out: &mut [f64]) {
        self.map(out, open01);
    }

    /// Normal with mean 0 and standard deviation 1, by Box and Muller's method: never 0, and at most 8.57, which is
    /// sqrt(2 · 53 ln 2), where one draw in 10^17 is beyond.
    ///
    /// ```
    /// use reparam::noise::Lanes;
    /// let mut z = [0.0; 100];
    /// Lanes::seed_from_u64(1).normals(&mut z);
    /// assert!(z.iter().all(|z| z.abs() < 8.6));
    /// ```
    pub fn normals(&mut self, out: &mut [f64]) {
        // in registers, not behind a reference
        let mut lanes = self.clone();
        let (chunks, rest) = out.as_chunks_mut();
        for chunk in chunks {
            lanes.normal_step(chunk);
        }
        if !rest.is_empty() {
            let mut last = [0.0; NORMALS];
            lanes.normal_step(&mut last);
            rest.copy_from_slice(&last[..rest.len()]);
        }
        *self = lanes;
    }

    /// Exponential with mean 1, -ln u: never 0, from 1.1e-16, the spacing of its smallest numbers, to 36.7, which is 53
    /// ln 2, where one draw in 10^16 is beyond.
    ///
    /// ```
    /// use reparam::noise::Lanes;
    /// let mut e = [0.0; 100];
    /// Lanes::seed_from_u64(1).exponentials(&mut e);
    /// assert!(e.iter().all(|e| *e > 0.0));
    /// ```
    pub fn exponentials(&mut self, out: &mut [f64]) {
        self.map(out, exponential);
    }

    /// Exponential with mean 1 and with a sign, which is the last bit of the word.
    pub(crate) fn signed_exponentials(&mut self, out: &mut [f64]) {
        self.map(out, |word| f64::from_bits(exponential(word).to_bits() | (word << 63)));
    }

    /// The next word of every lane.
    #[inline(always)]
    fn words(&mut self) -> [u64; LANES] {
        let [a, b, c, d] = &mut self.state;
        let mut words = [0; LANES];
        for i in 0..LANES {
            words[i] = a[i].wrapping_add(d[i]).rotate_left(23).wrapping_add(a[i]);
            let shifted = b[i] << 17;
            c[i] ^= a[i];
            d[i] ^= b[i];
            b[i] ^= c[i];
            a[i] ^= d[i];
            c[i] ^= shifted;
            d[i] = d[i].rotate_left(45);
        }
        words
    }

    /// Fills a slice with a function of one word each.
    #[inline(always)]
    fn map(&mut self, out: &mut [f64], f: impl Fn(u64) -> f64) {
        let mut lanes = self.clone();
        let (chunks, rest) = out.as_chunks_mut();
        for chunk in chunks {
            lanes.step(chunk, &f);
        }
        if !rest.is_empty() {
            let mut last = [0.0; LANES];
            lanes.step(&mut last, f);
            rest.copy_from_slice(&last[..rest.len()]);
        }
        *self = lanes;
    }

    /// A function of one word of each lane.
    #[inline(always)]
    pub(super) fn step(&mut self, out: &mut [f64; LANES], f: impl Fn(u64) -> f64) {
        let words = self.words();
        for i in 0..LANES {
            out[i] = f(words[i]);
        }
    }

    /// Two normal numbers of two words of each lane.
    #[inline(always)]
    pub(super) fn normal_step(&mut self, out: &mut [f64; NORMALS]) {
        let (radius, angle) = (self.words(), self.words());
        for i in 0..LANES {
            [out[i], out[LANES + i]] = normal_pair(radius[i], angle[i]);
        }
    }
}

/// An odd multiple of 2^-53 in (0, 1), of the upper 52 bits of a word.
#[inline(always)]
pub(crate) fn open01(word: u64) -> f64 {
    f64::from_bits((word >> 12) | 1f64.to_bits()) - (1.0 - f64::EPSILON / 2.0)
}

/// Exponential with mean 1, of the upper 52 bits of a word.
#[inline(always)]
pub(crate) fn exponential(word: u64) -> f64 {
    -ln(open01(word))
}

/// Two normal numbers, by their distance from the origin and their angle: from -π/4 to π/4 by 52 bits, in one of four
/// quarters by two more.
#[inline(always)]
fn normal_pair(radius: u64, angle: u64) -> [f64; 2] {
    let r = math::sqrt(-2.0 * ln(open01(radius)));
    let (sin, cos) = sin_cos_quarter(open01(angle) - 0.5);
    let (sin, cos) = (sin.to_bits(), cos.to_bits() ^ (angle << 63));
    let exchanged = (sin ^ cos) & 0u64.wrapping_sub((angle >> 1) & 1);
    [cos ^ exchanged, sin ^ exchanged].map(|bits| r * f64::from_bits(bits))
}

/// The polynomials of jumps by 2^128 and 2^192 (<https://prng.di.unimi.it/xoshiro256plusplus.c>).
const JUMP: [u64; 4] = [0x180e_c6d3_3cfd_0aba, 0xd5a6_1266_f0c9_392c, 0xa958_2618_e03f_c9aa, 0x39ab_dc45_29b1_661c];
const LONG_JUMP: [u64; 4] =
    [0x76e1_5d3e_fefd_cbbf, 0xc500_4e44_1c52_2fb3, 0x7771_0069_854e_e241, 0x3910_9bb0_2acb_e635];

/// The sum of the states that a polynomial's bits choose out of the next 256.
fn moved(state: [u64; 4], polynomial: &[u64; 4]) -> [u64; 4] {
    let mut one = Lanes { state: state.map(|word| [word; LANES]) };
    let mut sum = [0; 4];
    for bit in 0..256 {
        if polynomial[bit / 64] >> (bit % 64) & 1 == 1 {
            for (sum, words) in sum.iter_mut().zip(one.state) {
                *sum ^= words[0];
            }
        }
        one.words();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    /// A generator in a lane is rand_xoshiro's after as many jumps.
    #[test]
    fn lanes_are_jumps_apart() {
        let mut jumped = Xoshiro256PlusPlus::seed_from_u64(7);
        let mut one_by_one = [(); LANES].map(|()| {
            let lane = jumped.clone();
            jumped.jump();
            lane
        });
        let mut lanes = Lanes::seed_from_u64(7);
        for _ in 0..100 {
            assert_eq!(lanes.words(), one_by_one.each_mut().map(|lane| lane.next_u64()));
        }
        lanes.long_jump();
        one_by_one.iter_mut().for_each(Xoshiro256PlusPlus::long_jump);
        for _ in 0..100 {
            assert_eq!(lanes.words(), one_by_one.each_mut().map(|lane| lane.next_u64()));
        }
    }

    fn filled(n: usize, fill: fn(&mut Lanes, &mut [f64])) -> std::vec::Vec<f64> {
        let mut out = std::vec![0.0; n];
        fill(&mut Lanes::seed_from_u64(42), &mut out);
        out
    }

    /// The first numbers, from the integers of the generator in 50 digits (`tests/reference/make_lanes.py`).
    #[test]
    fn first_numbers() {
        let close = |got: std::vec::Vec<f64>, want: &[f64]| {
            for (got, want) in got.iter().zip(want) {
                assert!((got / want - 1.0).abs() < 4e-16, "{got} {want}");
            }
        };
        close(filled(3, Lanes::uniforms), &[0.8143051451229099, 0.7527916874180217, 0.7386856126440745]);
        close(filled(3, Lanes::exponentials), &[0.20542011206786845, 0.2839667329902888, 0.3028828712256169]);
        let normals = [
            -0.6151854869299161,
            -0.15742708430574867,
            0.7626845411289213,
            1.28867038517727,
            0.20538212744907997,
            0.42963345023670574,
            0.46463475674800836,
            -0.2530753551326959,
            -0.17996399864011392,
            -0.7369872313056504,
            -0.155170980451245,
            -0.2205749035353992,
            -0.5682052015647417,
            -0.16127567523491992,
            2.6758001434697305,
            1.2088545539070454,
        ];
        close(filled(16, Lanes::normals), &normals);
    }

    /// All bits of a thousand numbers, which are the same on every target.
    #[test]
    fn bits() {
        let print = |fill| filled(1000, fill).iter().fold(0, |sum, x| mix(sum ^ x.to_bits()));
        let prints = [Lanes::uniforms, Lanes::exponentials, Lanes::normals, Lanes::signed_exponentials].map(print);
        assert_eq!(prints, [16061770249407797702, 6777969380451980561, 17119240041235282386, 17478002912814665494]);
    }

    /// A slice of any length has the first numbers of a longer one.
    #[test]
    fn any_length() {
        for fill in [Lanes::uniforms, Lanes::exponentials, Lanes::normals] {
            let all = filled(100, fill);
            for n in 0..50 {
                assert_eq!(filled(n, fill), all[..n]);
            }
        }
    }

    /// The ends of what 52 bits give.
    #[test]
    fn extremes() {
        assert_eq!([0, u64::MAX].map(open01), [2f64.powi(-53), 1.0 - 2f64.powi(-53)]);
        let [largest, smallest] = [0, u64::MAX].map(exponential);
        assert!((largest - 53.0 * core::f64::consts::LN_2).abs() < 1e-14 && smallest == 2f64.powi(-53));
        let largest = (0..4)
            .map(|quarter| normal_pair(0, (1 << 63) | quarter))
            .fold(0.0, |m, [a, b]| a.abs().max(b.abs()).max(m));
        assert!((largest - (106.0 * core::f64::consts::LN_2).sqrt()).abs() < 1e-14, "{largest}");
        for angle in 0..4 {
            assert!(normal_pair(u64::MAX, (1 << 63) | angle).iter().all(|z| *z != 0.0));
        }
    }

    /// Numbers of different lanes, and the two of a pair, are independent: neither they nor their squares go together.
    #[test]
    fn uncorrelated() {
        const N: usize = 200_000;
        let mut columns = [(); NORMALS].map(|()| std::vec::Vec::with_capacity(N));
        let mut lanes = Lanes::seed_from_u64(3);
        for _ in 0..N {
            let mut step = [0.0; NORMALS];
            lanes.normal_step(&mut step);
            columns.iter_mut().zip(step).for_each(|(column, z)| column.push(z));
        }
        let bound = 5.0 / (N as f64).sqrt();
        for i in 0..NORMALS {
            for j in 0..i {
                let pairs = || columns[i].iter().zip(&columns[j]);
                let product = pairs().map(|(a, b)| a * b).sum::<f64>() / N as f64;
                let squares = pairs().map(|(a, b)| (a * a - 1.0) * (b * b - 1.0)).sum::<f64>() / (2.0 * N as f64);
                assert!(product.abs() < bound && squares.abs() < bound, "{i} {j}: {product} {squares}");
            }
            // and neither do those of a lane one after the other
            let next = columns[i].windows(2).map(|z| z[0] * z[1]).sum::<f64>() / N as f64;
            assert!(next.abs() < bound, "{i}: {next}");
        }
    }
}
