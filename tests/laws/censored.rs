//! Censored laws and point masses: masses at the ends, moments, likelihoods, and mean derivatives of draws.

use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::prelude::*;
use reparam::verify;
use reparam::weighted::score;

const INF: f64 = f64::INFINITY;

#[track_caller]
fn close(got: f64, want: f64, bound: f64) {
    assert!((got - want).abs() <= bound * want.abs(), "{got:e} for {want:e}");
}

/// mpmath at 40 digits: masses, and integrals of x f, (x - mean)² f and f ln f between the bounds.
#[test]
fn moments() {
    fn check<D: Continuous<f64> + Copy>(law: Censored<D, f64>, want: [f64; 5]) {
        let (lower, upper) = law.bounds();
        let got = [law.mean().unwrap(), law.variance().unwrap(), law.entropy(), law.cdf(lower), law.pdf(upper)];
        for (got, want) in got.into_iter().zip(want) {
            assert!((got - want).abs() <= 1e-12 * want.abs(), "{got:e} for {want:e}");
        }
    }
    let normal = Normal::new(0.3, 1.2).unwrap();
    check(
        Censored::new(normal, -0.5, 1.0).unwrap(),
        [0.27339551381513455, 0.3821028144503617, 1.2481389967047942, 0.2524925375469229, 0.27983446359970576],
    );
    check(
        Censored::new(normal, -0.5, INF).unwrap(),
        [0.48134357658928434, 0.8984503918908099, 1.437995257177215, 0.2524925375469229, 0.0],
    );
    check(
        Censored::new(Exponential::new(0.8).unwrap(), -INF, 2.0).unwrap(),
        [0.9976293525066807, 0.48932646631052573, 0.9761951272962537, 0.0, 0.2018965179946554],
    );
}

/// What is beyond a bound is at it; a bound outside of the support changes nothing.
#[test]
fn ends() {
    let base = Exponential::new(0.5).unwrap();
    let law = Censored::new(base, 1.0, 3.0).unwrap();
    assert_eq!(law.support(), (1.0, 3.0));
    assert_eq!((law.quantile(1e-3), law.isf(1e-3), law.median()), (1.0, 3.0, base.median()));
    close(law.pdf(1.0), -(-0.5f64).exp_m1(), 1e-15);
    close(law.ln_pdf(3.0), -1.5, 1e-15);
    assert_eq!((law.cdf(0.99), law.cdf(1.0), law.cdf(3.0), law.sf(2.999) > 0.2), (0.0, base.cdf(1.0), 1.0, true));
    assert_eq!(law.mode(), None);
    let free = Censored::new(base, 0.0, INF).unwrap();
    assert_eq!((free.support(), free.mode(), free.ln_pdf(0.0)), ((0.0, INF), Some(0.0), base.ln_pdf(0.0)));
    close(free.mean().unwrap(), 2.0, 1e-12);
    close(free.entropy(), base.entropy(), 1e-11);
    // all of the mass at one bound
    for (lower, upper, at) in [(-2.0, -1.0, -1.0), (1e6, 2e6, 1e6)] {
        let law = Censored::new(base, lower, upper).unwrap();
        assert_eq!((law.median(), law.mean(), law.variance(), law.entropy()), (at, Some(at), Some(0.0), 0.0));
        assert_eq!((law.pdf(at), law.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1))), (1.0, at));
    }
    // moments that are not finite
    let cauchy = Cauchy::new(0.0, 1.0).unwrap();
    assert!(Censored::new(cauchy, -1.0, 1.0).unwrap().mean().unwrap().abs() < 1e-15);
    assert_eq!(Censored::new(cauchy, -1.0, INF).unwrap().mean(), None);
    for bad in [f64::NAN, 3.0, 4.0] {
        assert_eq!(Censored::new(base, bad, 3.0).unwrap_err().parameter(), "lower");
    }
}

#[test]
fn order_and_ends_of_laws_with_masses() {
    let normal = Normal::new(0.3, 1.2).unwrap();
    for (lower, upper) in [(-0.5, 1.0), (-INF, 0.2), (5.0, INF), (-50.0, 60.0)] {
        verify::law(&Censored::new(normal, lower, upper).unwrap()).check_order().unwrap();
    }
    verify::law(&Censored::new(Beta::new(0.3, 0.4).unwrap(), 0.1, 2.0).unwrap()).check_order().unwrap();
    for at in [0.0, -3.5, 1e150] {
        verify::law(&Delta::new(at).unwrap()).check_order().unwrap();
        verify::family::<Delta<f64>>(&[at]).check_values().unwrap();
    }
    verify::family::<Delta<f64>>(&[2.0]).check_derivatives().unwrap();
}

/// Draws at the bounds and below a point between them, as often as they should be; one value in every scalar.
#[test]
fn draws() {
    let law = Censored::new(Gamma::new(2.0, 1.0).unwrap(), 1.0, 2.5).unwrap();
    let [shape, rate, lower, upper] = Jet::second_order([2.0, 1.0, 1.0, 2.5]);
    let dual = Censored::new(Gamma::new(shape, rate).unwrap(), lower, upper).unwrap();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut same = Xoshiro256PlusPlus::seed_from_u64(3);
    let mut counts = [0.0; 3];
    const DRAWS: usize = 100_000;
    for i in 0..DRAWS {
        let z = law.sample(&mut rng);
        if i < 1000 {
            assert_eq!(z.to_bits(), dual.sample(&mut same).re().to_bits());
        }
        for (count, is) in counts.iter_mut().zip([z == 1.0, z <= 1.7, z == 2.5]) {
            *count += f64::from(u8::from(is));
        }
    }
    for (count, p) in counts.into_iter().zip([law.pdf(1.0), law.cdf(1.7), law.pdf(2.5)]) {
        let n = DRAWS as f64;
        assert!((count / n - p).abs() < 5.0 * (p * (1.0 - p) / n).sqrt(), "{} for {p}", count / n);
    }
}

/// dE[X]/dθ by draws against the derivatives of the mean: F(lower) and 1 - F(upper) for the bounds, those of the base's parameters
/// by draws and by scores.
#[test]
fn mean_derivatives() {
    let point = [0.3, 1.2, -0.5, 1.0];
    let [mean, std_dev, lower, upper] = Jet::<f64, 4>::variables(point);
    let law = Censored::new(Normal::new(mean, std_dev).unwrap(), lower, upper).unwrap();
    let want = law.mean().unwrap().eps;
    close(want[2], law.cdf(lower).re, 1e-12);
    close(want[3], law.pdf(upper).re, 1e-12);
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
    let draws: Vec<[f64; 4]> = (0..40_000).map(|_| law.sample(&mut rng).eps).collect();
    for i in 0..4 {
        let test = verify::mean_of(draws.iter().map(|eps| eps[i]));
        assert!(test.sigmas(want[i]).abs() < 5.0, "{test:?} for {}", want[i]);
    }
    let scores: Vec<[f64; 4]> = (0..40_000).map(|_| score(&law, &mut rng).term().eps).collect();
    for i in 0..2 {
        let test = verify::mean_of(scores.iter().map(|eps| eps[i]));
        assert!(test.sigmas(want[i]).abs() < 5.0, "score: {test:?} for {}", want[i]);
    }
}

/// Observations in intervals: ln(F(b) - F(a)) and its derivative, also far out.
#[test]
fn intervals() {
    let [rate] = Jet::variables([2.0]);
    let law = Censored::new(Exponential::new(rate).unwrap(), Jet::from(-INF), Jet::from(INF)).unwrap();
    // e^(-λ a) (1 - e^(-λ d)): derivative -a + d e^(-λ d)/(1 - e^(-λ d))
    for (a, d) in [(0.0f64, 0.5f64), (1.0, 1e-3), (300.0, 2.0)] {
        let got = law.ln_probability(Jet::from(a), Jet::from(a + d));
        let d = (a + d) - a;
        close(got.re, -2.0 * a + (-(-2.0 * d).exp_m1()).ln(), 1e-12);
        let decay = (-2.0 * d).exp();
        close(got.eps[0], -a + d * decay / (1.0 - decay), 1e-9);
    }
    assert!(law.ln_probability(Jet::from(2.0), Jet::from(1.0)).re.is_nan());
    assert_eq!(law.ln_probability(Jet::from(1.0), Jet::from(1.0)).re, -INF);
}

#[test]
fn point_mass() {
    let law = Delta::new(2.0).unwrap();
    assert_eq!((law.cdf(1.9), law.cdf(2.0), law.sf(2.0), law.ln_pdf(2.0), law.pdf(2.1)), (0.0, 1.0, 0.0, 0.0, 0.0));
    assert_eq!((law.quantile(0.0), law.isf_ln(-700.0), law.entropy()), (2.0, 2.0, 0.0));
    assert!(law.quantile(1.5).is_nan() && law.quantile_ln(0.1).is_nan() && law.cdf(f64::NAN).is_nan());
    assert_eq!((law.kl_divergence(&law), law.kl_divergence(&Delta::new(3.0).unwrap())), (0.0, INF));
}
