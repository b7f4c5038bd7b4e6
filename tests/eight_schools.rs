//! The example `eight_schools`: its parser, its exact posterior and its fit.

#[path = "../examples/eight_schools/data.rs"]
mod data;
#[path = "../examples/eight_schools/exact.rs"]
mod exact;
#[path = "../examples/eight_schools/model.rs"]
mod model;

use exact::Summary;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
use reparam::distr::Continuous;
use reparam::estimate;
use reparam::scalar::Jet;

fn schools() -> Vec<data::School> {
    data::parse(include_bytes!("../examples/data/eight_schools.csv")).unwrap()
}

/// posteriordb's means are those of 10000 draws: 5 standard errors of each.
#[test]
fn exact_posterior_is_that_of_posteriordb() {
    let p = exact::posterior(&schools());
    let close = |exact: Summary, mean: f64| {
        assert!((exact.mean - mean).abs() < 5.0 * exact.std_dev / 100.0, "{exact:?} {mean}");
    };
    close(p.mu, 4.411);
    close(p.tau, 3.602);
    for (theta, mean) in p.theta.iter().zip([6.151, 4.940, 3.906, 4.796, 3.614, 4.051, 6.317, 4.884]) {
        close(*theta, mean);
    }
    assert!((p.below(f64::INFINITY) - 1.0).abs() < 1e-12);
}

/// The bound holds and is close: the divergence of the best Gaussian is 0.22, and nothing the fit reports is off by more
/// than that explains.
#[test]
fn the_fit_is_near_the_posterior() {
    let schools = schools();
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut steps = 0;
    let q = model::fit(&schools, 2000, 50, &mut rng, |_| steps += 1).unwrap();
    assert_eq!((steps, q.len()), (2000, 65));
    let f = |[]: [Jet<f64, 0>; 0], rng: &mut _| Jet::constant(model::elbo(&q, &schools, rng).unwrap());
    let elbo = estimate::pathwise([], f).samples(200_000).run(&mut rng).unwrap();
    let exact = exact::posterior(&schools);
    let divergence = exact.ln_evidence - elbo.value;
    assert!((0.2..0.26).contains(&divergence), "{divergence} ± {}", elbo.value_se);

    let fitted = model::Fitted::new(&q, &schools, 100_000, &mut rng).unwrap();
    let near = |fitted: Summary, exact: Summary| {
        assert!((fitted.mean - exact.mean).abs() < 0.25 * exact.std_dev, "{fitted:?} {exact:?}");
        assert!((0.7..1.1).contains(&(fitted.std_dev / exact.std_dev)), "{fitted:?} {exact:?}");
    };
    near(fitted.mu, exact.mu);
    near(fitted.tau, exact.tau);
    fitted.theta.iter().zip(&exact.theta).for_each(|(f, e)| near(*f, *e));
    // what a Gaussian in ln tau cannot have
    assert!(exact.below(0.1f64.ln()) > 10.0 * fitted.ln_tau.cdf(0.1f64.ln()));
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    /// No text makes the parser panic, and its errors name a line of the text.
    #[test]
    fn errors_name_a_line_that_is_there(
        header in prop::sample::select(vec!["", "school,effect,standard_error\n", "#\r\n\nschool,effect,standard_error\r\n"]),
        rows in "[a-c0-2,\"# .é\\r\\n-]{0,60}",
    ) {
        let text = format!("{header}{rows}");
        if let Err(e) = data::parse(text.as_bytes()) {
            prop_assert!((1..=text.split('\n').count()).contains(&e.line), "{e}");
        }
    }

    #[test]
    fn bytes_do_not_panic(bytes: Vec<u8>) {
        let _ = data::parse(&bytes);
    }
}
