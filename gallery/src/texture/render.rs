//! From noise and knobs to pixels.

use gallery::Error;
use gallery::gray::Gray;
use rand::Rng;
use reparam::noise;
use reparam::prelude::*;
use std::path::Path;

/// Octaves of a texture.
const OCTAVES: usize = 4;

/// The randomness of a texture: directions of slope at the points of a lattice, which repeats after 64 points.
#[derive(Clone, Debug)]
pub struct Texture {
    /// Those of the octaves, then of the warp along x and y.
    slopes: Vec<[(f64, f64); PERIOD * PERIOD]>,
    /// Where in the lattice the middle is.
    middle: (f64, f64),
}

const PERIOD: usize = 64;

impl Texture {
    /// A new one.
    pub fn new<R: Rng + ?Sized>(rng: &mut R) -> Self {
        let mut slope = || {
            let angle = std::f64::consts::TAU * noise::uniform(rng);
            (angle.cos(), angle.sin())
        };
        let slopes = (0..OCTAVES + 2).map(|_| std::array::from_fn(|_| slope())).collect();
        Texture { slopes, middle: (32.0 * noise::uniform(rng), 32.0 * noise::uniform(rng)) }
    }

    /// Its pixels, a square, row by row; heights around 0.
    pub fn render<S: Scalar>(&self, [contrast, roughness, frequency, stretch, warp]: [S; 5], width: usize) -> Vec<S> {
        let ratio = roughness.sigmoid();
        let heights: [S; OCTAVES] = std::array::from_fn(|octave| ratio.powi(octave as i32));
        let size = heights.iter().fold(S::from(0.0), |sum, h| sum + *h * *h).sqrt();
        // gradient noise has a standard deviation of about 1/4
        let (contrast, frequency) = (contrast.exp().over(size) * 4.0, frequency.exp() * 0.01);
        let (along_x, warp) = ((-stretch).exp(), warp.exp() * 0.25);
        let pixel = |i: usize| {
            let place = |i: usize| i as f64 - width as f64 / 2.0;
            let x = frequency * along_x * place(i % width) + self.middle.0;
            let y = frequency * place(i / width) + self.middle.1;
            let bend = |k: usize| self.noise(OCTAVES + k, x, y) * warp;
            let (x, y) = (x + bend(0), y + bend(1));
            let waves = heights.iter().enumerate().map(|(octave, height)| {
                let times = f64::from(1 << octave);
                *height * self.noise(octave, x * times, y * times)
            });
            contrast * waves.fold(S::from(0.0), |sum, wave| sum + wave)
        };
        (0..width * width).map(pixel).collect()
    }

    /// Gradient noise: twice differentiable in x and y, with a random slope and the height 0 at each point of the lattice.
    fn noise<S: Scalar>(&self, layer: usize, x: S, y: S) -> S {
        let (i, j) = (x.re().floor(), y.re().floor());
        let (u, v) = (x - i, y - j);
        let corner = |di: f64, dj: f64| {
            let place = |i: f64| (i.rem_euclid(PERIOD as f64)) as usize % PERIOD;
            let (a, b) = self.slopes[layer][place(j + dj) * PERIOD + place(i + di)];
            (u - di) * a + (v - dj) * b
        };
        let (s, t) = (fade(u), fade(v));
        let between = |a: S, b: S, s: S| a + (b - a) * s;
        let (low, high) =
            (between(corner(0.0, 0.0), corner(1.0, 0.0), s), between(corner(0.0, 1.0), corner(1.0, 1.0), s));
        between(low, high, t)
    }
}

/// 6 t⁵ - 15 t⁴ + 10 t³: slope and curvature are 0 at both ends.
fn fade<S: Scalar>(t: S) -> S {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Gray of the height 0, of 255.
pub const GRAY: f64 = 127.5;

/// Writes square images of one width beside each other, each pixel `scale` pixels wide.
///
/// # Errors
/// The file cannot be written.
pub fn picture(path: &Path, images: &[Vec<f64>], width: usize, scale: usize) -> Result<(), Error> {
    let (side, gap) = (width * scale, 8);
    let mut whole = Gray::white((side + gap) * images.len() - gap, side);
    for (place, image) in images.iter().enumerate() {
        for (x, y) in (0..side).flat_map(|y| (0..side).map(move |x| (x, y))) {
            let height = image[y / scale * width + x / scale];
            let gray = (GRAY + height * GRAY).clamp(0.0, 255.0) as u8;
            whole.set(place * (side + gap) + x, y, gray);
        }
    }
    whole.save(path).map_err(|e| format!("{}: {e}", path.display()).into())
}
