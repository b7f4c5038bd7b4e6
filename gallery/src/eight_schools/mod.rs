//! Variational inference for Rubin's eight schools: a full-rank Gaussian fitted by pathwise gradients.
//!
//! Eight schools report the effect y_j of coaching with a standard error s_j. The model is
//!
//! ```text
//! y_j ~ N(theta_j, s_j),  theta_j = mu + tau eta_j,  eta_j ~ N(0, 1),  mu ~ N(0, 5),  tau ~ HalfCauchy(5).
//! ```
//!
//! A Gaussian over z = (mu, ln tau, eta), with 10 means and the 55 entries of a Cholesky factor, is fitted by maximizing
//! ELBO = E[ln p(y, z)] + entropy. Each draw of z knows how it moves with all of them, so a hundred draws a step give a
//! gradient that a score function would need many thousands for. The number of parameters grows with the square of the
//! number of schools; the chain rule through the draw is a line by hand, and what is differentiated has three partials.

/// The most schools: beyond, the millions of entries of a full Cholesky factor take hours.
pub const MOST: usize = 1000;

pub mod data;
pub mod exact;
pub mod model;
pub mod picture;

/// The posterior means of posteriordb (`eight_schools-eight_schools_noncentered`), those of 10000 draws.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The effects.
    pub theta: [f64; 8],
    /// Their mean.
    pub mu: f64,
    /// Their standard deviation.
    pub tau: f64,
}

/// The reference for Rubin's data.
pub const REFERENCE: Reference =
    Reference { theta: [6.151, 4.940, 3.906, 4.796, 3.614, 4.051, 6.317, 4.884], mu: 4.411, tau: 3.602 };

#[cfg(test)]
mod tests {
    use super::*;
    use exact::Summary;
    use gallery::Generator;
    use rand_xoshiro::rand_core::SeedableRng;
    use reparam::estimate;
    use reparam::prelude::*;

    fn schools() -> Vec<data::School> {
        data::read(None).unwrap()
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
        let mut rng = Generator::seed_from_u64(2);
        let mut steps = 0;
        let q = model::fit(&schools, 2000, 50, &mut rng, |_| steps += 1).unwrap();
        assert_eq!((steps, q.len()), (2000, 65));
        let f = |[]: [Jet<f64, 0>; 0], rng: &mut _| Jet::constant(model::elbo(&q, &schools, rng).unwrap());
        let elbo = estimate::pathwise([], f).samples(200_000).run(&mut rng).unwrap();
        let exact = exact::posterior(&schools);
        let divergence = exact.ln_evidence - elbo.value;
        assert!((0.2..0.26).contains(&divergence), "{divergence} ± {}", elbo.value_se);

        let fitted = model::Fitted::new(&q, &schools).unwrap();
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
}
