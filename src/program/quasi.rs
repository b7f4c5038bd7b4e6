//! A quasi-random point as a handle.

use super::antithetic::{exponential_quantile, open_unit};
use super::chance::{Guard, MOST_CHOICES, stand_in};
use super::choice::ChoiceLaw;
use super::points::PointSet;
use super::sobol::Sobol;
use super::stream::Stream;
use super::{Chance, Fault};
use crate::distr::{self, Continuous, Coordinates, Joint, Lent};
use crate::scalar::Scalar;
use crate::special;
use rand::Rng;

/// The coordinates that a scope reserves: what comes after it keeps its own.
const RESERVED: usize = 4;

/// The handle of one point: every draw takes the next coordinate, through its quantile. Points are Sobol's, or those of
/// another [`PointSet`].
///
/// Beyond the last coordinate, or those of a scope (four), random numbers come from a generator of the point's own.
/// Draw what matters most first: early coordinates are the most even ([`Chance::brownian`] does that for paths).
///
/// ```
/// use reparam::{prelude::*, program::{Quasi, Sobol}};
/// // the mean of a normal law from 256 points: off by far less than 1/16
/// let (law, mut points, mut sum) = (Normal::new(3.0, 1.0).unwrap(), Sobol::new(1), 0.0);
/// for i in 0..256 {
///     sum += Quasi::new(&mut points, i).draw(&law);
///     points.advance();
/// }
/// assert!((sum / 256.0 - 3.0).abs() < 0.01);
/// ```
///
/// Quantiles of gamma, beta, Student's t and von Mises laws and of what is made of them are roots, which take 30 to 100
/// times as long as random draws. A law that is drawn a thousand times and more should have a table of them
/// ([`with_quantiles`](crate::distr::Prepared::with_quantiles)):
///
/// ```
/// use reparam::{prelude::*, program::{Quasi, Sobol}, special};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // E[ln X] of a gamma law and its derivative in the shape, ψ(2.5) and ψ'(2.5)
/// let [shape] = Jet::variables([2.5]);
/// let law = Gamma::new(shape, 1.0.into())?.prepared().with_quantiles();
/// let (mut points, mut sum) = (Sobol::new(1), Jet::<f64, 1>::from(0.0));
/// for i in 0..4096 {
///     sum += Quasi::new(&mut points, i).draw(&law).ln();
///     points.advance();
/// }
/// assert!((sum.re / 4096.0 - special::digamma(2.5)).abs() < 1e-3);
/// assert!((sum.eps[0] / 4096.0 - special::trigamma(2.5)).abs() < 1e-3);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Quasi<'p, Q = Sobol> {
    points: &'p mut Q,
    next: usize,
    end: usize,
    beyond: Stream,
    guard: Guard,
    laws: Lent<'p>,
}

impl<'p, Q: PointSet> Quasi<'p, Q> {
    /// The handle of the current point; `key` is any number of the point's own, for what is beyond its last coordinate.
    #[inline]
    pub fn new(points: &'p mut Q, key: u64) -> Self {
        Quasi::with_limit(points, key, MOST_CHOICES)
    }

    /// The same with a limit to the number of choices.
    #[inline]
    pub fn with_limit(points: &'p mut Q, key: u64, choices: u64) -> Self {
        Quasi::with_laws(points, key, choices, Lent::Unknown)
    }

    /// The same with tables of laws, or to count them.
    #[inline]
    pub(crate) fn with_laws(points: &'p mut Q, key: u64, choices: u64, laws: Lent<'p>) -> Self {
        let end = points.dimensions();
        Quasi { points, next: 0, end, beyond: Stream::new(key), guard: Guard::new(choices), laws }
    }

    #[inline(always)]
    fn word(&mut self) -> u64 {
        if self.next < self.end {
            self.next += 1;
            self.points.fraction(self.next - 1)
        } else {
            self.beyond.next_u64()
        }
    }

    #[inline(always)]
    fn unit(&mut self) -> f64 {
        open_unit(self.word())
    }
}

impl<Q: PointSet> Coordinates for Quasi<'_, Q> {
    #[inline]
    fn uniform(&mut self) -> f64 {
        self.unit()
    }
    fn generator(&mut self) -> impl Rng {
        Stream::at(self.word())
    }
}

impl<S: Scalar, Q: PointSet> Chance<S> for Quasi<'_, Q> {
    /// Where the coordinates go on after it, and where they end.
    type Mark = (usize, usize);

    #[inline]
    #[track_caller]
    fn choose(&mut self, law: &impl ChoiceLaw<S>) -> u64 {
        let mut noise = Stream::at(self.word());
        match self.guard.next(law) {
            Ok(_) => law.draw(&mut noise),
            Err(()) => stand_in(law.support(), &mut noise),
        }
    }
    #[inline]
    fn draw(&mut self, law: &impl Continuous<S>) -> S {
        let u = self.unit();
        distr::draw_at_by(law, u, &mut self.laws)
    }
    #[inline]
    fn draw_joint<L: Joint<S>>(&mut self, law: &L) -> L::Point {
        law.draw_at(self)
    }
    #[inline]
    fn uniform(&mut self) -> f64 {
        self.unit()
    }
    #[inline]
    fn normal(&mut self) -> f64 {
        special::normal_quantile(self.unit())
    }
    #[inline]
    fn exponential(&mut self) -> f64 {
        exponential_quantile(self.unit())
    }
    fn generator(&mut self) -> impl Rng {
        Stream::at(self.word())
    }
    fn open(&mut self) -> (usize, usize) {
        let after = (self.next + RESERVED).min(self.end);
        (after, core::mem::replace(&mut self.end, after))
    }
    fn close(&mut self, (next, end): (usize, usize)) {
        (self.next, self.end) = (next, end);
    }
    fn fault(&self) -> Option<Fault> {
        self.guard.fault
    }
}
