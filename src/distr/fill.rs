//! Many draws at once, values and partials apart.

use super::law::Continuous;
use super::table::Known;
#[cfg(feature = "alloc")]
use super::{One, What};
use crate::scalar::{Jet, Scalar};
use rand::Rng;

/// Draws into slices: the values, and for each of the N variables the derivatives in it.
///
/// The values are those that a loop of `sample` gives, to the bit, laid out as vectors want them, and so are the derivatives of few
/// draws. From 400 to 6000 draws on, by the law, those of gamma, beta, Student's t and von Mises laws and of what is made of them are from
/// a table: the same to 1e-12, except that Student's t below 40 degrees of freedom moves at a fixed probability then (see
/// [`StudentT`](super::StudentT)). Each call makes its table: a law that is drawn in many calls should be
/// [`prepared`](super::Prepare::prepared), and so should one where there is no heap. Compiled for a processor with wide vectors,
/// [`fill_in_lanes`](super::fill_in_lanes) is faster.
///
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [shape, rate] = Jet::variables([2.5, 2.0]);
/// let law = Gamma::new(shape, rate)?;
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
    law: &impl Continuous<Jet<f64, N>>,
    rng: &mut R,
    values: &mut [f64],
    partials: [&mut [f64]; N],
) {
    check_lengths(values, &partials);
    #[cfg(feature = "alloc")]
    if N > 0
        && let Some(shapes) = law.shapes()
        && values.len() as u64 >= What::First.draws(shapes)
    {
        return fill_by(law, &mut One::first(shapes), rng, values, partials);
    }
    fill_by(law, &mut (), rng, values, partials);
}

/// The same by the tables of who knows them.
fn fill_by<const N: usize, R: Rng + ?Sized>(
    law: &impl Continuous<Jet<f64, N>>,
    known: &mut impl Known,
    rng: &mut R,
    values: &mut [f64],
    mut partials: [&mut [f64]; N],
) {
    for (i, value) in values.iter_mut().enumerate() {
        let draw = law.sample_by(known, rng);
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
