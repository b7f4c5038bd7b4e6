//! The objectives of variational inference in reverse mode: those in jets, to rounding.

use reparam::distr::LawError;
use reparam::prelude::*;
use reparam::{estimate, objective};
use reparam_adjoint::Var;

/// Twenty independent effects with a mean and a scale each, the prior's mean, and data with errors; three bounds.
fn bounds<S: Scalar>(theta: &[S], chance: &mut impl Chance<S>) -> Result<Vec<S>, LawError> {
    let (means, rest) = theta.split_at(20);
    let (ln_sds, prior) = (&rest[..20], rest[20]);
    let q: Vec<Normal<S>> =
        means.iter().zip(ln_sds).map(|(mean, ln_sd)| Normal::new(*mean, ln_sd.exp())).collect::<Result<_, _>>()?;
    let ln_p = |z: &Vec<S>| -> Result<S, LawError> {
        let (law, error) = (Normal::new(prior, S::from(1.0))?, S::from(0.7));
        let each = z.iter().enumerate().map(|(j, z)| -> Result<S, LawError> {
            Ok(law.ln_pdf(*z) + Normal::new(*z, error)?.ln_pdf(S::from(0.1 * j as f64)))
        });
        each.sum::<Result<Total<S>, LawError>>().map(|sum| sum.0)
    };
    Ok(vec![
        objective::sticking_the_landing(&q, ln_p, chance)?,
        objective::importance_weighted(&q, 4, ln_p, chance)?,
        objective::doubly_reparameterized(&q, 4, ln_p, chance)?,
    ])
}

/// A sum of scalars of any type.
struct Total<S>(S);

impl<S: Scalar> std::iter::Sum<S> for Total<S> {
    fn sum<I: Iterator<Item = S>>(iter: I) -> Self {
        Total(iter.fold(S::from(0.0), |sum, x| sum + x))
    }
}

#[test]
fn reverse_mode_has_the_gradients_of_forward_mode() {
    let theta: Vec<f64> = (0..41).map(|i| 0.3 * (1.7 * f64::from(i)).sin()).collect();
    let reverse = reparam_adjoint::pathwise(&theta, bounds::<Var>);
    let forward = estimate::pathwise_dyn(&theta, bounds);
    let (reverse, forward) = (reverse.samples(300).run_seed(1).unwrap(), forward.samples(300).run_seed(1).unwrap());
    assert_eq!(reverse.value, forward.value);
    for (a, b) in reverse.gradient.iter().zip(&forward.gradient) {
        assert_eq!((a.len(), b.len()), (41, 41));
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-11 * (1.0 + b.abs())), "{a:?}\n{b:?}");
    }
}

/// At the posterior no noise is left in reverse mode either.
#[test]
fn the_landing_is_met_in_reverse_mode() {
    // precision 1 + 1/0.49, and the prior's mean in the middle of the data
    let precision: f64 = 1.0 + 1.0 / 0.49;
    let means = (0..20).map(|j| (0.95 + 0.1 * f64::from(j) / 0.49) / precision);
    let theta: Vec<f64> = means.chain((0..20).map(|_| -0.5 * precision.ln())).chain([0.95]).collect();
    let e = reparam_adjoint::pathwise(&theta, bounds::<Var>);
    let e = e.samples(300).run_seed(1).unwrap();
    for k in [0, 2] {
        // the derivative in the model's parameter is a mean of z, which has noise
        assert!(e.gradient_se[k][..40].iter().all(|se| *se < 1e-12), "{:?}", e.gradient_se[k]);
        assert!(e.gradient[k][..40].iter().all(|d| d.abs() < 1e-12), "{:?}", e.gradient[k]);
        let (d, se) = (e.gradient[k][40], e.gradient_se[k][40]);
        assert!(d.abs() < 5.0 * se, "{d} ± {se}");
    }
}
