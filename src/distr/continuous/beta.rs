//! The beta law.

use crate::distr::form::of_logit::{
    BetaLogit, FromLogit, LogitLift, LogitNoise, OfLogit, Place, prepared_by_logit, unit_draw,
};
use crate::distr::form::{NearEnd, law_of, share};
use crate::distr::{KlDivergence, parameters};
use crate::parameter::LawError;
use crate::scalar::Scalar;
use crate::special::UnitPoint;

/// The [beta law](https://en.wikipedia.org/wiki/Beta_distribution) with shapes α, the power at 0, and β, the power at 1.
///
/// # Density function
/// f(x) = x^(α-1) (1 - x)^(β-1) / B(α, β) for 0 <= x <= 1.
///
/// # Derivatives
/// Of a draw at fixed u = F(z): dz/dα = -(∂F/∂α) / f, dz/dβ = -(∂F/∂β) / f. With θ = logit z it is z (1 - z) dθ/dα, and
/// dθ/dα is a quotient of series in which no power of z occurs (DLMF 8.17.7, 8.17.8 and 8.17.22, for large shapes
/// Temme's uniform expansion): relative errors are of the order of 1e-14, at whole shapes too. Second and higher derivatives
/// follow by Newton's method in the caller's arithmetic. Defined everywhere; where a draw rounds to 0 or 1, they are 0.
///
/// # Example
/// ```
/// use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};
/// use reparam::prelude::*;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [alpha, beta] = Jet::variables([3.0, 1.0]);
/// let z = Beta::new(alpha, beta)?.sample(&mut Xoshiro256PlusPlus::seed_from_u64(1));
/// // u = z^α
/// assert!((z.eps[0] + z.re * z.re.ln() / 3.0).abs() < 1e-15);
/// # Ok(()) }
/// ```
///
/// # Notes
/// A draw is G_α / (G_α + G_β) of two gamma variables. With shapes far below 1 most draws are next to 0 or 1 and many round to an end:
/// [`LogitBeta`](crate::distr::LogitBeta) draws logit z, which does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta<S> {
    alpha: S,
    beta: S,
    theta: BetaLogit<S>,
}

parameters! {
    Beta, "beta", "a beta law";
    /// The law with shapes `alpha` and `beta`.
    ///
    /// ```
    /// use reparam::distr::Beta;
    /// assert!(Beta::new(2.0, 3.0).is_ok());
    /// assert_eq!(Beta::new(2.0, 0.0).unwrap_err().parameter(), "beta");
    /// ```
    new(alpha: [1e-100, 1e100], beta: [1e-100, 1e100]) => Beta { alpha, beta, theta: BetaLogit::new(alpha, beta) }
}

impl<S: Scalar> FromLogit<S> for Beta<S> {
    fn theta(&self) -> &BetaLogit<S> {
        &self.theta
    }
    fn at(&self, theta: S) -> S {
        theta.sigmoid()
    }
    #[inline(always)]
    fn at_draw(&self, by: &impl LogitLift<S>, noise: LogitNoise) -> S {
        unit_draw(by, noise)
    }
    fn ends(&self) -> (S, S) {
        (S::from(0.0), S::from(1.0))
    }
    fn place(&self, x: S) -> Place<S> {
        Place::in_unit(x)
    }
    fn ln_pdf_inside(&self, _: S, at: UnitPoint<S>) -> S {
        self.theta.ln_pdf_of_unit(at)
    }
    fn near_end(&self, upper: bool, d: S) -> Option<NearEnd<S>> {
        self.theta.near_end_of_unit(upper, d)
    }
    /// ln B(α, β) - (α - 1) (ψ(α) - ψ(α + β)) - (β - 1) (ψ(β) - ψ(α + β))
    fn surprise(&self) -> S {
        self.theta.entropy() - self.theta.minus_mean_ln_x() - self.theta.minus_mean_ln_y()
    }
}

law_of!(
    Beta,
    |law| OfLogit(law),
    moments {
        fn mean(&self) -> Option<S> {
            Some(share(self.alpha, self.beta))
        }
        /// α β / ((α + β)² (α + β + 1))
        fn variance(&self) -> Option<S> {
            let sum = self.alpha + self.beta;
            Some(share(self.alpha, self.beta) * share(self.beta, self.alpha).over(sum + 1.0))
        }
        /// (α - 1) / (α + β - 2) where both shapes are at least 1 and not both 1.
        fn mode(&self) -> Option<S> {
            let (a, b) = (self.alpha - 1.0, self.beta - 1.0);
            let exists = a.re() >= 0.0 && b.re() >= 0.0 && a.re() + b.re() > 0.0;
            exists.then(|| share(a, b))
        }
    }
);
prepared_by_logit!(Beta);

impl<S: Scalar> KlDivergence<S> for Beta<S> {
    /// ln(B(α₂, β₂)/B(α₁, β₁)) + (α₁ - α₂) (ψ(α₁) - ψ(α₁ + β₁)) + (β₁ - β₂) (ψ(β₁) - ψ(α₁ + β₁))
    fn kl_divergence(&self, other: &Self) -> S {
        self.theta.kl_divergence(&other.theta)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distr::Continuous;
    use crate::scalar::Jet;
    use rand::distr::Distribution;
    use rand_xoshiro::{Xoshiro256PlusPlus, rand_core::SeedableRng};

    #[track_caller]
    fn close(got: f64, want: f64, bound: f64) {
        assert!((got - want).abs() <= bound * want.abs(), "{got:e}, not {want:e}");
    }

    #[test]
    fn entropy_and_divergence() {
        // `tests/reference/make_beta_laws.py` prints these
        let law = Beta::new(2.0, 3.0).unwrap();
        close(law.entropy(), -0.234_906_649_788_000_3, 1e-14);
        close(Beta::new(0.3, 40.0).unwrap().entropy(), -4.743_660_992_614_627, 1e-14);
        close(Beta::new(1e-3, 1e-3).unwrap().entropy(), -991.4023785712345, 1e-14);
        close(law.kl_divergence(&Beta::new(0.7, 5.0).unwrap()), 1.3981934049693662, 1e-14);
        close(law.kl_divergence(&Beta::new(3.0, 1.5).unwrap()), 0.811_868_355_203_591_5, 1e-14);
        assert_eq!((law.mean(), law.variance(), law.mode()), (Some(0.4), Some(0.4 * 0.6 / 6.0), Some(1.0 / 3.0)));
    }

    #[test]
    fn ends() {
        let law = Beta::new(1.0, 0.5).unwrap();
        assert_eq!((law.pdf(0.0), law.pdf(1.0)), (0.5, f64::INFINITY));
        assert_eq!((law.cdf(-1.0), law.cdf(2.0), law.ln_sf(1.0)), (0.0, 1.0, f64::NEG_INFINITY));
        // F = 1 - (1 - x)^(1/2)
        close(law.quantile(1e-300), 2e-300, 1e-13);
        assert_eq!((law.quantile(0.0), law.quantile(1.0), law.isf(1.0)), (0.0, 1.0, 0.0));
    }

    /// d/dα and d/dβ of E[z + z²] at α = β = 1 are 17/36 and -19/36.
    #[test]
    fn pathwise_gradient_at_whole_shapes() {
        let [a, b] = Jet::variables([1.0, 1.0]);
        let law = Beta::new(a, b).unwrap();
        const N: usize = 4000;
        let mut sum = [0.0; 2];
        for i in 0..N {
            let z = law.quantile(((i as f64 + 0.5) / N as f64).into());
            let cost = z + z * z;
            sum = [sum[0] + cost.eps[0], sum[1] + cost.eps[1]];
        }
        // the error of the midpoint rule is of the order of ln N / N²
        close(sum[0] / N as f64, 17.0 / 36.0, 1e-6);
        close(sum[1] / N as f64, -19.0 / 36.0, 1e-6);
    }

    #[test]
    fn hard_shapes_draw_no_nan() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let shapes = [1e-100, 1e-3, 0.5, 1.0, 1.5, 20.0, 66575.0, 1e15, 1e100];
        for (a, b) in shapes.iter().flat_map(|&a| shapes.map(|b| (a, b))) {
            let [x, y] = Jet::second_order([a, b]);
            let law = Beta::new(x, y).unwrap();
            for _ in 0..20 {
                let (z, gradient, hessian) = law.sample(&mut rng).hessian();
                let numbers = gradient.iter().chain(hessian.as_flattened());
                assert!(
                    (0.0..=1.0).contains(&z) && !numbers.into_iter().any(|e| e.is_nan()),
                    "{a:e} {b:e} {z:e} {gradient:?} {hessian:?}"
                );
            }
        }
    }

    #[test]
    fn refuses() {
        assert_eq!(Beta::new(f64::NAN, 1.0).unwrap_err().parameter(), "alpha");
        assert_eq!(Beta::new(1.0, f64::INFINITY).unwrap_err().parameter(), "beta");
    }
}
