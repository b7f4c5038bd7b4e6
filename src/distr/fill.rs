//! Many draws at once, values and partials apart.

use crate::scalar::{Jet, Scalar};
use rand::Rng;
use rand::distr::Distribution;

/// Draws into slices: the values, and for each of the N variables the derivatives in it.
///
/// The same numbers as a loop of `sample` gives, laid out as vectors want them. A law that is drawn so often should be
/// [`prepared`](super::Prepare::prepared). Compiled for a processor with wide vectors,
/// [`fill_in_lanes`](super::fill_in_lanes) is faster.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape, rate] = Jet::variables([2.5, 2.0]);
/// let law = Gamma::new(shape, rate)?.prepared();
/// let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
/// let (mut z, mut by_shape, mut by_rate) = ([0.0; 1000], [0.0; 1000], [0.0; 1000]);
/// fill(&law, &mut rng, &mut z, [&mut by_shape, &mut by_rate]);
/// assert!(z.iter().zip(&by_rate).all(|(z, slope)| (slope + z / 2.0).abs() < 1e-15 * z)); // 1/rate is a scale
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a slice of partials is not as long as that of the values.
pub fn fill<const N: usize, R: Rng + ?Sized>(
    law: &impl Distribution<Jet<f64, N>>,
    rng: &mut R,
    values: &mut [f64],
    mut partials: [&mut [f64]; N],
) {
    check_lengths(values, &partials);
    for (i, value) in values.iter_mut().enumerate() {
        let draw = law.sample(rng);
        *value = draw.re();
        for (slice, partial) in partials.iter_mut().zip(draw.eps) {
            slice[i] = partial;
        }
    }
}

/// Panics if a slice of partials is not as long as that of the values.
pub(super) fn check_lengths(values: &[f64], partials: &[&mut [f64]]) {
    for (k, slice) in partials.iter().enumerate() {
        assert!(slice.len() == values.len(), "{} values, but {} partials of variable {k}", values.len(), slice.len());
    }
}
