//! Laws and programs whose instructions are counted. They are made here, outside of what is counted.

use nalgebra::{Const, SMatrix, SVector};
use reparam::distr::Family;
use reparam::prelude::*;
use std::array;

/// A law in `f64`.
pub fn plain<F: Family>(parameters: &[f64]) -> F::Law<f64> {
    F::law(parameters).expect("valid parameters")
}

/// Parameters in jets of N partials, of which parameter k moves the one at k modulo N.
fn jets<const N: usize>(parameters: &[f64]) -> Vec<Jet<f64, N>> {
    parameters.iter().enumerate().map(|(k, x)| Jet::variable(*x, k % N)).collect()
}

/// A law in jets of N partials.
pub fn jet<F: Family, const N: usize>(parameters: &[f64]) -> F::Law<Jet<f64, N>> {
    F::law(&jets(parameters)).expect("valid parameters")
}

/// A law with all second derivatives in two parameters.
pub fn second<F: Family>(parameters: [f64; 2]) -> F::Law<Jet<Jet<f64, 2>, 2>> {
    F::law(&Jet::second_order(parameters)).expect("valid parameters")
}

/// A Dirichlet law of five components.
pub fn dirichlet() -> Dirichlet<Jet<f64, 5>, Const<5>> {
    Dirichlet::new(SVector::from(Jet::variables([2.0, 3.0, 4.0, 5.0, 6.0]))).expect("valid parameters")
}

/// A normal law of vectors of three numbers, whose factor depends on three variables.
pub fn multivariate_normal() -> MultivariateNormal<Jet<f64, 3>, Const<3>> {
    let t = Jet::variables([1.5, 0.5, 4.0]);
    let factor = SMatrix::from_fn(|i, j| if j <= i { t[i - j] } else { Jet::from(0.0) });
    MultivariateNormal::from_cholesky(SVector::from(t), factor).expect("valid parameters")
}

/// A mixture of three normal laws, whose weights, means and deviations depend on three variables.
pub fn mixture<S: Scalar>(t: [S; 3]) -> Mixture<S, [Normal<S>; 3]> {
    let laws = array::from_fn(|k| Normal::new(t[k], t[(k + 1) % 3]).expect("valid parameters"));
    Mixture::new(t, laws).expect("valid parameters")
}

/// The steps until a walk leaves -3, ..., 3.
pub fn exit_time() -> impl Program<Theta = [f64; 1], Output = f64> + Copy {
    program!(|[p]: [S; 1], chance| -> S {
        let (mut x, mut steps) = (0i32, 0.0);
        while x.abs() <= 3 {
            x += if chance.bernoulli(p) { 1 } else { -1 };
            steps += 1.0;
        }
        S::from(steps)
    })
}

/// The payoff of a call on the mean of twelve prices.
pub fn call() -> impl Program<Theta = [f64; 2], Output = f64> + Copy {
    program!(|[spot, volatility]: [S; 2], chance| -> S {
        let (mut x, mut sum) = (spot.ln(), S::from(0.0));
        let dt: f64 = 1.0 / 12.0;
        for _ in 0..12 {
            x += volatility * (chance.normal() * dt.sqrt()) - volatility * volatility * (0.5 * dt);
            sum += x.exp();
        }
        (sum / 12.0 - 100.0).max(S::from(0.0))
    })
}

/// The softplus of a sum of lognormal prices, one for each volatility.
pub fn basket() -> impl Program<Theta = [f64], Output = f64> + Copy {
    program!(|volatilities: &[S], chance| -> S {
        let prices = volatilities.iter().map(|v| (*v * chance.normal() - *v * *v * 0.5).exp());
        (prices.fold(S::from(0.0), |sum, price| sum + price) / volatilities.len() as f64 - 1.0).softplus()
    })
}

/// Coins with a parameter each: how many show heads.
pub fn coins() -> impl Program<Theta = [f64], Output = f64> + Copy {
    program!(|p: &[S], chance| -> S { S::from(p.iter().filter(|p| chance.bernoulli(**p)).count() as f64) })
}
