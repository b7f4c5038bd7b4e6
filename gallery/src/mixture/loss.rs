//! The energy distance between draws and data: of two draws, and its expectation in closed form.

use super::{Theta, law};
use gallery::Error;
use gallery::optimum::maximize;
use gallery::table::Table;
use reparam::prelude::*;
use reparam::special;
use std::path::Path;

const FAITHFUL: (&str, &[u8]) = ("faithful.csv", include_bytes!("../../data/faithful.csv"));

/// A column of a file, or of the built-in data; at least 10 numbers that differ.
///
/// # Errors
/// The file cannot be read, or a field is no number (file and line are named); too few numbers.
pub fn read(path: Option<&Path>, column: &str) -> Result<Vec<f64>, Error> {
    let numbers = Table::read(path, FAITHFUL, &[column])?.numbers(0)?;
    let ends = numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(*y), h.max(*y)));
    match numbers.len() >= 10 && ends.0 < ends.1 && ends.1 - ends.0 < 1e50 {
        true => Ok(numbers),
        false => Err(format!(
            "{} numbers from {} to {}, expected 10 that differ, within 1e50",
            numbers.len(),
            ends.0,
            ends.1
        )
        .into()),
    }
}

/// The loss for some data.
#[derive(Clone, Debug)]
pub struct Loss {
    /// In order.
    data: Vec<f64>,
    /// Sums of the first k of the data.
    sums: Vec<f64>,
    /// mean of |y_i - y_j| / 2: what makes the loss a distance.
    spread: f64,
}

impl Loss {
    /// From data in any order, at least two.
    pub fn new(mut data: Vec<f64>) -> Self {
        data.sort_by(f64::total_cmp);
        let sums = data.iter().scan(0.0, |sum, y| {
            *sum += y;
            Some(*sum)
        });
        let sums = std::iter::once(0.0).chain(sums).collect();
        let loss = Loss { data, sums, spread: 0.0 };
        let spread = loss.data.iter().map(|y| loss.mean_distance(*y)).sum::<f64>() / (2.0 * loss.data.len() as f64);
        Loss { spread, ..loss }
    }

    /// The data, in order.
    pub fn data(&self) -> &[f64] {
        &self.data
    }

    /// Mean and standard deviation of the data.
    pub fn moments(&self) -> (f64, f64) {
        let n = self.data.len() as f64;
        let mean = self.sums[self.data.len()] / n;
        (mean, (self.data.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n).sqrt())
    }

    /// Where fits start: weights 1/2, means one standard deviation to both sides.
    pub fn start(&self) -> Theta {
        let (mean, std_dev) = self.moments();
        let ln = (0.5 * std_dev).ln();
        [0.0, mean - std_dev, mean + std_dev, ln, ln]
    }

    /// The mean of |x - y_i|: linear between the data, of a slope that counts how many are below.
    fn mean_distance<S: Scalar>(&self, x: S) -> S {
        let below = self.data.partition_point(|y| *y < x.re());
        let n = self.data.len() as f64;
        let (slope, all) = ((2.0 * below as f64 - n) / n, self.sums[self.data.len()]);
        x * slope + (all - 2.0 * self.sums[below]) / n
    }

    /// The loss of two draws.
    pub fn of_draws<S: Scalar>(&self, x: S, other: S) -> S {
        (self.mean_distance(x) + self.mean_distance(other)) * 0.5 - (x - other).abs() * 0.5 - self.spread
    }

    /// The expected loss.
    ///
    /// For a normal variable Z of mean m and variance v, E|Z| = m (2 Φ(m/√v) - 1) + 2 √v φ(m/√v); differences of
    /// normal variables are normal (Grimit et al. 2006, "The continuous ranked probability score for circular variables
    /// and its application to mesoscale forecast ensemble verification", eq. 5).
    pub fn exact<S: Scalar>(&self, [logit, m1, m2, s1, s2]: [S; 5]) -> S {
        let components = [(logit.sigmoid(), m1, (s1 * 2.0).exp()), ((-logit).sigmoid(), m2, (s2 * 2.0).exp())];
        let mut sum = S::from(-self.spread);
        for (weight, mean, variance) in components {
            let distances = self.data.iter().fold(S::from(0.0), |sum, y| sum + mean_size(mean - *y, variance));
            sum += weight * distances * (1.0 / self.data.len() as f64);
            for (other_weight, other, other_variance) in components {
                sum -= weight * other_weight * mean_size(mean - other, variance + other_variance) * 0.5;
            }
        }
        sum
    }

    /// The parameters with the least expected loss near a start, by Newton's method on the closed form.
    ///
    /// # Errors
    /// It does not settle: the data are no mixture of two, say.
    pub fn minimum(&self, start: Theta) -> Result<Theta, Error> {
        let found = maximize(start, |theta| -> Result<_, LawError> { Ok(-self.exact(theta)) });
        let best = found.map_err(|e| format!("the data are no mixture of two: {e}"))?.point;
        law(best)?;
        Ok(best)
    }
}

/// E|Z| of a normal variable.
fn mean_size<S: Scalar>(mean: S, variance: S) -> S {
    let std_dev = variance.sqrt();
    let z = mean.over(std_dev);
    let density = (-(z * z) * 0.5).exp() * (1.0 / (2.0 * std::f64::consts::PI).sqrt());
    mean * special::erf(z * std::f64::consts::FRAC_1_SQRT_2) + std_dev * density * 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closed_form_is_an_integral() {
        // the energy distance is the integral of the squared difference of distribution functions (Székely & Rizzo 2013)
        let loss = Loss::new(vec![1.0, 2.5, 2.5, 4.0]);
        let theta = [-0.4, 2.2, 4.0, -0.8, -0.5];
        let law = law(theta).unwrap();
        let step = 1e-3;
        let sum: f64 = (0..14_000)
            .map(|i| {
                let x = -4.0 + (f64::from(i) + 0.5) * step;
                let below = loss.data().iter().filter(|y| **y <= x).count() as f64 / 4.0;
                (law.cdf(x) - below).powi(2) * step
            })
            .sum();
        assert!((loss.exact(theta) - sum).abs() < 1e-6, "{} {sum}", loss.exact(theta));
    }

    #[test]
    fn the_mean_distance_is_a_sum() {
        let loss = Loss::new(vec![3.0, 1.0, 2.0]);
        for x in [0.0, 1.5, 2.0, 7.0] {
            let sum: f64 = loss.data().iter().map(|y| (x - y).abs()).sum();
            assert!((loss.mean_distance(x) - sum / 3.0).abs() < 1e-15);
        }
    }
}
