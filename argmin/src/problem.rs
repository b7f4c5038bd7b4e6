//! A function at a fixed seed, as argmin's problem.

use crate::{Curved, Evaluated};
use argmin::core::{CostFunction, Error, Gradient, Hessian};
use std::sync::Mutex;

/// A function of parameters and a seed, always at the same seed: a problem for [`argmin`].
///
/// `f` gets all parameters and the seed, and returns an estimate of one number or a value with its gradient
/// ([`Evaluated`]), in a `Result`. argmin asks for value and gradient one after the other: the last results
/// are kept, so that `f` runs once for both.
///
/// Some parameters may be held ([`SameNoise::holding`]): argmin sees the others only, and [`SameNoise::free`] and
/// [`SameNoise::whole`] go from all to those and back. That is what a profile likelihood takes.
///
/// ```
/// use argmin::core::{CostFunction, Gradient};
/// use reparam_argmin::SameNoise;
/// let problem = SameNoise::new(7, |x: &[f64], _seed| Ok::<_, std::fmt::Error>((x[0] * x[1], [x[1], x[0]])));
/// let held = problem.holding(&[None, Some(3.0)]);
/// assert_eq!(held.cost(&vec![2.0]).unwrap(), 6.0);
/// assert_eq!(held.gradient(&vec![2.0]).unwrap(), [3.0]);
/// assert_eq!((held.free(&[2.0, 5.0]), held.whole(&[2.0])), (vec![2.0], vec![2.0, 3.0]));
/// ```
#[derive(Debug)]
pub struct SameNoise<F, O> {
    f: F,
    seed: u64,
    /// 1, or -1 for what is to be large.
    sign: f64,
    /// The values of those that are held; no parameter is where this is empty.
    held: Vec<Option<f64>>,
    /// The last points, in all parameters, and what f said there: a line search goes on from the one before the last.
    seen: Mutex<Vec<(Vec<f64>, O)>>,
}

/// Points that are kept.
const KEPT: usize = 4;

impl<F, O, E> SameNoise<F, O>
where
    F: Fn(&[f64], u64) -> Result<O, E>,
    O: Evaluated + Clone,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    /// The function to be made small.
    pub fn new(seed: u64, f: F) -> Self {
        SameNoise { f, seed, sign: 1.0, held: Vec::new(), seen: Mutex::new(Vec::new()) }
    }

    /// The function is to be made large: argmin gets its negative.
    pub fn maximize(self) -> Self {
        SameNoise { sign: -1.0, ..self }
    }

    /// Parameters with a value keep it; the others are argmin's.
    pub fn holding(self, held: &[Option<f64>]) -> Self {
        SameNoise { held: held.to_vec(), ..self }
    }

    /// Those of all parameters that are not held.
    pub fn free(&self, all: &[f64]) -> Vec<f64> {
        all.iter().enumerate().filter(|(i, _)| !self.is_held(*i)).map(|(_, x)| *x).collect()
    }

    /// All parameters, from those that are not held: what argmin returns.
    pub fn whole(&self, free: &[f64]) -> Vec<f64> {
        if self.held.is_empty() {
            return free.to_vec();
        }
        let mut free = free.iter();
        // a missing one is NaN, which the function refuses
        self.held.iter().map(|held| held.unwrap_or_else(|| *free.next().unwrap_or(&f64::NAN))).collect()
    }

    /// Whether parameter i of all is held.
    pub fn is_held(&self, i: usize) -> bool {
        self.held.get(i).is_some_and(Option::is_some)
    }

    /// `f` at a point, from memory if it is known there.
    fn at(&self, free: &[f64]) -> Result<O, Error> {
        let expected = self.held.iter().filter(|held| held.is_none()).count();
        if !self.held.is_empty() && free.len() != expected {
            return Err(Error::msg(format!(
                "{} parameters for a problem with {expected} that are not held",
                free.len()
            )));
        }
        let point = self.whole(free);
        let mut seen = self.seen.lock().unwrap_or_else(|e| e.into_inner());
        if let Some((_, found)) = seen.iter().rev().find(|(known, _)| *known == point) {
            return Ok(found.clone());
        }
        let found = (self.f)(&point, self.seed).map_err(|e| Error::from_boxed(e.into()))?;
        if found.gradient().len() != point.len() {
            let message = format!("a gradient in {} of {} parameters", found.gradient().len(), point.len());
            return Err(Error::msg(message));
        }
        if !(found.value().is_finite() && found.gradient().iter().all(|slope| slope.is_finite())) {
            return Err(Error::msg(format!(
                "the function is {}, or has such derivatives, at {point:?}",
                found.value()
            )));
        }
        if seen.len() == KEPT {
            seen.remove(0);
        }
        seen.push((point, found.clone()));
        Ok(found)
    }
}

impl<F, O, E> CostFunction for SameNoise<F, O>
where
    F: Fn(&[f64], u64) -> Result<O, E>,
    O: Evaluated + Clone,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, free: &Vec<f64>) -> Result<f64, Error> {
        Ok(self.sign * self.at(free)?.value())
    }
}

impl<F, O, E> Gradient for SameNoise<F, O>
where
    F: Fn(&[f64], u64) -> Result<O, E>,
    O: Evaluated + Clone,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, free: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(self.free(self.at(free)?.gradient()).iter().map(|slope| self.sign * slope).collect())
    }
}

impl<F, O, E> Hessian for SameNoise<F, O>
where
    F: Fn(&[f64], u64) -> Result<O, E>,
    O: Curved + Clone,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Param = Vec<f64>;
    type Hessian = Vec<Vec<f64>>;

    fn hessian(&self, free: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let all = self.at(free)?.hessian();
        let rows = all.iter().enumerate().filter(|(i, _)| !self.is_held(*i));
        Ok(rows.map(|(_, row)| self.free(row).iter().map(|x| self.sign * x).collect()).collect())
    }
}
