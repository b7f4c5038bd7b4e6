//! Tweedie's law: mass at 0, sums against kin, mean derivatives of draws and scores.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::prelude::*;
use reparam::verify;
use reparam::weighted::score;

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
}

#[test]
fn mass_and_ends() {
    let law = Tweedie::new(1.0, 1.0, 1.5).unwrap();
    assert_eq!((law.rate(), law.mean(), law.variance(), law.mode()), (2.0, Some(1.0), Some(1.0), None));
    let mass = (-2.0f64).exp();
    assert_eq!((law.pdf(0.0), law.cdf(0.0), law.ln_pdf(0.0), law.ln_cdf(0.0)), (mass, mass, -2.0, -2.0));
    close(law.sf(0.0), 1.0 - mass, 1e-15);
    assert_eq!((law.quantile(0.13), law.isf(0.9), law.quantile_ln(-3.0)), (0.0, 0.0, 0.0));
    assert!(law.quantile(0.14) > 0.0 && law.isf(0.86) > 0.0);
    for (mu, phi, power) in [(1.0, 1.0, 1.5), (3.0, 0.5, 1.2), (0.5, 2.0, 1.8), (1e3, 0.01, 1.5), (1e-5, 1e3, 1.01)] {
        verify::law(&Tweedie::new(mu, phi, power).unwrap()).check_order().unwrap();
    }
    for (mu, phi, power, wrong) in
        [(0.0, 1.0, 1.5, "mu"), (1.0, f64::NAN, 1.5, "phi"), (1.0, 1.0, 1.0, "power"), (1e20, 1e-20, 1.5, "phi")]
    {
        assert_eq!(Tweedie::new(mu, phi, power).unwrap_err().parameter(), wrong);
    }
}

/// What the atom leaves: F and f agree, quantiles invert from 1e-300 on, moments are those of the sums, in every
/// scalar.
#[test]
fn density_tails_quantiles() {
    for parameters in [[1.0, 1.0, 1.5], [3.0, 0.5, 1.2], [0.5, 2.0, 1.8], [100.0, 0.3, 1.5]] {
        let [mu, phi, power] = parameters;
        let law = Tweedie::new(mu, phi, power).unwrap();
        for q in [1e-300, 1e-30, 1e-6, 0.01, 0.1, 0.3, 0.5] {
            let x = law.isf(q);
            assert!(x > 0.0);
            close(law.ln_sf(x), q.ln(), 1e-13);
            close(law.isf_ln(q.ln()), x, 1e-13);
            // the slope of F is the density
            let [at] = Jet::variables([x]);
            let dual = Tweedie::new(mu.into(), phi.into(), power.into()).unwrap();
            close(-dual.sf(at).eps[0], law.pdf(x), 1e-11);
        }
        verify::family::<Tweedie<f64>>(&parameters).check_values().unwrap();
        verify::family::<Tweedie<f64>>(&parameters).check_derivatives().unwrap();
    }
}

/// A mean number of 1e-9: one gamma variable or none.
#[test]
fn few_jumps() {
    // α = 1, γ = φ μ^(1/2)/2, λ = 2 μ^(1/2)/φ
    let (mu, phi) = (1e-8, 2e5);
    let law = Tweedie::new(mu, phi, 1.5).unwrap();
    close(law.rate(), 1e-9, 1e-13);
    let jump = Exponential::new(0.1).unwrap();
    for x in [1e-3, 10.0, 50.0] {
        close(law.ln_sf(x), 1e-9f64.ln() + jump.ln_sf(x), 1e-8);
        close(law.ln_pdf(x), 1e-9f64.ln() + jump.ln_pdf(x), 1e-8);
    }
}

/// Values: mpmath, by quadrature of the sums.
#[test]
fn entropy() {
    close(Tweedie::new(1.0, 1.0, 1.5).unwrap().entropy(), 1.373231225337, 1e-11);
}

/// E[e^-X] = exp(λ ((1 + γ)^-α - 1)) and E[X] = μ by draws; P(X > 0) = 1 - e^-λ by scores.
#[test]
fn mean_derivatives() {
    let point = [1.5, 0.8, 1.6];
    let [mu, phi, power] = Jet::<f64, 3>::variables(point);
    let law = Tweedie::new(mu, phi, power).unwrap();
    let (above, below) = (power - 1.0, -power + 2.0);
    let (scale, shape) = (phi * above * mu.powd(above), below.over(above));
    let laplace = (law.rate() * ((scale + 1.0).powd(-shape) - 1.0)).exp();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let draws: Vec<Jet<f64, 3>> = (0..20_000).map(|_| law.sample(&mut rng)).collect();
    let scores: Vec<Jet<f64, 3>> =
        (0..20_000).map(|_| score(&law, &mut rng).map(|z| Jet::from(f64::from(u8::from(z.re > 0.0)))).term()).collect();
    let share = verify::mean_of(draws.iter().map(|z| f64::from(u8::from(z.re == 0.0))));
    assert!(share.sigmas((-law.rate().re).exp()).abs() < 5.0, "{share:?}");
    // and those above 0 follow the rest of F
    let positive: Vec<f64> = draws.iter().map(|z| z.re).filter(|z| *z > 0.0).collect();
    let plain = Tweedie::new(point[0], point[1], point[2]).unwrap();
    let p = verify::kolmogorov_smirnov(positive, |z| (plain.cdf(z) - plain.cdf(0.0)) / plain.sf(0.0));
    assert!(p > verify::FIVE_SIGMA, "{p:e}");
    for i in 0..3 {
        let of_mean = verify::mean_of(draws.iter().map(|z| z.eps[i]));
        assert!(of_mean.sigmas(f64::from(u8::from(i == 0))).abs() < 5.0, "{i}: {of_mean:?}");
        let of_laplace = verify::mean_of(draws.iter().map(|z| (-*z).exp().eps[i]));
        assert!(of_laplace.sigmas(laplace.eps[i]).abs() < 5.0, "{i}: {of_laplace:?} for {}", laplace.eps[i]);
        let of_rain = verify::mean_of(scores.iter().map(|z| z.eps[i]));
        let want = law.sf(0.0.into()).eps[i];
        assert!(of_rain.sigmas(want).abs() < 5.0, "{i}: {of_rain:?} for {want}");
    }
}
