//! Influenza in a boarding school: how the peak of an epidemic that comes of coin tosses depends on the rates of
//! infection and recovery, and which rates explain the boys in bed.
//!
//! A day has several steps; in each, every healthy boy is infected with probability 1 - exp(-β I/N dt) and every ill
//! one gets up with probability 1 - exp(-γ dt). The simulation is ordinary code on counts, written once: for two rates, for
//! a rate of infection in each of several periods whose number is known when the program runs, and for the exact
//! distribution, which a small school has.

use gallery::table::Table;
use gallery::{Error, Generator};
use reparam::estimate::{self, Estimate};
use reparam::prelude::*;
#[cfg(test)]
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Steps a day.
pub const STEPS: u32 = 4;

/// ln β and ln γ, rates a day.
pub type Theta<S> = [S; 2];

/// β and γ by Murray 1989, *Mathematical Biology*, section 19.1: least squares with the deterministic model, 763 ·
/// 2.18e-3 and 202 · 2.18e-3 a day.
pub const PUBLISHED: Theta<f64> = [1.663, 0.440];

/// A school on the first day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct School {
    /// Boys.
    pub boys: u64,
    /// In bed on the first day.
    pub ill: u64,
    /// Days, with the first.
    pub days: usize,
}

/// Boys in bed on each day.
///
/// # Errors
/// The file cannot be read, has fewer than three days, or counts that are none or more than there are boys.
pub fn read(path: Option<&Path>, boys: u64) -> Result<(School, Vec<f64>), Error> {
    let built_in = (
        "influenza_boarding_school_1978.csv",
        include_bytes!("../../data/influenza_boarding_school_1978.csv").as_slice(),
    );
    let table = Table::read(path, built_in, &["in_bed"])?;
    let mut counts = Vec::new();
    for row in table.rows() {
        let count = row.number_where(0, |x| x >= 0.0 && x.fract() == 0.0, "a count")?;
        if count > boys as f64 {
            return Err(row.wrong(0, &format!("at most {boys}, the number of boys")).into());
        }
        counts.push(count);
    }
    let name = path.map_or(built_in.0.into(), |p| p.display().to_string());
    if counts.len() < 3 {
        return Err(format!("{name}: {} days, expected at least 3", counts.len()).into());
    }
    if counts[0] == 0.0 {
        return Err(format!("{name}: nobody is in bed on the first day, expected somebody").into());
    }
    Ok((School { boys, ill: counts[0] as u64, days: counts.len() }, counts))
}

/// The boys in bed on each day; `rate` is the rate of infection on a day.
fn simulate<S: Scalar>(
    school: School,
    rate: impl Fn(usize) -> S,
    recovery: S,
    chance: &mut impl Chance<S>,
    mut each_day: impl FnMut(u64),
) {
    let (mut healthy, mut ill) = (school.boys - school.ill, school.ill);
    each_day(ill);
    let dt = 1.0 / f64::from(STEPS);
    for day in 1..school.days {
        for _ in 0..STEPS {
            let hazard = rate(day) * (ill as f64 / school.boys as f64 * dt);
            let infected = chance.binomial(healthy, -(-hazard).exp_m1());
            let recovered = chance.binomial(ill, -(-recovery * dt).exp_m1());
            (healthy, ill) = (healthy - infected, ill + infected - recovered);
        }
        each_day(ill);
    }
}

/// The largest number in bed.
fn peak<S: Scalar>(school: School, rate: impl Fn(usize) -> S, recovery: S, chance: &mut impl Chance<S>) -> S {
    let mut peak = 0;
    simulate(school, rate, recovery, chance, |ill| peak = peak.max(ill));
    S::from(peak as f64)
}

/// One row of the table of estimators.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// Its name in `reparam::estimate`.
    pub name: &'static str,
    /// What it found.
    pub estimate: Estimate<[f64; 2]>,
    /// Seconds that it took.
    pub seconds: f64,
}

/// The mean peak and its gradient in ln β and ln γ by every estimator that applies.
///
/// # Errors
/// Rates outside of their ranges.
pub fn gradients(school: School, theta: Theta<f64>, samples: u64, seed: u64) -> Result<Vec<Gradient>, Error> {
    let program = program!(|[ln_b, ln_g]: [S; 2], chance| using (school: School) -> S {
        let (infection, recovery) = (ln_b.exp(), ln_g.exp());
        peak(school, |_| infection, recovery, chance)
    });
    let mut rows = Vec::new();
    let mut row = |name, run: &dyn Fn() -> Result<Estimate<[f64; 2]>, Error>| -> Result<(), Error> {
        let start = Instant::now();
        rows.push(Gradient { name, estimate: run()?, seconds: start.elapsed().as_secs_f64() });
        Ok(())
    };
    row("score", &|| Ok(estimate::score(theta, program).samples(samples).run_seed(seed)?))?;
    row("replay", &|| Ok(estimate::replay(theta, program).samples(samples).run_seed(seed)?))?;
    row("mix", &|| Ok(estimate::mix(theta, program).samples(samples).run_seed(seed)?))?;
    row("martingale", &|| Ok(estimate::martingale(theta, program).samples(samples).run_seed(seed)?))?;
    row("finite_difference", &|| {
        Ok(estimate::finite_difference(theta, program, 0.1).richardson().samples(samples).run_seed(seed)?.estimate)
    })?;
    Ok(rows)
}

/// The mean peak and its gradient in the logarithms of as many rates of infection as there are, each for an equal part
/// of the days, and of the rate of recovery, which is the last.
///
/// # Errors
/// No rates, or rates outside of their ranges.
pub fn by_period(school: School, ln_rates: &[f64], samples: u64, seed: u64) -> Result<Estimate<Vec<f64>>, Error> {
    let Some((_, infection)) = ln_rates.split_last().filter(|(_, infection)| !infection.is_empty()) else {
        return Err("expected rates of infection and one of recovery".into());
    };
    let periods = infection.len();
    let program = program!(|theta: &[S], chance| using (school: School, periods: usize) -> S {
        let rates: Vec<S> = theta.iter().map(|ln| ln.exp()).collect();
        let rate = |day: usize| rates[(day - 1) * periods / (school.days - 1)];
        peak(school, rate, rates[periods], chance)
    });
    Ok(estimate::score_dyn(ln_rates, program).samples(samples).run_seed(seed)?)
}

/// A fit, with standard errors from the residuals and from the simulation.
#[derive(Clone, Debug)]
pub struct Fit {
    /// ln β and ln γ.
    pub theta: Theta<f64>,
    /// Of least squares, residuals taken as independent.
    pub errors: [f64; 2],
    /// Of the simulation.
    pub noise: [f64; 2],
    /// The mean number in bed on each day.
    pub means: Vec<f64>,
    /// Its derivatives in ln β and ln γ.
    pub slopes: Vec<[f64; 2]>,
}

/// Means on each day with their derivatives, by scores whose noise is mostly known.
fn means(school: School, theta: Theta<f64>, samples: u64, seed: u64) -> Result<(Vec<f64>, Vec<[f64; 2]>), Error> {
    let program = program!(|[ln_b, ln_g]: [S; 2], chance| using (school: School) -> Vec<S> {
        let mut days = Vec::with_capacity(school.days);
        simulate(school, |_| ln_b.exp(), ln_g.exp(), chance, |ill| days.push(S::from(ill as f64)));
        days
    });
    let e = estimate::martingale(theta, program).samples(samples).run_seed(seed)?;
    Ok((e.value, e.gradient))
}

/// Least squares between the means and what was counted, by Gauss and Newton's method: a few steps, and four more from
/// one place, whose scatter is the noise.
///
/// # Errors
/// Rates outside of their ranges, or counts that say nothing of them.
pub fn fit(
    school: School,
    counted: &[f64],
    start: Theta<f64>,
    samples: u64,
    rng: &mut Generator,
    mut progress: impl FnMut(),
) -> Result<Fit, Error> {
    let mut step = |theta: Theta<f64>| -> Result<_, Error> {
        let (means, slopes) = means(school, theta, samples, rng.next_u64())?;
        progress();
        // normal equations of two unknowns
        let sum = |f: &dyn Fn(usize) -> f64| (0..means.len()).map(f).sum::<f64>();
        let product = |i: usize, j: usize| sum(&|day| slopes[day][i] * slopes[day][j]);
        let right = [0, 1].map(|i| sum(&|day| slopes[day][i] * (counted[day] - means[day])));
        let (a, b, c) = (product(0, 0), product(0, 1), product(1, 1));
        let determinant = a * c - b * b;
        if determinant.is_nan() || determinant <= 1e-12 * a * c {
            return Err("the counts say nothing of the rates: the epidemic does not begin".into());
        }
        let step = [(c * right[0] - b * right[1]) / determinant, (a * right[1] - b * right[0]) / determinant];
        let shortened = 0.5 / step.iter().fold(0.5, |m: f64, s| m.max(s.abs()));
        let next = [0, 1].map(|i| theta[i] + shortened * step[i]);
        let variance = sum(&|day| (counted[day] - means[day]).powi(2)) / (means.len() as f64 - 2.0);
        let errors = [(variance * c / determinant).sqrt(), (variance * a / determinant).sqrt()];
        Ok((next, errors, means, slopes))
    };
    let mut theta = start;
    for _ in 0..FIRST {
        theta = step(theta)?.0;
    }
    let last = (0..LAST).map(|_| step(theta)).collect::<Result<Vec<_>, _>>()?;
    let n = last.len() as f64;
    let mean = [0, 1].map(|i| last.iter().map(|l| l.0[i]).sum::<f64>() / n);
    let scatter = |i: usize| last.iter().map(|l| (l.0[i] - mean[i]).powi(2)).sum::<f64>() / (n - 1.0);
    let noise = [0, 1].map(|i| (scatter(i) / n).sqrt());
    let (_, errors, means, slopes) = last.into_iter().next().ok_or("no steps")?;
    Ok(Fit { theta: mean, errors, noise, means, slopes })
}

/// Steps of a fit: on the way, and at the end.
const FIRST: u32 = 8;
const LAST: u32 = 4;

/// All steps of a fit.
pub const FIT_STEPS: u32 = FIRST + LAST;

/// The same in the deterministic limit: boys in bed on each day by the differential equations, by Runge and Kutta's
/// method.
pub fn deterministic<S: Scalar>(school: School, [ln_b, ln_g]: Theta<S>) -> Vec<S> {
    let (b, g) = (ln_b.exp(), ln_g.exp());
    let slope = |[s, i]: [S; 2]| {
        let infected = b * s * i / school.boys as f64;
        [-infected, infected - g * i]
    };
    let along = |[s, i]: [S; 2], [ds, di]: [S; 2], dt: f64| [s + ds * dt, i + di * dt];
    let steps = 20;
    let dt = 1.0 / f64::from(steps);
    let mut state = [S::from((school.boys - school.ill) as f64), S::from(school.ill as f64)];
    let mut days = vec![state[1]];
    for _ in 1..school.days {
        for _ in 0..steps {
            let k1 = slope(state);
            let k2 = slope(along(state, k1, dt / 2.0));
            let k3 = slope(along(state, k2, dt / 2.0));
            let k4 = slope(along(state, k3, dt));
            for (k, weight) in [(k1, 1.0), (k2, 2.0), (k3, 2.0), (k4, 1.0)] {
                state = along(state, k, weight * dt / 6.0);
            }
        }
        days.push(state[1]);
    }
    days
}

/// The exact distribution of a small school by its master equation: the mean of the peak, and the mean number in bed on
/// each day.
///
/// # Errors
/// Rates outside of their ranges.
#[cfg(test)]
pub fn exactly<S: Scalar>(school: School, [ln_b, ln_g]: Theta<S>) -> Result<(S, Vec<S>), Error> {
    let dt = 1.0 / f64::from(STEPS);
    let recovery = -(-ln_g.exp() * dt).exp_m1();
    let mean = |states: &BTreeMap<[u64; 3], S>, which: usize| {
        states.iter().fold(S::from(0.0), |sum, (state, p)| sum + *p * state[which] as f64)
    };
    // healthy, ill, peak so far
    let mut states = BTreeMap::from([([school.boys - school.ill, school.ill, school.ill], S::from(1.0))]);
    let mut days = vec![mean(&states, 1)];
    for _ in 1..school.days {
        for step in 1..=STEPS {
            let mut next = BTreeMap::new();
            for ([healthy, ill, peak], p) in states {
                let infection = -(-ln_b.exp() * (ill as f64 / school.boys as f64 * dt)).exp_m1();
                let (infected, recovered) = (Binomial::new(healthy, infection)?, Binomial::new(ill, recovery)?);
                for new in 0..=healthy {
                    let p = p * infected.pmf(&new);
                    for up in 0..=ill {
                        let now = ill + new - up;
                        // the peak is that of whole days
                        let peak = if step == STEPS { peak.max(now) } else { peak };
                        *next.entry([healthy - new, now, peak]).or_insert(S::from(0.0)) += p * recovered.pmf(&up);
                    }
                }
            }
            states = next;
        }
        days.push(mean(&states, 1));
    }
    Ok((mean(&states, 2), days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::rand_core::SeedableRng;

    const SMALL: School = School { boys: 10, ill: 2, days: 5 };

    #[test]
    fn estimators_agree_with_the_master_equation() {
        let theta = [1.7f64.ln(), 0.5f64.ln()];
        let (exact, _) = exactly(SMALL, Jet::<f64, 2>::variables(theta)).unwrap();
        for Gradient { name, estimate: e, .. } in gradients(SMALL, theta, 20_000, 1).unwrap() {
            assert!((e.value - exact.re).abs() < 5.0 * e.value_se, "{name}: {e} {exact}");
            for i in 0..2 {
                assert!((e.gradient[i] - exact.eps[i]).abs() < 5.0 * e.gradient_se[i], "{name}: {e} {exact}");
                assert!(e.gradient_se[i] < 0.1, "{name}: {e}");
            }
        }
    }

    /// Three periods of one rate: their derivatives add up to that of the rate.
    #[test]
    fn rates_known_at_run_time() {
        let theta = [1.7f64.ln(), 0.5f64.ln()];
        let (exact, _) = exactly(SMALL, Jet::<f64, 2>::variables(theta)).unwrap();
        let e = by_period(SMALL, &[theta[0], theta[0], theta[0], theta[1]], 50_000, 1).unwrap();
        let sum: f64 = e.gradient[..3].iter().sum();
        let se = e.gradient_se[..3].iter().sum::<f64>();
        assert!((sum - exact.eps[0]).abs() < 5.0 * se && se < 0.2, "{e} {exact}");
        assert!((e.gradient[3] - exact.eps[1]).abs() < 5.0 * e.gradient_se[3], "{e} {exact}");
        assert!(by_period(SMALL, &[theta[1]], 10, 1).is_err());
    }

    /// Counts that are means of a master equation: the rates are found again.
    #[test]
    fn the_fit_finds_the_truth() {
        let (school, truth) = (School { boys: 12, ill: 2, days: 7 }, [1.5f64.ln(), 0.4f64.ln()]);
        let (_, counted) = exactly(school, truth).unwrap();
        let mut rng = Generator::seed_from_u64(1);
        let fit = fit(school, &counted, [0.0, -0.5], 20_000, &mut rng, || ()).unwrap();
        for i in 0..2 {
            assert!(fit.noise[i] < 0.02, "{fit:?}");
            // of a scatter of four
            assert!((fit.theta[i] - truth[i]).abs() < 8.0 * fit.noise[i], "{fit:?} {truth:?}");
        }
    }

    #[cfg(feature = "matrices")]
    #[test]
    fn the_deterministic_fit_is_the_published_one() {
        // Murray starts a day earlier, with one boy
        let (school, counted) = read(None, 763).unwrap();
        let school = School { ill: 1, days: school.days + 1, ..school };
        let squares = |theta: Theta<gallery::optimum::Second<2>>| -> Result<_, LawError> {
            let days = deterministic(school, theta);
            Ok(days[1..].iter().zip(&counted).fold(0.0.into(), |sum, (i, y)| sum - (*i - *y).powi(2)))
        };
        let maximum = gallery::optimum::maximize([0.4, -0.7], squares).unwrap();
        let [b, g] = maximum.point.map(f64::exp);
        // published with three digits, by an optimizer of 1978's data read off a figure
        assert!((b / PUBLISHED[0] - 1.0).abs() < 0.01 && (g / PUBLISHED[1] - 1.0).abs() < 0.01, "{b} {g}");
    }

    #[test]
    fn bad_counts_are_errors() {
        let path = std::env::temp_dir().join(format!("reparam-epidemic-{}.csv", std::process::id()));
        let error = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read(Some(&path), 100).unwrap_err().to_string()
        };
        assert!(error("in_bed\n3\n8.5\n").ends_with("line 3: in_bed is \"8.5\", expected a count"));
        assert!(
            error("in_bed\n3\n101\n").ends_with("line 3: in_bed is \"101\", expected at most 100, the number of boys")
        );
        assert!(error("in_bed\n0\n8\n9\n").ends_with("nobody is in bed on the first day, expected somebody"));
        std::fs::remove_file(&path).unwrap();
    }
}
