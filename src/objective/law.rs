//! Variational laws, and the two ways in which their densities move.

use crate::distr::Continuous;
#[cfg(feature = "nalgebra")]
use crate::distr::{Joint, Multivariate};
use crate::program::Chance;
use crate::scalar::Scalar;

/// A point whose numbers can be made constants: a scalar, an array, a tuple or `Vec` of such, a matrix.
pub trait Detach {
    /// The same point, without derivatives.
    ///
    /// ```
    /// use reparam::{objective::Detach, scalar::Jet};
    /// let [x] = Jet::variables([2.0]);
    /// assert_eq!((x, [x * x]).detached(), (Jet::from(2.0), [Jet::from(4.0)]));
    /// ```
    fn detached(&self) -> Self;
}

impl<S: Scalar> Detach for S {
    #[inline(always)]
    fn detached(&self) -> S {
        self.detach()
    }
}

impl<P: Detach, const N: usize> Detach for [P; N] {
    fn detached(&self) -> Self {
        core::array::from_fn(|i| self[i].detached())
    }
}

impl<A: Detach, B: Detach> Detach for (A, B) {
    fn detached(&self) -> Self {
        (self.0.detached(), self.1.detached())
    }
}

#[cfg(feature = "alloc")]
impl<P: Detach> Detach for alloc::vec::Vec<P> {
    fn detached(&self) -> Self {
        self.iter().map(Detach::detached).collect()
    }
}

#[cfg(feature = "nalgebra")]
impl<S: Scalar, R: nalgebra::Dim, C: nalgebra::Dim> Detach for nalgebra::OMatrix<S, R, C>
where
    nalgebra::DefaultAllocator: nalgebra::allocator::Allocator<R, C>,
{
    fn detached(&self) -> Self {
        self.map(Scalar::detach)
    }
}

/// A law that stands in for a posterior: it can be drawn from, and has a density.
///
/// Every [`Continuous`] law and every law of vectors or matrices is one, and so are independent ones together: a pair `(a,
/// b)`, an array `[a; N]`, a `Vec`. `Kind` says which of these a type is; the compiler finds it.
///
/// ```
/// use nalgebra::{Matrix2, Vector2};
/// use reparam::objective::Variational;
/// use reparam::{prelude::*, program::{Plain, Stream}};
/// # fn main() -> Result<(), LawError> {
/// let scale = Gamma::new(2.0, 1.0)?;
/// let effects = MultivariateNormal::from_cholesky(Vector2::zeros(), Matrix2::identity())?;
/// let q = (scale, (effects, [Normal::new(0.0, 1.0)?; 3]));
/// let z = q.draw(&mut Plain::<f64, _>::new(Stream::new(1)));
/// let (s, (v, [a, b, c])) = z;
/// let sum = scale.ln_pdf(s) + Normal::new(0.0, 1.0)?.ln_pdf(v[0]) + Normal::new(0.0, 1.0)?.ln_pdf(v[1])
///     + [a, b, c].iter().map(|x| q.1.1[0].ln_pdf(*x)).sum::<f64>();
/// assert!((q.ln_density(&z) - sum).abs() < 1e-14);
/// # Ok(()) }
/// ```
pub trait Variational<S: Scalar, Kind> {
    /// What is drawn.
    type Point: Detach;

    /// A draw, with its derivatives.
    fn draw<C: Chance<S>>(&self, chance: &mut C) -> Self::Point;

    /// The logarithm of the density at a point.
    fn ln_density(&self, z: &Self::Point) -> S;
}

/// The kind of laws of one number.
#[derive(Clone, Copy, Debug)]
pub struct OfNumber;

/// The kind of laws of vectors and matrices.
#[derive(Clone, Copy, Debug)]
pub struct OfPoint;

/// The kind of several laws together.
#[derive(Clone, Copy, Debug)]
pub struct Joined<A, B = A>(core::marker::PhantomData<(A, B)>);

impl<S: Scalar, L: Continuous<S>> Variational<S, OfNumber> for L {
    type Point = S;

    #[inline(always)]
    fn draw<C: Chance<S>>(&self, chance: &mut C) -> S {
        chance.draw(self)
    }
    #[inline(always)]
    fn ln_density(&self, z: &S) -> S {
        self.ln_pdf(*z)
    }
}

#[cfg(feature = "nalgebra")]
impl<S: Scalar, L: Multivariate<S>> Variational<S, OfPoint> for L
where
    <L as Joint<S>>::Point: Detach,
{
    type Point = <L as Joint<S>>::Point;

    #[inline(always)]
    fn draw<C: Chance<S>>(&self, chance: &mut C) -> Self::Point {
        chance.draw_joint(self)
    }
    #[inline(always)]
    fn ln_density(&self, z: &Self::Point) -> S {
        self.ln_pdf(z)
    }
}

impl<S: Scalar, KA, KB, A: Variational<S, KA>, B: Variational<S, KB>> Variational<S, Joined<KA, KB>> for (A, B) {
    type Point = (A::Point, B::Point);

    fn draw<C: Chance<S>>(&self, chance: &mut C) -> Self::Point {
        let first = self.0.draw(chance);
        (first, self.1.draw(chance))
    }
    fn ln_density(&self, z: &Self::Point) -> S {
        self.0.ln_density(&z.0) + self.1.ln_density(&z.1)
    }
}

impl<S: Scalar, K, L: Variational<S, K>, const N: usize> Variational<S, Joined<K>> for [L; N] {
    type Point = [L::Point; N];

    fn draw<C: Chance<S>>(&self, chance: &mut C) -> Self::Point {
        core::array::from_fn(|i| self[i].draw(chance))
    }
    fn ln_density(&self, z: &Self::Point) -> S {
        sum(self, z)
    }
}

#[cfg(feature = "alloc")]
impl<S: Scalar, K, L: Variational<S, K>> Variational<S, Joined<K>> for alloc::vec::Vec<L> {
    type Point = alloc::vec::Vec<L::Point>;

    fn draw<C: Chance<S>>(&self, chance: &mut C) -> Self::Point {
        self.iter().map(|law| law.draw(chance)).collect()
    }
    /// NaN for another number of points than laws.
    fn ln_density(&self, z: &Self::Point) -> S {
        if self.len() == z.len() { sum(self, z) } else { S::from(f64::NAN) }
    }
}

fn sum<S: Scalar, K, L: Variational<S, K>>(laws: &[L], z: &[L::Point]) -> S {
    laws.iter().zip(z).fold(S::from(0.0), |sum, (law, z)| sum + law.ln_density(z))
}

/// ln q(z; φ) as it moves along the draw alone: its value, and the part of its first derivative that comes from z. `total`
/// is ln q at the draw, `score` ln q at the same draw as a constant; both in the parameters as they are.
///
/// This is what is left where the parameters of ln q stand still (Roeder et al. 2017), but asks for no law with constant
/// parameters. What is subtracted must have mean 0: for a chain of draws, where the law of the second depends on
/// the first, `score` takes all of them as constants.
///
/// ```
/// use reparam::{objective, prelude::*};
/// # fn main() -> Result<(), LawError> {
/// // q(a) q(b | a) = N(a; m, 1) N(b; a, s), at a draw with the noise 0.5, -1
/// let [m, s] = Jet::variables([0.3, 2.0]);
/// let (a, b) = (m + 0.5, m + 0.5 - s);
/// let ln_q = |a: Jet<f64, 2>, b: Jet<f64, 2>| -> Result<_, LawError> {
///     Ok(Normal::new(m, 1.0.into())?.ln_pdf(a) + Normal::new(a, s)?.ln_pdf(b))
/// };
/// let along = objective::path(ln_q(a, b)?, ln_q(a.detach(), b.detach())?);
/// // q with m = 0.3 and s = 2 for good, at the moving draw
/// let fixed = Normal::new(0.3.into(), 1.0.into())?.ln_pdf(a) + Normal::new(a, 2.0.into())?.ln_pdf(b);
/// assert_eq!(along.re, fixed.re);
/// assert!(along.eps.iter().zip(fixed.eps).all(|(x, y)| (x - y).abs() < 1e-15));
/// # Ok(()) }
/// ```
#[inline]
pub fn path<S: Scalar>(total: S, score: S) -> S {
    const { assert!(S::ORDER <= 1, "without its score a density is right to first derivatives only") };
    if S::ORDER == 0 { total } else { total - score.with_re(0.0) }
}

/// ln q at a draw that stays: its derivatives are the score of the law, d ln q(z; φ)/dφ, whose mean is 0.
///
/// ```
/// use reparam::{objective, prelude::*};
/// let [mean] = Jet::variables([1.0]);
/// let law = Normal::new(mean, 2.0.into()).unwrap();
/// assert_eq!(objective::score(&law, &(mean + 3.0)).eps, [0.75]); // (z - mean)/4
/// ```
#[inline]
pub fn score<S: Scalar, K, Q: Variational<S, K>>(q: &Q, z: &Q::Point) -> S {
    q.ln_density(&z.detached())
}

/// ln q(z; φ) as it moves along the draw alone: see [`path`].
///
/// For [`estimate::local`](crate::estimate::local) it is a number beside the draw, in which the model has the derivative -1:
///
/// ```
/// use reparam::{estimate, objective, prelude::*};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // four independent z with the posterior N(1, 1/√2), at the optimum: no noise
/// let theta: Vec<f64> = [[1.0; 4], [-0.5 * 2f64.ln(); 4]].concat();
/// let e = estimate::local(
///     &theta,
///     |draws| {
///         (0..4).try_for_each(|j| {
///             draws.draw([j, 4 + j], |[mean, ln_sd], chance| -> Result<_, LawError> {
///                 let q = Normal::new(mean, ln_sd.exp())?;
///                 let z = chance.draw(&q);
///                 Ok([z, objective::ln_density_along(&q, &z)])
///             })
///         })
///     },
///     |numbers, gradient| {
///         // ln p = -z² + 2 z + constant
///         let mut sum = 0.0;
///         for (of_z, gradient) in numbers.chunks(2).zip(gradient.chunks_mut(2)) {
///             let (z, ln_q) = (of_z[0], of_z[1]);
///             sum += 2.0 * z - z * z - ln_q;
///             gradient.copy_from_slice(&[2.0 - 2.0 * z, -1.0]);
///         }
///         sum
///     },
/// )
/// .run_seed(1)?;
/// assert!(e.gradient_se.iter().all(|se| *se < 1e-14));
/// # Ok(()) }
/// ```
#[inline]
pub fn ln_density_along<S: Scalar, K, Q: Variational<S, K>>(q: &Q, z: &Q::Point) -> S {
    if S::ORDER == 0 { q.ln_density(z) } else { path(q.ln_density(z), score(q, z)) }
}
