//! Which sea level is exceeded once in a hundred years? A generalized extreme value law is fitted to annual maxima, and
//! derivatives carry the uncertainty of its parameters to whatever is computed from them.
//!
//! Second derivatives of the likelihood give the covariance V of the parameters; the gradient g of a level gives its
//! error √(g' V g). What has no formula is simulated, and draws that carry derivatives give the same g: here the mean
//! of the largest level in the next fifty years, which has a formula after all, as a check. Levels are in metres.

use gallery::optimum::{Maximum, Second, maximize};
use gallery::table::Table;
use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
use std::path::Path;

/// Location, scale and shape.
pub type Theta<S> = [S; 3];

/// The annual maxima in a file with a column `level_m`, or those of Port Pirie.
///
/// # Errors
/// The file cannot be read, has fewer than ten years, or all of them alike.
pub fn read(path: Option<&Path>) -> Result<Vec<f64>, Error> {
    let built_in = ("sea_level_port_pirie.csv", include_bytes!("../../data/sea_level_port_pirie.csv").as_slice());
    let levels = Table::read(path, built_in, &["level_m"])?.numbers(0)?;
    let name = path.map_or(built_in.0.into(), |p| p.display().to_string());
    if levels.len() < 10 {
        return Err(format!("{name}: {} annual maxima, expected at least 10", levels.len()).into());
    }
    if levels.iter().all(|l| *l == levels[0]) {
        return Err(format!("{name}: all annual maxima are {}, expected different ones", levels[0]).into());
    }
    Ok(levels)
}

fn ln_likelihood<S: Scalar>([location, scale, shape]: Theta<S>, levels: &[f64]) -> Result<S, LawError> {
    let law = Gev::new(location, scale, shape)?;
    Ok(levels.iter().fold(S::from(0.0), |sum, level| sum + law.ln_pdf(S::from(*level))))
}

/// The level that is exceeded in a year with this probability.
///
/// # Errors
/// Parameters outside of their ranges.
pub fn level<S: Scalar>([location, scale, shape]: Theta<S>, probability: f64) -> Result<S, LawError> {
    Ok(Gev::new(location, scale, shape)?.isf(S::from(probability)))
}

/// The largest level of some years: a simulation.
///
/// # Errors
/// Parameters outside of their ranges.
pub fn largest<S: Scalar, R: Rng + ?Sized>(
    [location, scale, shape]: Theta<S>,
    years: u32,
    rng: &mut R,
) -> Result<S, LawError> {
    let law = Gev::new(location, scale, shape)?;
    Ok((1..years).fold(law.sample(rng), |largest, _| largest.max(law.sample(rng))))
}

/// The mean of [`largest`] in closed form: the largest of n is again of such a law, with n^ξ times the scale.
///
/// # Errors
/// Parameters outside of their ranges, or a shape of 1 and more, for which there is no mean.
pub fn mean_of_largest<S: Scalar>([location, scale, shape]: Theta<S>, years: u32) -> Result<S, Error> {
    let ln_n = f64::from(years).ln();
    let law = Gev::new(location + scale * (shape * ln_n).exp_m1_ratio() * ln_n, scale * (shape * ln_n).exp(), shape)?;
    law.mean().ok_or_else(|| "the fitted shape is 1 or more: the largest level has no mean".into())
}

/// The fit by maximum likelihood.
#[derive(Clone, Debug)]
pub struct Fit {
    levels: Vec<f64>,
    /// Parameters and covariance.
    pub maximum: Maximum<3>,
}

impl Fit {
    /// From the moments of a Gumbel law.
    ///
    /// # Errors
    /// The likelihood has no maximum.
    pub fn new(levels: Vec<f64>) -> Result<Self, Error> {
        let n = levels.len() as f64;
        let mean = levels.iter().sum::<f64>() / n;
        let variance = levels.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / n;
        let scale = (6.0 * variance).sqrt() / std::f64::consts::PI;
        let start = [mean - std::f64::consts::EULER_GAMMA * scale, scale, 0.0];
        let maximum = maximize(start, |theta: Theta<Second<3>>| ln_likelihood(theta, &levels))?;
        Ok(Fit { levels, maximum })
    }

    /// A level and its standard error.
    ///
    /// # Errors
    /// None at fitted parameters.
    pub fn level(&self, probability: f64) -> Result<(f64, f64), LawError> {
        let y = level(Jet::variables(self.maximum.point), probability)?;
        Ok((y.re, self.maximum.delta(&y.eps)))
    }

    /// The largest logarithm of the likelihood of all laws that have this level at this probability.
    ///
    /// # Errors
    /// No maximum is found.
    pub fn profile(&self, probability: f64, at: f64) -> Result<f64, Error> {
        let [_, scale, shape] = self.maximum.point;
        // far from the fit its scale and shape may exclude data: from the best of a grid
        let scales = [0.5, 1.0, 1.5, 2.0].map(|factor| factor * scale);
        let shapes = (-9..=9).map(|i| shape + 0.1 * f64::from(i));
        let grid = shapes.flat_map(|shape| scales.map(|scale| [scale, shape]));
        let valued = grid.filter_map(|start| Some((self.at_level(probability, at, start).ok()?, start)));
        match valued.filter(|v| v.0.is_finite()).max_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((_, start)) => {
                let f = |[scale, shape]: [Second<2>; 2]| self.at_level(probability, at, [scale, shape]);
                Ok(maximize(start, f)?.value)
            }
            None => Ok(f64::NEG_INFINITY),
        }
    }

    /// The likelihood with the location at which the level is as given.
    fn at_level<S: Scalar>(&self, probability: f64, at: f64, [scale, shape]: [S; 2]) -> Result<S, LawError> {
        let location = -level([0.0.into(), scale, shape], probability)? + at;
        ln_likelihood([location, scale, shape], &self.levels)
    }

    /// The levels at which the profile has fallen by half of the quantile of a χ² law: an interval of 95 %.
    ///
    /// # Errors
    /// No maximum is found, or the profile does not fall.
    pub fn profile_interval(&self, probability: f64) -> Result<(f64, f64), Error> {
        let (best, se) = self.level(probability)?;
        let threshold = self.maximum.value - 0.5 * ChiSquared::new(1.0)?.quantile(0.95);
        let end = |direction: f64| -> Result<f64, Error> {
            let is_inside = |at: f64| Ok::<_, Error>(self.profile(probability, at)? > threshold);
            // outwards in steps of half an error, then by halves
            let (mut inside, mut step) = (best, 0.5 * se * direction);
            let mut steps = 0;
            while is_inside(inside + step)? {
                inside += step;
                steps += 1;
                if steps > 200 {
                    return Err("the profile likelihood does not fall: the data do not bound this level".into());
                }
            }
            for _ in 0..30 {
                step *= 0.5;
                inside += if is_inside(inside + step)? { step } else { 0.0 };
            }
            Ok(inside)
        };
        Ok((end(-1.0)?, end(1.0)?))
    }

    /// The mean of the largest level of some years by simulation, with its gradient.
    ///
    /// # Errors
    /// A sample is not finite.
    pub fn simulate(&self, years: u32, samples: u64, rng: &mut Generator) -> Result<Estimate<[f64; 3]>, Error> {
        Ok(estimate::pathwise(self.maximum.point, |theta, rng| largest(theta, years, rng)).samples(samples).run(rng)?)
    }

    /// The maxima in ascending order with their empirical return periods, (n + 1)/(n + 1 - i) years.
    pub fn empirical(&self) -> Vec<(f64, f64)> {
        let mut sorted = self.levels.clone();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len() as f64 + 1.0;
        sorted.into_iter().enumerate().map(|(i, level)| (n / (n - i as f64 - 1.0), level)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    fn fit() -> Fit {
        Fit::new(read(None).unwrap()).unwrap()
    }

    /// Parameters by mpmath at 40 digits; covariance as published.
    #[test]
    fn parameters_and_covariance() {
        let maximum = fit().maximum;
        let exact = [3.874_749_855_058_515, 0.198_043_957_122_213, -0.050_109_531_519_748];
        // as in gallery/data/README.md: found by Nelder and Mead's method, which stops near the maximum
        let published = [3.87474692, 0.19804120, -0.05008773];
        for i in 0..3 {
            assert!((maximum.point[i] - exact[i]).abs() < 1e-9, "{maximum:?}");
            assert!((maximum.point[i] - published[i]).abs() < 1e-3 * maximum.errors()[i], "{maximum:?}");
        }
        assert!((maximum.value - 4.339_058_473_679_42).abs() < 1e-12, "{}", maximum.value);
        // Coles 2001, An Introduction to Statistical Modeling of Extreme Values, section 3.4.1
        let published =
            [[0.000780, 0.000197, -0.00107], [0.000197, 0.000410, -0.000778], [-0.00107, -0.000778, 0.00965]];
        for (i, row) in published.iter().enumerate() {
            for (j, published) in row.iter().enumerate() {
                let found = maximum.covariance[(i, j)];
                assert!((found / published - 1.0).abs() < 0.005, "{i} {j}: {found} {published}");
            }
        }
    }

    /// Levels and variances by mpmath; intervals as Coles 2001 has them, to two decimals.
    #[test]
    fn levels_and_intervals() {
        let fit = fit();
        for (probability, level, variance, delta, interval) in [
            (0.1, 4.29621193906, 0.003026792213, (4.19, 4.40), (4.21, 4.45)),
            (0.01, 4.68840375591, 0.02522396713, (4.38, 5.00), (4.50, 5.27)),
        ] {
            let (found, se) = fit.level(probability).unwrap();
            assert!((found - level).abs() < 1e-9, "{found} {level}");
            assert!((se * se / variance - 1.0).abs() < 1e-7, "{} {variance}", se * se);
            let near = |found: f64, published: f64| assert!((found - published).abs() < 0.0101, "{found} {published}");
            near(found - 1.96 * se, delta.0);
            near(found + 1.96 * se, delta.1);
            let (low, high) = fit.profile_interval(probability).unwrap();
            near(low, interval.0);
            near(high, interval.1);
        }
        // twice the fall of the profile, by mpmath
        for (at, fall) in [(4.49, 3.8683605), (4.5, 3.2902328), (5.261, 3.8437902), (5.27, 3.9147315)] {
            let found = 2.0 * (fit.maximum.value - fit.profile(0.01, at).unwrap());
            assert!((found - fall).abs() < 1e-6, "{found} {fall}");
        }
    }

    #[test]
    fn simulation_agrees_with_the_closed_form() {
        let fit = fit();
        let exact = mean_of_largest(Jet::<f64, 3>::variables(fit.maximum.point), 50).unwrap();
        let e = fit.simulate(50, 20_000, &mut Generator::seed_from_u64(1)).unwrap();
        assert!((e.value - exact.re).abs() < 5.0 * e.value_se, "{e} {exact}");
        for i in 0..3 {
            assert!((e.gradient[i] - exact.eps[i]).abs() < 5.0 * e.gradient_se[i].max(1e-15), "{e} {exact}");
        }
        // an error of an error: small against what it is
        let (simulated, closed) = (fit.maximum.delta(&e.gradient), fit.maximum.delta(&exact.eps));
        assert!((simulated / closed - 1.0).abs() < 0.02, "{simulated} {closed}");
    }

    #[test]
    fn too_few_or_equal_maxima_are_errors() {
        let path = std::env::temp_dir().join(format!("reparam-return-level-{}.csv", std::process::id()));
        let error = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read(Some(&path)).unwrap_err().to_string()
        };
        assert!(error("level_m\n1\n2\n").ends_with("2 annual maxima, expected at least 10"));
        assert!(
            error(&format!("level_m\n{}", "2\n".repeat(12)))
                .ends_with("all annual maxima are 2, expected different ones")
        );
        std::fs::remove_file(&path).unwrap();
    }
}
