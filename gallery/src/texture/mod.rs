//! A procedural texture whose knobs are turned until its statistics are those of a target.
//!
//! A texture is gradient noise (Perlin 1985, 2002) in four octaves, its coordinates stretched and warped by more noise. It
//! has five knobs, and a new seed makes a new texture of the same kind: what is matched to the target are expectations,
//! mean squares of differences between pixels at some distances, and not pixels. Each pixel knows how it moves with the
//! knobs, so a few textures a step give the slopes of all statistics, and Newton's steps do the rest. Artists turn such
//! knobs by hand because the usual renderer tells nothing of slopes.

mod render;

pub use render::{GRAY, Texture, picture};

use gallery::Error;
use nalgebra::SMatrix;
use reparam::estimate::{self, Estimate, Handle};
use reparam::prelude::*;

/// ln contrast, roughness (logit of what an octave's height is of the one before), ln waves across 100 pixels, ln stretch
/// along x, ln warp.
pub type Knobs = [f64; 5];

/// The knobs' names.
pub const NAMES: [&str; 5] = ["ln contrast", "roughness", "ln frequency", "ln stretch", "ln warp"];

/// Distances between pixels, along x and along y.
pub const LAGS: [usize; 5] = [1, 2, 4, 8, 16];

/// Mean squares of differences at each distance along x, then y; then mean fourth powers at two distances along both.
pub const STATISTICS: usize = 2 * LAGS.len() + 4;

/// What is measured of an image of some width; heights are around 0.
pub fn statistics<S: Scalar>(image: &[S], width: usize) -> [S; STATISTICS] {
    let height = image.len() / width;
    let mean = |dx: usize, dy: usize, fourth: bool| {
        let (mut sum, mut count) = (S::from(0.0), 0.0);
        for y in 0..height.saturating_sub(dy) {
            for x in 0..width.saturating_sub(dx) {
                let d = image[(y + dy) * width + x + dx] - image[y * width + x];
                let square = d * d;
                sum += if fourth { square * square } else { square };
                count += 1.0;
            }
        }
        sum * (1.0 / count)
    };
    std::array::from_fn(|k| match k {
        0..5 => mean(LAGS[k], 0, false),
        5..10 => mean(0, LAGS[k - 5], false),
        10 | 11 => mean(LAGS[k - 9], 0, true),
        _ => mean(0, LAGS[k - 11], true),
    })
}

/// Expected statistics of textures and their slopes, from some of them.
///
/// # Errors
/// The knobs are so far out that numbers overflow.
pub fn expected(
    knobs: Knobs,
    width: usize,
    textures: u64,
    seed: u64,
) -> Result<Estimate<[[f64; 5]; STATISTICS], [f64; STATISTICS]>, Error> {
    type Five = Jet<f64, 5>;
    let f = |knobs: [Five; 5], rng: &mut Handle<Five>| statistics(&Texture::new(rng).render(knobs, width), width);
    Ok(estimate::pathwise(knobs, f).samples(textures).par_run_seed(seed)?)
}

/// Covariances of the logarithms of one texture's statistics, from some of them.
pub fn spread(knobs: Knobs, width: usize, textures: u64, seed: u64) -> [[f64; STATISTICS]; STATISTICS] {
    let all: Vec<[f64; STATISTICS]> = (0..textures)
        .map(|i| {
            let mut rng = program::Stream::new(seed.wrapping_add(i));
            statistics(&Texture::new(&mut rng).render(knobs, width), width).map(f64::ln)
        })
        .collect();
    let n = textures as f64;
    let mean: [f64; STATISTICS] = std::array::from_fn(|k| all.iter().map(|s| s[k]).sum::<f64>() / n);
    let covariance =
        |i: usize, j: usize| all.iter().map(|s| (s[i] - mean[i]) * (s[j] - mean[j])).sum::<f64>() / (n - 1.0);
    std::array::from_fn(|i| std::array::from_fn(|j| covariance(i, j)))
}

/// What is to be matched.
#[derive(Clone, Debug)]
pub struct Target {
    /// Means over its textures.
    pub statistics: [f64; STATISTICS],
    /// How many they are; one picture is one.
    pub textures: u64,
    /// Their width in pixels.
    pub width: usize,
}

/// Textures from which the spread of statistics is known, to a tenth.
const SPREAD: u64 = 60;

/// gᵀ C g.
fn quadratic(g: &[f64; STATISTICS], c: &[[f64; STATISTICS]; STATISTICS]) -> f64 {
    c.iter().zip(g).map(|(row, g_i)| g_i * row.iter().zip(g).map(|(c, g_j)| c * g_j).sum::<f64>()).sum()
}

/// A fit.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The knobs at the end.
    pub knobs: Knobs,
    /// Their standard errors, from the target's own randomness and that of the textures of the fit.
    pub errors: Knobs,
    /// The knobs after each step.
    pub path: Vec<Knobs>,
}

/// How a fit goes.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Steps.
    pub steps: u32,
    /// Textures in each.
    pub textures: u64,
    /// Their width in pixels.
    pub width: usize,
    /// Seed of the first step's.
    pub seed: u64,
}

/// Steps of full length at the start of a fit.
const FULL: u32 = 8;

/// Turns the knobs until the logarithms of expected statistics are nearest to the target's: Gauss & Newton's steps of full
/// length at first, and then of 1/2, 1/3, ... so that the noise of the textures is averaged.
///
/// # Errors
/// The knobs run away: the target is nothing like such a texture.
pub fn fit(target: &Target, start: Knobs, plan: Plan, mut progress: impl FnMut()) -> Result<Fit, Error> {
    let (mut knobs, mut path, mut errors) = (start, vec![start], [0.0; 5]);
    for step in 0..plan.steps {
        let e = expected(knobs, plan.width, plan.textures, plan.seed.wrapping_add(step.into()))?;
        let residual: [f64; STATISTICS] = std::array::from_fn(|k| (e.value[k] / target.statistics[k]).ln());
        let slopes: [[f64; 5]; STATISTICS] = std::array::from_fn(|k| e.gradient[k].map(|g| g / e.value[k]));
        let gains = gains(&slopes);
        let length = if step < FULL { 1.0 } else { 1.0 / f64::from(step - FULL + 2) };
        for (knob, gain) in knobs.iter_mut().zip(&gains) {
            let step: f64 = gain.iter().zip(residual).map(|(g, r)| g * r).sum();
            *knob -= length * step.clamp(-0.5, 0.5);
        }
        if !knobs.iter().all(|k| k.abs() < 8.0) {
            return Err(
                format!("the knobs run away in step {}: {knobs:?}; the target is no such texture", step + 1).into()
            );
        }
        path.push(knobs);
        if step + 1 == plan.steps {
            // the fit's own noise is averaged over the textures of the shortened steps
            let averaged = plan.textures * u64::from(plan.steps.saturating_sub(FULL).max(1));
            let sources = [(target.width, target.textures), (plan.width, averaged)];
            let covariances = sources.map(|(width, count)| (spread(knobs, width, SPREAD, plan.seed), count as f64));
            for (error, gain) in errors.iter_mut().zip(&gains) {
                *error = covariances.iter().map(|(of_one, count)| quadratic(gain, of_one) / count).sum::<f64>().sqrt();
            }
        }
        progress();
    }
    Ok(Fit { knobs, errors, path })
}

/// (JᵀJ + a little)⁻¹ Jᵀ: how far each knob moves for each residual.
fn gains(slopes: &[[f64; 5]; STATISTICS]) -> [[f64; STATISTICS]; 5] {
    let j = SMatrix::<f64, STATISTICS, 5>::from_fn(|k, i| slopes[k][i]);
    let normal = j.transpose() * j + SMatrix::<f64, 5, 5>::identity() * 1e-3;
    // positive definite, unless a slope is not finite: then the knobs become NaN, which stops the fit
    let gains = normal.try_inverse().map(|inverse| inverse * j.transpose());
    std::array::from_fn(|i| std::array::from_fn(|k| gains.map_or(f64::NAN, |g| g[(i, k)])))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUTH: Knobs = [-1.5, -0.2, 1.2, 0.5, 0.6];

    #[test]
    fn slopes_are_differences_at_the_same_noise() {
        let at = |knobs: Knobs| expected(knobs, 40, 2, 7).unwrap();
        let e = at(TRUTH);
        for i in 0..5 {
            let step = 1e-5;
            let (mut up, mut down) = (TRUTH, TRUTH);
            up[i] += step;
            down[i] -= step;
            let (up, down) = (at(up).value, at(down).value);
            for k in 0..STATISTICS {
                let difference = (up[k] - down[k]) / (2.0 * step);
                assert!(
                    (e.gradient[k][i] - difference).abs() < 1e-5 * (e.value[k] + difference.abs()),
                    "{k} {i}: {} {difference}",
                    e.gradient[k][i]
                );
            }
        }
    }

    #[test]
    fn a_fit_finds_the_knobs_that_made_the_target() {
        let target = Target { statistics: expected(TRUTH, 48, 400, 99).unwrap().value, textures: 400, width: 48 };
        let plan = Plan { steps: 24, textures: 16, width: 48, seed: 1 };
        let fit = fit(&target, [-1.0, 0.0, 1.6, 0.0, 0.0], plan, || ()).unwrap();
        for (i, truth) in TRUTH.iter().enumerate() {
            assert!(fit.errors[i] < 0.15, "{fit:?}");
            assert!((fit.knobs[i] - truth).abs() < 4.0 * fit.errors[i], "{i}: {:?} ± {:?}", fit.knobs, fit.errors);
        }
    }

    #[test]
    fn statistics_are_means() {
        // a ramp: differences along x are the distance, along y 0
        let ramp: Vec<f64> = (0..400).map(|i| (i % 20) as f64).collect();
        let s = statistics(&ramp, 20);
        assert_eq!(s[..5], [1.0, 4.0, 16.0, 64.0, 256.0]);
        assert_eq!(s[5..10], [0.0; 5]);
        assert_eq!(s[10..], [16.0, 256.0, 0.0, 0.0]);
    }
}
