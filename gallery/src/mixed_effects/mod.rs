//! Twelve people swallow theophylline: how fast does a body take up a drug, and how much do bodies differ?
//!
//! One compartment with absorption and elimination of first order; absorption and clearance differ between subjects by
//! random effects, which nobody sees. The likelihood integrates them out, by Laplace's approximation and by importance
//! sampling around it. Both are one function of a scalar: in `f64` a number, in jets a number with its gradient and
//! Hessian, because the random effects are draws that move with the parameters.

use gallery::optimum::{Maximum, Second, maximize};
use gallery::table::Table;
use gallery::{Error, Generator};
use rand_xoshiro::rand_core::SeedableRng;
use reparam::noise;
use reparam::prelude::*;
use std::path::Path;

/// The means of ln absorption (1/h), ln clearance (l/h/kg) and ln elimination (1/h); ln standard deviations of the first
/// two between subjects and the inverse hyperbolic tangent of their correlation; ln of the error's standard deviation.
pub type Theta<S> = [S; 7];

/// The names of the parameters of [`Theta`].
pub const NAMES: [&str; 7] = [
    "ln absorption",
    "ln clearance",
    "ln elimination",
    "sd of ln absorption",
    "sd of ln clearance",
    "their correlation",
    "sd of the error",
];

/// The fit by R's nlme 3.1-162 on these data, with the model of Pinheiro & Bates 2000, *Mixed-Effects Models in S and
/// S-PLUS*, section 8.2: `nlme(conc ~ SSfol(Dose, Time, lKe, lKa, lCl), Theoph, fixed = lKe + lKa + lCl ~ 1,
/// random = pdSymm(lKa + lCl ~ 1), start = c(-2.46, .48, -3.23))`. It linearizes where Laplace does not.
pub const BY_NLME: Theta<f64> = [0.465_735, -3.227_234, -2.454_720, 0.643_574_2, 0.166_921_1, -0.002, 0.709_253_3];

/// The same model by R's lme4 1.1-31: `nlmer(conc ~ SSfol(Dose, Time, lKe, lKa, lCl) ~ (lKa + lCl | Subject), Theoph)`,
/// whose Laplace approximation takes the square of the first derivative for the second.
pub const BY_LME4: Theta<f64> = [0.482_009, -3.230_197, -2.465_358, 0.656_4, 0.167_4, -0.01, 0.707_8];

/// A subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// As named in the file.
    pub name: String,
    /// In mg/kg.
    pub dose: f64,
    /// Hours after the dose, and mg/l.
    pub observations: Vec<(f64, f64)>,
}

const COLUMNS: [&str; 4] = ["subject", "dose_mg_per_kg", "time_h", "concentration_mg_per_l"];

/// Subjects at the most.
const MOST: usize = 500;

/// The subjects of a file with a row for each observation, or the twelve.
///
/// # Errors
/// The file cannot be read, a row is no observation, doses of a subject differ, or there are too few subjects.
pub fn read(path: Option<&Path>) -> Result<Vec<Subject>, Error> {
    let built_in = ("theophylline.csv", include_bytes!("../../data/theophylline.csv").as_slice());
    let table = Table::read(path, built_in, &COLUMNS)?;
    let mut subjects: Vec<Subject> = Vec::new();
    for row in table.rows() {
        let name = row.text(0);
        let dose = row.number_where(1, |x| (1e-6..=1e6).contains(&x), "a dose from 1e-6 to 1e6")?;
        let time = row.number_where(2, |x| (0.0..=1e6).contains(&x), "hours from 0 to 1e6")?;
        let concentration = row.number_where(3, |x| (0.0..=1e6).contains(&x), "a concentration from 0 to 1e6")?;
        let subject = match subjects.iter().position(|s| s.name == name) {
            Some(place) => &mut subjects[place],
            None => {
                subjects.push(Subject { name: name.into(), dose, observations: Vec::new() });
                subjects.last_mut().ok_or("no subject")?
            }
        };
        if subject.dose != dose {
            return Err(row.wrong(1, &format!("{}, as in the subject's rows above", subject.dose)).into());
        }
        subject.observations.push((time, concentration));
    }
    let name = path.map_or(built_in.0.into(), |p| p.display().to_string());
    match subjects.len() {
        3..=MOST => Ok(subjects),
        count => Err(format!("{name}: {count} subjects, expected from 3 to {MOST}").into()),
    }
}

/// The concentration after a dose swallowed at time 0, with ln absorption, ln clearance and ln elimination:
/// dose · ke · ka / (cl (ka - ke)) · (e^(-ke t) - e^(-ka t)).
///
/// With x = (ka - ke) t the difference over (ka - ke) is t e^(-ke t) (1 - e^-x)/x, which has no hole at ka = ke.
pub fn concentration<S: Scalar>([ln_ka, ln_cl, ln_ke]: [S; 3], dose: f64, time: f64) -> S {
    let (ka, ke) = (ln_ka.exp(), ln_ke.exp());
    (ln_ke + ln_ka - ln_cl - ke * time).exp() * mean_decay((ka - ke) * time) * (dose * time)
}

/// (1 - e^-x)/x, the mean of e^-x over [0, x].
fn mean_decay<S: Scalar>(x: S) -> S {
    if x.re().abs() > 1e-3 {
        return -(-x).exp_m1().over(x);
    }
    // Σ (-x)^k / (k + 1)!: the first term left out is below 1e-21, its derivatives to third order below 1e-12
    (1..=7).rev().fold(S::from(1.0), |sum, k| -x * sum / f64::from(k + 1) + 1.0)
}

/// A subject's ln absorption and ln clearance for standard normal effects.
fn individual<S: Scalar>(theta: &Theta<S>, z: [S; 2]) -> [S; 3] {
    let [ka, cl, ke, sd_ka, sd_cl, correlation, _] = *theta;
    let correlation = correlation.tanh();
    let across = (-(correlation * correlation) + 1.0).sqrt();
    [ka + sd_ka.exp() * z[0], cl + sd_cl.exp() * (correlation * z[0] + across * z[1]), ke]
}

/// ln p(observations, z): the effects are standard normal variables.
fn ln_joint<S: Scalar>(theta: &Theta<S>, subject: &Subject, z: [S; 2]) -> S {
    let own = individual(theta, z);
    let precision = (-theta[6]).exp();
    let squares = subject.observations.iter().fold(z[0] * z[0] + z[1] * z[1], |sum, (time, seen)| {
        let off = (-concentration(own, subject.dose, *time) + *seen) * precision;
        sum + off * off
    });
    let count = subject.observations.len() as f64;
    -squares * 0.5 - theta[6] * count - (count + 2.0) * LN_SQRT_TAU
}

/// ln √(2 π)
const LN_SQRT_TAU: f64 = 0.918_938_533_204_672_7;

/// The most likely effects of a subject, and the Hessian of -ln p there.
struct Mode<S> {
    z: [S; 2],
    ln_joint: S,
    hessian: [[S; 2]; 2],
}

/// The mode moves with the parameters: Newton's steps in the numbers of the caller, from the mode in `f64`, carry its
/// derivatives, each step twice as many orders as the one before.
fn mode<S: Scalar>(theta: &Theta<S>, subject: &Subject) -> Result<Mode<S>, Error> {
    let plain = theta.map(|x| x.re());
    let lifted = plain.map(Second::<2>::from);
    let at = maximize([0.0; 2], |z| Ok::<_, LawError>(ln_joint(&lifted, subject, z)))
        .map_err(|e| format!("subject {}: {e}", subject.name))?;
    let mut z = at.point.map(S::from);
    let lifted = theta.map(|x| Jet::constant(Jet::constant(x)));
    let around = |z: [S; 2]| {
        let variables: [Jet<Jet<S, 2>, 2>; 2] = Jet::variables(Jet::variables(z));
        ln_joint(&lifted, subject, variables)
    };
    for _ in 0..2 {
        let y = around(z);
        let (slope, hessian) = (y.re.eps, second(&y));
        let step = solve(&hessian, &slope);
        z = [z[0] + step[0], z[1] + step[1]];
    }
    let y = around(z);
    Ok(Mode { z, ln_joint: y.re.re, hessian: second(&y) })
}

/// The negative second derivatives.
fn second<S: Scalar>(y: &Jet<Jet<S, 2>, 2>) -> [[S; 2]; 2] {
    std::array::from_fn(|i| std::array::from_fn(|j| -y.eps[i].eps[j]))
}

fn determinant<S: Scalar>(a: &[[S; 2]; 2]) -> S {
    a[0][0] * a[1][1] - a[0][1] * a[1][0]
}

fn solve<S: Scalar>(a: &[[S; 2]; 2], b: &[S; 2]) -> [S; 2] {
    let over = determinant(a).recip();
    [(a[1][1] * b[0] - a[0][1] * b[1]) * over, (a[0][0] * b[1] - a[1][0] * b[0]) * over]
}

/// ln of the likelihood by Laplace's approximation: ln p at the mode + ln 2π - ln det H / 2, for each subject.
///
/// # Errors
/// The parameters are so far off that a subject's effects have no mode.
pub fn laplace<S: Scalar>(theta: Theta<S>, subjects: &[Subject]) -> Result<S, Error> {
    let mut sum = S::from(0.0);
    for subject in subjects {
        let mode = mode(&theta, subject)?;
        sum += mode.ln_joint - determinant(&mode.hessian).ln() * 0.5 + 2.0 * LN_SQRT_TAU;
    }
    Ok(sum)
}

/// ln of the likelihood by importance sampling: effects are drawn around the mode as Laplace's approximation has them,
/// z = mode + C noise with C C' = H⁻¹, so that the mean of p / q corrects it. The same noise at all parameters makes it a
/// smooth function of them. Returns it with its standard error from the number of draws.
///
/// # Errors
/// As for [`laplace`].
pub fn sampled<S: Scalar>(theta: Theta<S>, subjects: &[Subject], pairs: u32, seed: u64) -> Result<(S, f64), Error> {
    let mut rng = Generator::seed_from_u64(seed);
    let (mut sum, mut variance) = (S::from(0.0), 0.0);
    for subject in subjects {
        let mode = mode(&theta, subject)?;
        // of the inverse: with H = U' U, U⁻¹
        let upper = mode.hessian[0][0].sqrt();
        let across = mode.hessian[0][1].over(upper);
        let lower = (mode.hessian[1][1] - across * across).sqrt();
        let ln_ratio = |noise: [f64; 2]| {
            let second = lower.recip() * noise[1];
            let first = (-across * second + noise[0]).over(upper);
            let z = [mode.z[0] + first, mode.z[1] + second];
            let ln_q = -0.5 * (noise[0] * noise[0] + noise[1] * noise[1]);
            ln_joint(&theta, subject, z) - mode.ln_joint - ln_q
        };
        let (mut mean, mut squares) = (S::from(0.0), 0.0);
        for _ in 0..pairs {
            let e = [noise::normal(&mut rng), noise::normal(&mut rng)];
            let pair = (ln_ratio(e).exp() + ln_ratio([-e[0], -e[1]]).exp()) * 0.5;
            mean += pair / f64::from(pairs);
            squares += pair.re() * pair.re() / f64::from(pairs);
        }
        variance += (squares / (mean.re() * mean.re()) - 1.0) / f64::from(pairs);
        sum += mode.ln_joint + mean.ln() - (upper * lower).ln() + 2.0 * LN_SQRT_TAU;
    }
    Ok((sum, variance.max(0.0).sqrt()))
}

/// From what is typical of drugs that are swallowed, and a spread of a half.
const START: Theta<f64> = [0.0, -3.0, -2.0, -0.7, -0.7, 0.0, 0.0];

/// The maximum of Laplace's approximation.
///
/// # Errors
/// There is none, or it is not found.
pub fn fit_laplace(subjects: &[Subject], mut progress: impl FnMut()) -> Result<Maximum<7>, Error> {
    let told = std::cell::RefCell::new(&mut progress);
    maximize(START, |theta: Theta<Second<7>>| {
        (*told.borrow_mut())();
        laplace(theta, subjects)
    })
}

/// The maximum of the likelihood by importance sampling, from another fit.
///
/// # Errors
/// As for [`fit_laplace`].
pub fn fit_sampled(
    subjects: &[Subject],
    start: Theta<f64>,
    pairs: u32,
    seed: u64,
    mut progress: impl FnMut(),
) -> Result<Maximum<7>, Error> {
    let told = std::cell::RefCell::new(&mut progress);
    maximize(start, |theta: Theta<Second<7>>| {
        (*told.borrow_mut())();
        Ok::<_, Error>(sampled(theta, subjects, pairs, seed)?.0)
    })
}

/// A fit in the units of people: standard deviations and a correlation, each with its standard error.
pub fn in_units(fit: &Maximum<7>) -> [(f64, f64); 7] {
    std::array::from_fn(|i| {
        fit.of(|theta| match i {
            0..3 => theta[i],
            5 => theta[i].tanh(),
            _ => theta[i].exp(),
        })
    })
}

/// A subject's most likely ln absorption, ln clearance and ln elimination.
///
/// # Errors
/// As for [`laplace`].
pub fn of_subject(theta: Theta<f64>, subject: &Subject) -> Result<[f64; 3], Error> {
    Ok(individual(&theta, mode(&theta, subject)?.z))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By scipy: Gauss and Hermite's rule of 41 by 41 nodes around each subject's mode, the maximum by BFGS.
    const BY_SCIPY: Theta<f64> =
        [0.480_935_78, -3.226_817_13, -2.459_166_25, -0.416_683_82, -1.787_175_45, -0.011_876_05, -0.344_997_14];
    const LN_BY_SCIPY: f64 = -177.739_155_88;
    const LAPLACE_BY_SCIPY: f64 = -177.870_185_07;

    #[test]
    fn the_likelihood_is_that_of_quadrature() {
        let subjects = read(None).unwrap();
        let ln = laplace(BY_SCIPY, &subjects).unwrap();
        // second differences with steps of 1e-4 are what scipy's has
        assert!((ln - LAPLACE_BY_SCIPY).abs() < 1e-5, "{ln}");
        let (ln, se) = sampled(BY_SCIPY, &subjects, 2000, 1).unwrap();
        assert!(se < 0.01, "{se}");
        assert!((ln - LN_BY_SCIPY).abs() < 4.0 * se, "{ln} ± {se}");
    }

    /// Derivatives through a mode and through draws, against differences of the same function in `f64`.
    #[test]
    fn gradients_are_those_of_differences() {
        let subjects = read(None).unwrap();
        let theta = [0.3, -3.1, -2.3, -0.5, -1.5, 0.2, -0.2];
        let of_jets = [
            laplace(Jet::<f64, 7>::variables(theta), &subjects).unwrap(),
            sampled(Jet::<f64, 7>::variables(theta), &subjects, 20, 1).unwrap().0,
        ];
        for i in 0..7 {
            let moved = |x: f64| {
                let mut moved = theta;
                moved[i] = x;
                moved
            };
            let by_laplace = reparam::verify::derivative(|x| laplace(moved(x), &subjects).unwrap(), theta[i]);
            let by_draws = reparam::verify::derivative(|x| sampled(moved(x), &subjects, 20, 1).unwrap().0, theta[i]);
            for (jet, difference) in of_jets.iter().zip([by_laplace, by_draws]) {
                let off = (jet.eps[i] - difference.value).abs();
                assert!(off < 1e-5 * (1.0 + jet.eps[i].abs()), "{i}: {} {difference:?}", jet.eps[i]);
            }
        }
    }

    #[test]
    fn the_fit_is_that_of_quadrature_and_near_the_published_ones() {
        let subjects = read(None).unwrap();
        let of_laplace = fit_laplace(&subjects, || ()).unwrap();
        let fit = fit_sampled(&subjects, of_laplace.point, 200, 1, || ()).unwrap();
        let errors = fit.errors();
        for i in 0..7 {
            // what 400 draws for each subject leave
            assert!((fit.point[i] - BY_SCIPY[i]).abs() < 0.05 * errors[i], "{i}: {:?} {errors:?}", fit.point);
            assert!((of_laplace.point[i] - BY_SCIPY[i]).abs() < 0.1 * errors[i], "{i}: {:?}", of_laplace.point);
        }
        let found = in_units(&fit);
        for (i, (value, error)) in found.iter().enumerate() {
            for other in [BY_NLME, BY_LME4] {
                assert!((value - other[i]).abs() < 0.2 * error, "{i}: {value} ± {error}, {}", other[i]);
            }
        }
        // nlme's standard errors of the three means
        for (i, other) in [0.198_562_86, 0.060_008_56, 0.052_490_23].into_iter().enumerate() {
            assert!((found[i].1 / other - 1.0).abs() < 0.06, "{i}: {found:?}");
        }
    }

    #[test]
    fn absorption_as_fast_as_elimination_is_no_hole() {
        // dose · k² t e^(-k t) / cl at ka = ke = k, and near it the formula in 30 digits by mpmath
        let same = concentration([0.5f64, -1.0, 0.5], 4.0, 2.0);
        let k = 0.5f64.exp();
        assert!((same / (4.0 * k * k * 2.0 * (-2.0 * k).exp() / (-1f64).exp()) - 1.0).abs() < 1e-14, "{same}");
        // both branches meet
        for x in [0.999_999e-3f64, -0.999_999e-3, 1.000_001e-3] {
            let [x_jet] = Jet::<Jet<f64, 1>, 1>::second_order([x]);
            let jet = mean_decay(x_jet);
            let (value, [slope], [[curvature]]) = jet.hessian();
            // 1 - x/2 + x²/6 - x³/24 + x⁴/120
            let series = 1.0 - x / 2.0 + x * x / 6.0 - x.powi(3) / 24.0 + x.powi(4) / 120.0;
            let of_slope = -0.5 + x / 3.0 - x * x / 8.0 + x.powi(3) / 30.0;
            let of_curvature = 1.0 / 3.0 - x / 4.0 + x * x / 10.0;
            assert!((value - series).abs() < 1e-14, "{value} {series}");
            assert!((slope - of_slope).abs() < 1e-12, "{slope} {of_slope}");
            assert!((curvature - of_curvature).abs() < 1e-8, "{curvature} {of_curvature}");
        }
    }

    #[test]
    fn errors_name_file_line_and_what_was_expected() {
        let path = std::env::temp_dir().join(format!("reparam-gallery-subjects-{}.csv", std::process::id()));
        let header = "subject,dose_mg_per_kg,time_h,concentration_mg_per_l\n";
        let error = |rows: &str| {
            std::fs::write(&path, format!("{header}{rows}")).unwrap();
            let message = read(Some(&path)).unwrap_err().to_string();
            message.replace(&path.display().to_string(), "f.csv")
        };
        assert_eq!(error("1,4,-1,2\n"), "f.csv, line 2: time_h is \"-1\", expected hours from 0 to 1e6");
        let of_doses = "f.csv, line 3: dose_mg_per_kg is \"5\", expected 4, as in the subject's rows above";
        assert_eq!(error("1,4,1,2\n1,5,2,2\n"), of_doses);
        assert_eq!(error("1,4,1,2\n"), "f.csv: 1 subjects, expected from 3 to 500");
        std::fs::remove_file(&path).unwrap();
    }
}
