use super::*;
use gallery::optimum;
use rand_xoshiro::rand_core::SeedableRng;

fn simulated(pelts: &Pelts) -> Simulated<'_> {
    Simulated { pelts, pairs: 64, steps: 8, seed: 1 }
}

/// Without eating, logarithms are Brownian motions with drift, and the bridge is exact: every path has the same weight.
#[test]
fn without_eating_the_likelihood_is_a_closed_form() {
    let pelts = read(None).unwrap();
    let theta = [0.3f64.ln(), -800.0, 0.2f64.ln(), -800.0, -0.5, -0.3];
    let closed = |[a, _, c, _, s, t]: Theta<Second<6>>| -> Result<Second<6>, LawError> {
        let laws = [Normal::new(a.exp(), s.exp())?, Normal::new(-c.exp(), t.exp())?];
        let growth = |w: &[State<f64>], k: usize| laws[k].ln_pdf((w[1][k] - w[0][k]).into());
        Ok(pelts.ln.windows(2).fold(0.0.into(), |sum: Second<6>, w| sum + growth(w, 0) + growth(w, 1)))
    };
    let (value, gradient, hessian) = closed(Jet::second_order(theta)).unwrap().hessian();
    let (found, slopes, se) = simulated(&pelts).ln_likelihood(theta).unwrap();
    let curvature = simulated(&pelts).curvature(theta).unwrap();
    assert!((found - value).abs() < 1e-9 && se < 1e-12, "{found} {value} {se}");
    for i in 0..6 {
        assert!((slopes[i] - gradient[i]).abs() < 1e-9, "{slopes:?} {gradient:?}");
        assert!((0..6).all(|j| (curvature[(i, j)] + hessian[i][j]).abs() < 1e-8), "{curvature} {hessian:?}");
    }
}

/// The density by paths of the simulation itself (Pedersen 1995): Euler's steps up to the last, of which the density is
/// known. It needs no bridge, and many more paths.
#[test]
fn bridges_find_the_density_of_the_simulation() {
    let (theta, steps) = ([0.5f64.ln(), 0.03f64.ln(), 0.8f64.ln(), 0.025f64.ln(), -1.3, -1.3], 8);
    let (from, to) = ([60f64.ln(), 10f64.ln()], [70f64.ln(), 20f64.ln()]);
    let mut rng = Generator::seed_from_u64(1);
    let mut before_last = || {
        // seven of eight steps, and one over which the density is normal
        let dt = 1.0 / f64::from(steps);
        let rates = simulation::rates(&theta);
        let spread = [theta[4].exp() * dt.sqrt(), theta[5].exp() * dt.sqrt()];
        let mut at = from;
        for _ in 1..steps {
            let drift = simulation::drift(rates, at);
            at = [0, 1].map(|k| at[k] + drift[k] * dt + spread[k] * reparam::noise::normal(&mut rng));
        }
        let drift = simulation::drift(rates, at);
        let density = |k: usize| Normal::new(at[k] + drift[k] * dt, spread[k]).unwrap().pdf(to[k]);
        density(0) * density(1)
    };
    let plain = reparam::verify::mean_of((0..400_000).map(|_| before_last()));
    let (bridge, mut rng) = (Bridge::<f64>::new(&theta, from, to, steps), Generator::seed_from_u64(2));
    let bridged = reparam::verify::mean_of((0..1_000).map(|_| bridge.weight(&mut rng) * bridge.ln_unit().exp()));
    let error = plain.standard_error.hypot(bridged.standard_error);
    assert!(error < 0.02 * bridged.mean, "{plain:?} {bridged:?}");
    assert!((plain.mean - bridged.mean).abs() < 4.0 * error, "{plain:?} {bridged:?}");
    // a two hundredth of the paths, and a smaller error
    assert!(bridged.standard_error < plain.standard_error, "{plain:?} {bridged:?}");
}

/// By scipy: Dormand and Prince's method of order 8 to 1e-10, and Nelder and Mead's search to 1e-9.
#[test]
fn the_published_model_is_fitted_as_by_scipy_and_lies_within_the_published_posterior() {
    let pelts = read(None).unwrap();
    let fit = fit_counts(&pelts, &fit(simulated(&pelts)).unwrap()).unwrap();
    let scipy = [
        0.540_013_954,
        0.027_156_115_5,
        0.796_598_764,
        0.023_702_037_3,
        0.218_379_652,
        0.220_084_289,
        34.599_155_1,
        5.843_736_64,
    ];
    assert!((fit.ln_likelihood - 4.145_145_288_9).abs() < 1e-7, "{}", fit.ln_likelihood);
    for ((found, expected), error) in fit.point.iter().zip(scipy).zip(&fit.errors) {
        assert!((found - expected.ln()).abs() < 1e-3 * error, "{found} {}", expected.ln());
    }
    for (i, (mean, std_dev)) in PUBLISHED.into_iter().enumerate() {
        assert!((fit.point[i].exp() - mean).abs() < std_dev, "{i}: {} {mean} {std_dev}", fit.point[i].exp());
    }
}

/// Newton's method with jets' Hessians, which shares nothing with argmin, ends at the same point.
#[test]
fn argmin_finds_the_maximum_that_newton_finds() {
    let pelts = read(None).unwrap();
    let found = fit_counts(&pelts, &fit(simulated(&pelts)).unwrap()).unwrap();
    let start = std::array::from_fn(|i| found.point[i] + 0.1);
    let newton = optimum::maximize(start, |q| ln_likelihood_of_counts(q, &pelts)).unwrap();
    for i in 0..8 {
        assert!((found.point[i] - newton.point[i]).abs() < 1e-4 * found.errors[i], "{found:?} {newton:?}");
        assert!((found.errors[i] / newton.errors()[i] - 1.0).abs() < 1e-3, "{found:?} {newton:?}");
    }
}

/// Pelts of the simulation itself, at known parameters, and with little noise: more makes cycles grow beyond Euler's steps.
#[test]
fn known_parameters_are_found_again() {
    let truth: Theta<f64> = [0.6, 0.03, 0.8, 0.02, 0.1, 0.12].map(f64::ln);
    let mut rng = Generator::seed_from_u64(3);
    let mut at = [30f64.ln(), 10f64.ln()];
    let ln: Vec<_> = (0..40)
        .map(|_| {
            at = simulation::year(&truth, at, 8, &mut rng);
            at
        })
        .collect();
    let pelts = Pelts { first: 1.0, ln };
    let fit = fit(simulated(&pelts)).unwrap();
    for i in 0..6 {
        assert!((fit.point[i] - truth[i]).abs() < 4.0 * fit.errors[i], "{i} {truth:?} {fit:?}");
        assert!(fit.errors[i] < 0.3, "{fit:?}");
    }
}

#[test]
fn the_fit_is_a_maximum_and_the_noise_of_paths_is_small() {
    let pelts = read(None).unwrap();
    let simulated = simulated(&pelts);
    let found = fit(simulated).unwrap();
    let theta: Theta<f64> = std::array::from_fn(|i| found.point[i]);
    let (_, gradient, se) = simulated.ln_likelihood(theta).unwrap();
    assert!(gradient.iter().zip(&found.errors).all(|(g, e)| (g * e).abs() < 1e-3), "{gradient:?}");
    assert!(se < 0.05, "{se}");
    let noise = noise_of_simulation(simulated, &found, 4).unwrap();
    assert!(noise.iter().zip(&found.errors).all(|(n, e)| *n < 0.05 * e), "{noise:?} {:?}", found.errors);
    // the gradient is that of the value: differences on the same random numbers
    for i in 0..6 {
        let at = |x: f64| {
            let mut moved = theta;
            moved[i] = x;
            simulated.ln_likelihood(moved).unwrap().0
        };
        let away = theta[i] + 0.1;
        let mut moved = theta;
        moved[i] = away;
        let (_, gradient, _) = simulated.ln_likelihood(moved).unwrap();
        let difference = reparam::verify::derivative(at, away);
        assert!(
            (gradient[i] - difference.value).abs() < 1e-5 * (1.0 + gradient[i].abs()),
            "{i} {gradient:?} {difference:?}"
        );
    }
    // ends of the profile: where ln L has dropped, on both sides of the point
    let ends = [-1.0, 1.0].map(|side| profile_end(simulated, &found, 4, side).unwrap());
    assert!(ends[0] < theta[4] && theta[4] < ends[1]);
    for end in ends {
        assert!((profile(simulated, &found, 4, end).unwrap() - DROP).abs() < 2e-3);
    }
}

#[test]
fn errors_name_file_line_and_what_was_expected() {
    let path = std::env::temp_dir().join(format!("reparam-gallery-pelts-{}.csv", std::process::id()));
    let error = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let message = read(Some(&path)).unwrap_err().to_string();
        message.replace(&path.display().to_string(), "f.csv")
    };
    let expected = [
        ("year,hare,lynx\n1900,3,0\n", "f.csv, line 2: lynx is \"0\", expected thousands of pelts from 1e-6 to 1e6"),
        (
            "year,hare,lynx\n1900,3,1\n1902,3,1\n",
            "f.csv, line 3: year is \"1902\", expected the year after the one before",
        ),
        ("year,hare,lynx\n1900,3,1\n", "f.csv: 1 years, expected from 10 to 200"),
    ];
    for (text, message) in expected {
        assert_eq!(error(text), message);
    }
    std::fs::remove_file(&path).unwrap();
}
