//! Many draws at once, of the eight generators of [`Lanes`].

use super::fill::check_lengths;
use crate::noise::Lanes;
use crate::scalar::{Jet, Scalar};

/// Draws into slices, as [`fill`](super::fill) does, in lanes: the values, and for each of the N variables the
/// derivatives in it.
///
/// The numbers are others than those of [`fill`](super::fill) and `sample`, of a stream of its own (see [`Lanes`]), with
/// the same law and the same derivatives at the same draw. Values of normal, uniform, exponential and gamma laws and of those that
/// are made of them by sums, products, quotients, square roots, logarithms and exponentials in lanes are the same, to
/// the last bit, on every target.
///
/// That pays where the compiler may use vectors of four doubles or more, by `RUSTFLAGS="-C target-cpu=native"` on a
/// processor of the last ten years: a half to a quarter of the time then, but not at the default target of x86-64, where
/// [`fill`](super::fill) is the one to take. `docs/speed.md` has both.
///
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [mean, std_dev] = Jet::variables([1.0, 2.0]);
/// let law = Normal::new(mean, std_dev)?;
/// let mut lanes = Lanes::seed_from_u64(1);
/// let (mut z, mut by_mean, mut by_std_dev) = ([0.0; 1000], [0.0; 1000], [0.0; 1000]);
/// fill_in_lanes(&law, &mut lanes, &mut z, [&mut by_mean, &mut by_std_dev]);
/// assert!(by_mean.iter().all(|slope| *slope == 1.0));
/// assert!(z.iter().zip(&by_std_dev).all(|(z, slope)| *z == 2.0 * slope + 1.0));
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a slice of partials is not as long as that of the values.
pub fn fill_in_lanes<const N: usize>(
    law: &impl InLanes<N>,
    lanes: &mut Lanes,
    values: &mut [f64],
    mut partials: [&mut [f64]; N],
) {
    check_lengths(values, &partials);
    law.fill(lanes, values, &mut partials);
}

/// A law of which [`fill_in_lanes`] draws, with N variables: of jets with N partials, or, where N is 0, of doubles.
///
/// Laws whose shapes make the derivatives of draws dear are [`prepared`](super::Prepare::prepared) first.
///
/// ```
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let law = Gamma::new(2.5, 2.0)?.prepared();
/// let mut z = [0.0; 1000];
/// fill_in_lanes(&law, &mut Lanes::seed_from_u64(1), &mut z, []);
/// assert!((z.iter().sum::<f64>() / 1000.0 - 1.25).abs() < 0.1);
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no draws in lanes with {N} partials",
    note = "laws in lanes are those listed at `InLanes`, of `Jet<f64, N>` or `f64`; gamma laws are prepared first: `law.prepared()`"
)]
pub trait InLanes<const N: usize> {
    #[doc(hidden)]
    fn fill(&self, lanes: &mut Lanes, values: &mut [f64], partials: &mut [&mut [f64]; N]);
}

/// A number with N first derivatives and no others.
pub trait FirstOrder<const N: usize>: Scalar {
    /// The derivatives.
    fn partials(self) -> [f64; N];
}

impl FirstOrder<0> for f64 {
    #[inline(always)]
    fn partials(self) -> [f64; 0] {
        []
    }
}

impl<const N: usize> FirstOrder<N> for Jet<f64, N> {
    #[inline(always)]
    fn partials(self) -> [f64; N] {
        self.eps
    }
}

/// Writes a draw.
#[inline(always)]
pub(crate) fn write<S: FirstOrder<N>, const N: usize>(
    z: S,
    i: usize,
    values: &mut [f64],
    partials: &mut [&mut [f64]; N],
) {
    values[i] = z.re();
    for (slice, partial) in partials.iter_mut().zip(z.partials()) {
        slice[i] = partial;
    }
}

/// So many draws at a time stay in the first cache between the passes over them.
const BLOCK: usize = 256;

/// Calls `f` on blocks of the slices.
#[inline(always)]
pub(crate) fn in_blocks<const N: usize>(
    values: &mut [f64],
    partials: &mut [&mut [f64]; N],
    mut f: impl FnMut(&mut [f64], [&mut [f64]; N]),
) {
    let mut start = 0;
    for values in values.chunks_mut(BLOCK) {
        let end = start + values.len();
        f(values, partials.each_mut().map(|slice| &mut slice[start..end]));
        start = end;
    }
}

/// location + scale z of noise z, which becomes the value. Without a location, 0.
#[inline(always)]
pub(crate) fn place<S: FirstOrder<N>, const N: usize>(
    location: Option<S>,
    scale: S,
    values: &mut [f64],
    partials: [&mut [f64]; N],
) {
    let location = location.unwrap_or(S::from(0.0));
    for ((slice, a), b) in partials.into_iter().zip(location.partials()).zip(scale.partials()) {
        for (partial, z) in slice.iter_mut().zip(&*values) {
            *partial = b * z + a;
        }
    }
    let (a, b) = (location.re(), scale.re());
    for z in values {
        *z = b * *z + a;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::*;
    use crate::verify::{kolmogorov_smirnov, mean_of};
    use std::vec;
    use std::vec::Vec;

    /// Values and partials of so many draws.
    fn drawn<const N: usize>(law: &impl InLanes<N>, seed: u64, draws: usize) -> (Vec<f64>, [Vec<f64>; N]) {
        let (mut values, mut partials) = (vec![0.0; draws], [(); N].map(|()| vec![0.0; draws]));
        fill_in_lanes(
            law,
            &mut Lanes::seed_from_u64(seed),
            &mut values,
            partials.each_mut().map(|slice| &mut slice[..]),
        );
        (values, partials)
    }

    /// A million draws have the law's distribution function and moments, and move as the distribution function says:
    /// dz/dθ = -F_θ/f.
    fn check<const N: usize, D: InLanes<N>, L: Continuous<Jet<f64, N>>>(name: &str, in_lanes: &D, law: &L) {
        let (values, partials) = drawn(in_lanes, 20_261, 1_000_000);
        let p = kolmogorov_smirnov(values.clone(), |x| law.cdf(x.into()).re);
        assert!(p > 1e-4, "{name}: p = {p}");
        let mean = law.mean().unwrap().re;
        let sigmas = mean_of(values.iter().copied()).sigmas(mean);
        assert!(sigmas < 5.0, "{name}: the mean is off by {sigmas} standard errors");
        let variance = law.variance().unwrap().re;
        let sigmas = mean_of(values.iter().map(|x| (x - mean).powi(2))).sigmas(variance);
        assert!(sigmas < 5.0, "{name}: the variance is off by {sigmas} standard errors");
        let mut worst = 0.0f64;
        for (i, x) in values.iter().enumerate().take(2000) {
            let x = Jet::from(*x);
            // of the smaller tail, which keeps its digits
            let (tail, density) = (law.cdf(x), law.pdf(x).re);
            let tail = if tail.re < 0.5 { tail } else { -law.sf(x) };
            for (k, slice) in partials.iter().enumerate() {
                let want = -tail.eps[k] / density;
                worst = worst.max((slice[i] - want).abs() / want.abs().max(0.1));
            }
        }
        std::println!("{name}: p = {p}, partials to {worst:e}");
        assert!(worst < 2e-12, "{name}: a partial is off by {worst:e}");
    }

    #[test]
    fn laws_without_shapes() {
        let [a, b] = Jet::variables([1.5, 0.25]);
        let [r] = Jet::variables([2.0]);
        macro_rules! each {
            ($($law:ident($($x:expr),+);)+) => {$({
                let law = $law::new($($x),+).unwrap();
                check(stringify!($law), &law, &law);
            })+};
        }
        each! {
            Normal(a, b);
            LogNormal(a, b);
            HalfNormal(r);
            Uniform(b, a);
            Exponential(r);
            Laplace(a, b);
            Logistic(a, b);
            Gumbel(a, b);
            Rayleigh(r);
            Weibull(b, a);
        }
        // tails that have a variance with a variance
        let [scale, shape] = Jet::variables([2.0, 9.0]);
        each! {
            Pareto(scale, shape);
            Frechet(scale, shape);
            LogLogistic(scale, shape);
        }
    }

    #[test]
    fn laws_of_the_gamma_family() {
        let rate = Jet::<f64, 2>::variable(3.0, 0);
        for shape in [0.3, 2.5, 50.0] {
            let shape = Jet::variable(shape, 1);
            let law = Gamma::new(shape, rate).unwrap();
            check("gamma", &law.prepared(), &law);
        }
        let shape = Jet::variable(9.0, 1);
        let law = InverseGamma::new(shape, rate).unwrap();
        check("inverse gamma", &law.prepared(), &law);
        let law = LogGamma::new(shape, rate).unwrap();
        check("log-gamma", &law.prepared(), &law);
        let [df] = Jet::variables([5.0]);
        let law = ChiSquared::new(df).unwrap();
        check("chi-squared", &law.prepared(), &law);
    }

    /// Counts beyond 3 and 4 standard deviations; no normal number is beyond 8.6.
    #[test]
    fn tails_of_normal_numbers() {
        const N: usize = 4_000_000;
        let mut z = vec![0.0; N];
        Lanes::seed_from_u64(5).normals(&mut z);
        for (end, probability) in [(3.0, 2.699796063e-3), (4.0, 6.334248367e-5)] {
            let expected = N as f64 * probability;
            for count in [z.iter().filter(|z| **z > end).count(), z.iter().filter(|z| **z < -end).count()] {
                assert!((count as f64 - expected / 2.0).abs() < 5.0 * (expected / 2.0).sqrt(), "{count} beyond {end}");
            }
        }
    }

    /// A shorter slice has the first draws of a longer one, though gamma laws reject; doubles have the values of jets.
    #[test]
    fn any_length() {
        let (normal, gamma) = (Normal::new(1.0, 2.0).unwrap(), Gamma::new(0.3, 2.0).unwrap().prepared());
        let [shape, rate] = Jet::variables([0.3, 2.0]);
        let jets = Gamma::new(shape, rate).unwrap().prepared();
        let (normals, gammas) = (drawn(&normal, 1, 2000).0, drawn(&gamma, 1, 2000).0);
        for n in (0..40).chain([255, 256, 257, 1999]) {
            assert_eq!(drawn(&normal, 1, n).0, normals[..n]);
            assert_eq!(drawn(&gamma, 1, n).0, gammas[..n]);
            assert_eq!(drawn(&jets, 1, n).0, gammas[..n]);
        }
    }

    /// All bits of a thousand draws, which are the same on every target.
    #[test]
    fn bits() {
        fn print(law: impl InLanes<0>) -> u64 {
            drawn(&law, 42, 1000).0.iter().fold(0, |sum, x| crate::noise::mix(sum ^ x.to_bits()))
        }
        assert_eq!(print(Normal::new(1.0, 2.0).unwrap()), 4275144192887076529);
        assert_eq!(print(LogNormal::new(1.0, 0.5).unwrap()), 18021177859146327189);
        assert_eq!(print(Gumbel::new(1.0, 0.5).unwrap()), 12140524362508266723);
        assert_eq!(print(Laplace::new(1.0, 0.5).unwrap()), 17745598019073368154);
        assert_eq!(print(Gamma::new(0.3, 2.0).unwrap().prepared()), 225394499387197007);
        assert_eq!(print(Gamma::new(2.5, 2.0).unwrap().prepared()), 2431258340308609983);
        assert_eq!(print(Gamma::new(50.0, 2.0).unwrap().prepared()), 13609172034191096244);
    }

    /// Beyond the range of doubles draws are 0 or infinite, and have no derivatives.
    #[test]
    fn no_nan() {
        let [mu, sigma] = Jet::variables([0.0, 1e4]);
        let (values, partials) = drawn(&LogNormal::new(mu, sigma).unwrap(), 1, 1000);
        assert!(values.contains(&0.0) && values.contains(&f64::INFINITY));
        for (i, x) in values.iter().enumerate() {
            assert!(!x.is_nan() && partials.iter().all(|slice| slice[i].is_finite() || *x > 1e300));
        }
    }

    #[test]
    #[should_panic(expected = "3 values, but 2 partials of variable 1")]
    fn lengths_differ() {
        let [a, b] = Jet::variables([1.0, 2.0]);
        let law = Normal::new(a, b).unwrap();
        fill_in_lanes(&law, &mut Lanes::seed_from_u64(1), &mut [0.0; 3], [&mut [0.0; 3], &mut [0.0; 2]]);
    }
}
