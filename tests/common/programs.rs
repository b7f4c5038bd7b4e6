//! Programs whose expectations and gradients are known in closed form, for tests of estimators and tables of their cost.

use reparam::prelude::*;

/// What is exact, with its derivatives.
pub fn exact_at<const N: usize>(theta: [f64; N], f: impl Fn([Jet<f64, N>; N]) -> Jet<f64, N>) -> Jet<f64, N> {
    f(Jet::variables(theta))
}

/// Calls a macro with name, parameters, program, and the exact expectation as a function of jets.
#[macro_export]
macro_rules! for_each_known_program {
    ($one:ident) => {
        $one!(
            "square of a normal",
            [0.3, 1.2],
            program!(|[mean, std_dev]: [S; 2], chance| -> S { (mean + std_dev * chance.normal()).powi(2) }),
            |[mean, std_dev]| mean * mean + std_dev * std_dev
        );
        $one!(
            "lognormal",
            [0.2, 0.6],
            program!(|[mu, sigma]: [S; 2], chance| -> S { (mu + sigma * chance.normal()).exp() }),
            |[mu, sigma]| (mu + sigma * sigma * 0.5).exp()
        );
        $one!(
            "gamma",
            [2.5, 1.5],
            program!(|[shape, rate]: [S; 2], chance| -> Result<S, LawError> {
                Ok(chance.draw(&Gamma::new(shape, rate)?).powi(2))
            }),
            |[shape, rate]| shape.over(rate) * (shape + 1.0).over(rate)
        );
        $one!(
            "call option",
            [100.0, 0.2],
            program!(|[spot, vol]: [S; 2], chance| -> S {
                ((vol * chance.normal() - vol * vol * 0.5).exp() * spot - 100.0).max(S::from(0.0))
            }),
            |[spot, vol]| {
                let d = (spot / 100.0).ln().over(vol) + vol * 0.5;
                spot * special::normal_cdf(d) - special::normal_cdf(d - vol) * 100.0
            }
        );
        $one!(
            "sum of twenty normals",
            [0.1, 0.5],
            program!(|[drift, vol]: [S; 2], chance| -> S {
                let mut x = S::from(0.0);
                for _ in 0..20 {
                    x += drift * 0.05 + vol * chance.normal() * 0.05f64.sqrt();
                }
                x.exp()
            }),
            |[drift, vol]| (drift + vol * vol * 0.5).exp()
        );
        $one!(
            "fifty coins",
            [0.3],
            program!(|[p]: [S; 1], chance| -> S { S::from((0..50).filter(|_| chance.bernoulli(p)).count() as f64) }),
            |[p]| p * 50.0
        );
        $one!(
            "exit time",
            [0.6],
            program!(|[up]: [S; 1], chance| -> S {
                let (mut x, mut steps) = (0i32, 0.0);
                while x.abs() <= 3 {
                    x += if chance.bernoulli(up) { 1 } else { -1 };
                    steps += 1.0;
                }
                S::from(steps)
            }),
            |[up]| {
                let odds = (-up + 1.0).over(up).powi(4);
                ((odds + 1.0).recip() * 2.0 - 1.0).over(up * 2.0 - 1.0) * 4.0
            }
        );
        $one!(
            "one of three",
            [0.3],
            program!(|[p]: [S; 1], chance| -> S {
                S::from([3.5, 5.2, 8.4][chance.categorical(&[p * 0.5, p * 0.5, -p + 1.0])])
            }),
            |[p]| p * 4.35 + (-p + 1.0) * 8.4
        );
        $one!(
            "cube of a binomial",
            [0.4],
            program!(|[p]: [S; 1], chance| -> S { S::from((chance.binomial(5, p) as f64).powi(3)) }),
            |[p]| p * 5.0 + p * p * 60.0 + p * p * p * 60.0
        );
        $one!(
            "nested binomials",
            [0.6, 0.3],
            program!(|[p, q]: [S; 2], chance| -> S {
                let k = chance.binomial(100, p);
                S::from(chance.binomial(k, q) as f64)
            }),
            |[p, q]| p * q * 100.0
        );
        $one!(
            "empty Poisson",
            [2.0],
            program!(|[rate]: [S; 1], chance| -> S { S::from(if chance.poisson(rate) == 0 { 1.0 } else { 0.0 }) }),
            |[rate]| (-rate).exp()
        );
        $one!(
            "above a threshold, as a choice",
            [0.5],
            program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
                let (above, loss) = chance.threshold(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
                Ok(if above { loss } else { S::from(0.0) })
            }),
            |[mean]| {
                let beyond = -mean + 1.0;
                mean * special::normal_cdf(-beyond) + (-beyond * beyond * 0.5).exp() / (2.0 * PI).sqrt()
            }
        );
        $one!(
            "above a threshold, as a weight",
            [0.5],
            program!(|[mean]: [S; 1], chance| -> Result<S, LawError> {
                let (loss, ln_above) = chance.threshold_weight(&Normal::new(mean, S::from(1.0))?, S::from(1.0));
                Ok(loss * ln_above.exp())
            }),
            |[mean]| {
                let beyond = -mean + 1.0;
                mean * special::normal_cdf(-beyond) + (-beyond * beyond * 0.5).exp() / (2.0 * PI).sqrt()
            }
        );
        $one!(
            "a coin of random bias",
            [2.0, 3.0],
            program!(|[alpha, beta]: [S; 2], chance| -> Result<S, LawError> {
                let p = chance.draw(&Beta::new(alpha, beta)?);
                Ok(S::from((0..10).filter(|_| chance.bernoulli(p)).count() as f64))
            }),
            |[alpha, beta]| alpha.over(alpha + beta) * 10.0
        );
        $one!(
            "a population that dies out",
            [0.3],
            program!(|[death]: [S; 1], chance| -> S {
                let mut alive = 200u64;
                for _ in 0..5 {
                    alive -= chance.binomial(alive, death);
                }
                S::from(alive as f64)
            }),
            |[death]| (-death + 1.0).powi(5) * 200.0
        );
    };
}
